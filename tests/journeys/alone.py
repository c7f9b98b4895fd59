"""A working day in a network of its own with nothing in it: what the program asked of the network.

Run below ``unshare --net``: ``python tests/journeys/alone.py STORE OUT [knock|tour]``. Prints as
JSON what the system counted: connections tried and taken, packets sent, ways that were asked for
and not found, and sockets that listen. ``knock`` connects to somewhere first, to show that it counts.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

COUNTED = {
    "Ip": ("OutRequests", "OutNoRoutes", "InReceives"),
    "Tcp": ("ActiveOpens", "PassiveOpens"),
    "Udp": ("OutDatagrams", "InDatagrams"),
}


def counted() -> dict[str, int]:
    """What this network has seen since it was made."""
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines()]
    found: dict[str, int] = {}
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        row = dict(zip(names[1:], values[1:], strict=True))
        kind = names[0].rstrip(":")
        found |= {f"{kind}.{name}": int(row[name]) for name in COUNTED.get(kind, ())}
    with contextlib.suppress(FileNotFoundError):  # a system without it
        for line in Path("/proc/net/snmp6").read_text().splitlines():
            name, value = line.split()
            if name in ("Ip6OutNoRoutes", "Udp6OutDatagrams"):
                found[name] = int(value)
    return found


def sockets() -> list[str]:
    """Lines of every socket of the internet protocols in this network, whoever opened it."""
    found = []
    for name in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
        with contextlib.suppress(FileNotFoundError):
            found += Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    return found


class Watch(threading.Thread):
    """Looks many times a second for a socket, however short it lives."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[str] = set()
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.02):
            self.seen.update(line.split()[1] for line in sockets())


def work(store: Path, out: Path) -> None:
    """Take in, look, count, sign, export, back up; then the window with its sign-in page."""
    from clinic_day import Clinic, DeskClock
    from PySide6.QtCore import QTimer
    from test_canary import journey

    from workstation import bootstrap, showcase
    from workstation.ui.application import StoreDoors, application
    from workstation.ui.window import Window

    clock = DeskClock()
    clinic = Clinic(
        bootstrap.open_desk(store, showcase.LOGIN, showcase.PASSWORD, clock=clock), clock
    )
    journey(clinic, out / "sent")
    clinic.opened.close()
    app = application()
    window = Window(StoreDoors(store, demo=True))
    window.show()
    QTimer.singleShot(400, app.quit)
    app.exec()


def main() -> None:
    """Do it and print what was counted."""
    store, out, what = Path(sys.argv[1]), Path(sys.argv[2]), (*sys.argv[3:], "day")[0]
    watch = Watch()
    watch.start()
    if what == "knock":
        with socket.socket() as one, contextlib.suppress(OSError):
            one.connect(("203.0.113.7", 443))
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            one.listen()
            watch.ended.wait(0.3)
    elif what == "tour":
        subprocess.run(
            [sys.executable, "-m", "workstation", "tour", "--out", str(out)],
            check=True,
            env={**os.environ, "HOME": str(store)},
        )
    else:
        work(store, out)
    watch.ended.set()
    watch.join()
    print(json.dumps({**counted(), "sockets": sorted(watch.seen)}))


if __name__ == "__main__":
    main()
