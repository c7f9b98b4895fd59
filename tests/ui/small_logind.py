"""A small logind on a private bus: tells of locking and sleeping, and waits for who asked it to.

It reads ``lock``, ``sleep`` and ``wake`` lines and answers ``held`` or ``free`` to ``holds``.
"""

from __future__ import annotations

import asyncio
import os
import sys

from dbus_fast import BusType, Message
from dbus_fast.aio import MessageBus
from dbus_fast.constants import MessageType

SERVICE, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"


async def main() -> None:
    loop = asyncio.get_running_loop()
    bus = await MessageBus(bus_type=BusType.SYSTEM, negotiate_unix_fd=True).connect()
    holders: list[int] = []

    def asked(message: Message) -> Message | None:
        if message.message_type is MessageType.METHOD_CALL and message.member == "Inhibit":
            ours, theirs = os.pipe()
            os.set_blocking(ours, False)
            holders.append(ours)
            what, mode = message.body[0], message.body[3]
            assert (what, mode) == ("sleep", "delay")
            loop.call_later(1, os.close, theirs)  # it is sent by then
            return Message.new_method_return(message, "h", [0], unix_fds=[theirs])
        return None

    def holds() -> bool:
        """Whether anybody still keeps the computer from sleeping: the other end is closed when not."""
        for end in holders:
            try:
                if os.read(end, 1) == b"":
                    continue
            except BlockingIOError:
                return True
        return False

    bus.add_message_handler(asked)
    await bus.request_name(SERVICE)
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        match line.strip():
            case "lock":
                where, whose, name, signature, body = (
                    f"{PATH}/session/_31",
                    "Session",
                    "Lock",
                    "",
                    [],
                )
            case "sleep" | "wake" as what:
                where, whose, name, signature = PATH, "Manager", "PrepareForSleep", "b"
                body = [what == "sleep"]
            case _:
                print("held" if holds() else "free", flush=True)
                continue
        signal = Message.new_signal(where, f"{SERVICE}.{whose}", name, signature, body)
        await bus.send(signal)


asyncio.run(main())
