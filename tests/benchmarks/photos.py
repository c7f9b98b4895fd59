"""Time to the first pixels of a photo and memory over many consultations, printed with the limits.

Run by hand: ``python tests/benchmarks/photos.py [consultations]`` (default 500). The photo has 24
megapixels; decoding runs in the capped children as in the program, on the offscreen platform.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import clock_gettime, perf_counter, process_time, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.benchmarks.figures import Figure, resident, tell
from tests.ui.assess_world import Assessing, assessing
from workstation.adapters.photos.decoder import PhotoDecoder
from workstation.domain.ids import ConsultationId, PhotoId
from workstation.domain.photo import View
from workstation.presenters.pictures import Pictures
from workstation.ui.assess.page import AssessPage
from workstation.ui.commands import Commands
from workstation.ui.jobs import ThreadJobs
from workstation.ui.page import PageTools
from workstation.ui.photo.pyramid import Pyramid, build, cost
from workstation.ui.theme import theme

SIZE = (4000, 6000)
SCREEN = 1600  # pixels of the longer side that a fitted view needs
FRAME = 1000 / 60
REPEAT = 7
DETAIL = 1000.0  # all pixels on the screen, from when the consultation is opened


# Colorants of Display P3 for a D50 white, as telephones embed them: X, Y, Z of red, green, blue.
WIDE = {
    b"rXYZ": (0.515102, 0.241182, -0.001050),
    b"gXYZ": (0.291965, 0.692236, 0.041882),
    b"bXYZ": (0.157153, 0.066582, 0.784378),
}


def own_profile() -> bytes:
    """A colour profile with the wider colours of telephones, so that every pixel is converted."""
    from PIL import ImageCms

    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for coding in ("ascii", "utf-16-be"):
        made = made.replace("sRGB".encode(coding), "phon".encode(coding))
    for number in range(int.from_bytes(made[128:132], "big")):
        entry = made[132 + 12 * number : 144 + 12 * number]
        if (colour := WIDE.get(bytes(entry[:4]))) is not None:
            at = int.from_bytes(entry[4:8], "big") + 8
            made[at : at + 12] = b"".join(
                round(v * 65536).to_bytes(4, "big", signed=True) for v in colour
            )
    return bytes(made)


def photo(profile: bytes | None = None) -> bytes:
    """A JPEG of 24 megapixels with the grain of a camera's picture."""
    rng = np.random.default_rng(5)
    soft = rng.integers(70, 210, (SIZE[1] // 16, SIZE[0] // 16, 3), np.uint8)
    image = Image.fromarray(soft).resize(SIZE, Image.Resampling.BICUBIC)
    grain = rng.integers(-9, 10, (SIZE[1], SIZE[0], 1), np.int16)
    grainy = np.clip(np.asarray(image).astype(np.int16) + grain, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(grainy).save(out, "JPEG", quality=90, icc_profile=profile)
    return out.getvalue()


def scaled(content: bytes) -> None:
    """The best scaled decode there is here: Pillow's draft mode to the size of the view."""
    image = Image.open(io.BytesIO(content))
    image.draft("RGB", (SCREEN * SIZE[0] // SIZE[1], SCREEN))
    image.load()


def whole(content: bytes) -> None:
    """All pixels, in this process."""
    Image.open(io.BytesIO(content)).convert("RGBA").tobytes("raw", "BGRA")


def median(act: Callable[[], object]) -> float:
    """Median wall time in milliseconds."""
    return both(act)[0]


def both(act: Callable[[], object]) -> tuple[float, float]:
    """Median wall time and median processor time of this thread, in milliseconds.

    The second does not grow when other programs hold the processor.
    """
    wall, own = [], []
    for _ in range(REPEAT):
        start, cpu = perf_counter(), thread_time()
        act()
        wall.append((perf_counter() - start) * 1000)
        own.append((thread_time() - cpu) * 1000)
    return statistics.median(wall), statistics.median(own)


def of_children(decoder: PhotoDecoder) -> float:
    """Processor time that the decode children have taken so far, in milliseconds (Linux).

    The clock of a process counts its threads, those that have ended included.
    """
    clocks = (~child.process.pid << 3 | 2 for child in decoder._running)
    return sum(clock_gettime(clock) for clock in clocks) * 1000


@dataclass(frozen=True)
class Paired:
    """The same work of ours and of the limit, turn by turn, in milliseconds."""

    ours: float  # least wall time
    limit: float
    own_cpu: float  # least processor time, that of the children included
    limit_cpu: float
    ratio: float  # median over the turns of wall time over wall time


def paired(
    decoder: PhotoDecoder, ours: Callable[[], object], limit: Callable[[], object], turns: int = 9
) -> Paired:
    """Take turns, so that whatever else runs on the machine falls on both."""
    rows: list[tuple[float, float, float, float]] = []
    for _ in range(turns):
        row: list[float] = []
        for act in (ours, limit):
            start, cpu = perf_counter(), process_time() * 1000 + of_children(decoder)
            act()
            wall = (perf_counter() - start) * 1000
            row += [wall, process_time() * 1000 + of_children(decoder) - cpu]
        rows.append((row[0], row[2], row[1], row[3]))
    least = [min(column) for column in zip(*rows, strict=True)]
    return Paired(*least, statistics.median(row[0] / row[1] for row in rows))


def say_paired(what: str, found: Paired, most: float = 1.3) -> None:
    """Least wall times, least processor times, and the median of the ratios turn by turn."""
    say(what, found.ours, found.limit * most)
    say(f"{what}: processor time", found.own_cpu, found.limit_cpu * most)
    say(f"{what}: median of the ratios turn by turn", found.ratio, most, "x")


def say(what: str, figure: float, limit: float, unit: str = "ms") -> None:
    """One line: figure, limit, ratio."""
    tell(Figure(what, figure, unit, limit, "goal or limit of the same run"))


def until(app: QApplication, ready: Callable[[], bool]) -> None:
    """Run the event loop until something holds."""
    while not ready():
        app.processEvents()


def pages(world: Assessing, jobs: ThreadJobs) -> AssessPage:
    """The Assess page at the reference size."""
    page = AssessPage(world.presenter, PageTools(Commands(), jobs, lambda *_: None, lambda _: None))
    page.resize(1376, 775)
    page.show()
    return page


def first_pixels(app: QApplication, page: AssessPage) -> float:
    """From the page being shown to the photo on it."""
    page.leave()
    start = perf_counter()
    page.enter()
    until(app, lambda: page.canvas.pyramid is not None)
    page.canvas.repaint()
    return (perf_counter() - start) * 1000


def full_detail(app: QApplication, page: AssessPage) -> float:
    """From the page being shown to all pixels of the photo on it, asked for as soon as it is seen."""
    first_pixels(app, page)
    start = perf_counter()
    page.leave()
    page.enter()
    until(app, lambda: page.canvas.pyramid is not None)
    page.canvas.setFocus()
    QTest.keyClick(page.canvas, Qt.Key.Key_Z)  # 100 %
    until(app, lambda: page.canvas.pyramid is not None and page.canvas.pyramid.width >= SIZE[0])
    page.canvas.repaint()
    return (perf_counter() - start) * 1000


def memory(world: Assessing, decoder: PhotoDecoder, rounds: int) -> None:
    """Open many consultations one after another; what is held must not grow."""
    from tests.inline_jobs import InlineJobs

    pictures: Pictures[Pyramid] = Pictures(world.made.desk, InlineJobs(), build, cost)
    first = world.made.case.state.consultation
    steady = 0.0
    for number in range(rounds):
        photos = tuple(replace(p, id=PhotoId(f"{number}-{p.id}")) for p in first.photos)
        pictures.show(replace(first, id=ConsultationId(f"c{number}"), photos=photos))
        for shown in photos:
            pictures.want(shown.id)
        pictures.want(photos[number % len(photos)].id, full=number % 10 == 0)
        for shown in photos:
            kept = pictures.best(shown.id)
            if kept is not None:
                kept[0].level(0.5)
        if number == min(50, rounds // 5):
            steady = resident()
    say(f"resident memory after {rounds} consultations (limit: after 50, + 10 %)",
        resident(), steady * 1.1, "MiB")  # fmt: skip


def main() -> None:
    """Print the table."""
    app = QApplication.instance() or QApplication([])
    theme.set_mode("light")
    theme.apply(app)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    content, wide = photo(), photo(own_profile())
    small = Image.open(io.BytesIO(content))
    small.thumbnail((SCREEN, SCREEN))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=88)
    decoder = PhotoDecoder()
    decoder.warm()
    world = assessing(views=(View.FRONT, View.LEFT45, View.RIGHT45), size=SIZE)
    world.made.files.kept |= {"original": content, "preview": out.getvalue()}
    world.made.desk.photos.decode = decoder.decode
    jobs = ThreadJobs()
    page = pages(world, jobs)
    first_pixels(app, page)
    draft = median(lambda: scaled(content))
    shown = statistics.median(first_pixels(app, page) for _ in range(REPEAT))
    say("24 MP, preview stored: entering the page to pixels", shown, draft * 1.3)
    detail = statistics.median(full_detail(app, page) for _ in range(REPEAT))
    say("24 MP: entering the page, zoomed in at once, to full detail on the screen", detail, DETAIL)
    first = build(decoder.decode(content, SCREEN))
    print(f"first pixels of a photo never seen: {first.width} x {first.height}")
    for what, photo_bytes in (("", content), (", profile of its own", wide)):
        say_paired(
            f"24 MP{what}, never seen: scaled decode in the child",
            paired(
                decoder,
                lambda c=photo_bytes: build(decoder.decode(c, SCREEN)),
                lambda c=photo_bytes: scaled(c),
            ),
        )
    say_paired(
        "24 MP, all pixels through the child",
        paired(decoder, lambda: build(decoder.decode(content)), lambda: whole(content)),
    )
    until(app, lambda: not jobs.busy)
    until(app, lambda: len(page.feed.pictures._kept) >= 3)

    def following() -> None:
        QTest.keyClick(page.canvas, Qt.Key.Key_N)
        page.canvas.repaint()

    page.canvas.setFocus()
    following()
    wall, own = both(following)
    say("next photo, prefetched: key to frame", wall, FRAME)
    say("next photo, prefetched: processor time of the window", own, FRAME)
    page.leave()
    page.close()
    memory(world, decoder, rounds)
    decoder.close()
    jobs.shutdown()


if __name__ == "__main__":
    main()
