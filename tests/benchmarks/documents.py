"""Times of drawing, signing and checking documents, printed; run by hand: ``python tests/benchmarks/documents.py``."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import document_cases as cases
import pypdfium2
from golden_pages import Keys
from signing_office import open_office

from tests.benchmarks.figures import Figure, tell
from workstation.adapters.documents.renderer import PdfRenderer
from workstation.workflow.compose import compose
from workstation.workflow.stated import code_of

FIRST = """
import sys, time
sys.path[:0] = [{root!r}, {tests!r}]
import workstation.adapters.documents.signer  # what is warmed while the user reads
import document_cases as cases
from signing_office import open_office
from workstation.adapters.documents.renderer import PdfRenderer
from workstation.workflow.compose import compose
office = open_office(demonstration=True)
document = compose(cases.subject())[0]
start = time.perf_counter()
office.signer.verify(office.sign(PdfRenderer().render(document)), office.key.serial)
print((time.perf_counter() - start) * 1000)
"""


def times(repeat: int, act: Callable[[], object]) -> tuple[float, float]:
    """Median wall time, and least processor time (other work only adds to it), in milliseconds."""
    wall, own = [], []
    for _ in range(repeat):
        start, cpu = perf_counter(), process_time()
        act()
        wall.append((perf_counter() - start) * 1000)
        own.append((process_time() - cpu) * 1000)
    return statistics.median(wall), min(own)


def line(name: str, measured: tuple[float, float], limit: float) -> None:
    """One figure with its limit; the ratio is of processor time."""
    wall, own = measured
    tell(Figure(name, own, "ms", limit, f"goal; {wall:.1f} by the clock"))


def main() -> None:
    """Measure each goal of the documents."""
    office = open_office(demonstration=True)
    renderer = PdfRenderer()
    made = compose(cases.subject())
    pages = {d.kind.value: len(pypdfium2.PdfDocument(renderer.render(d))) for d in made}
    keys = Keys()

    def drawn(document: object) -> bytes:
        return renderer.render(document, code_of(keys, document))

    for document in made:
        drawn(document)
        wall, own = times(15, lambda document=document: drawn(document))
        count = pages[document.kind.value]
        line(f"render a page of {document.kind.value}", (wall / count, own / count), 10)
    both = made[:2]

    def sign_both() -> None:
        for document in both:
            signed = office.sign(drawn(document))
            office.signer.verify(signed, office.key.serial)

    sign_both()
    line("render, sign, validate prescription and plan", times(9, sign_both), 150)

    def preview() -> None:
        renderer.pages(renderer.render(compose(cases.subject())[0]), 2.0)

    preview()
    line("compose, render and raster a prescription", times(9, preview), 150)
    code = FIRST.format(root=str(ROOT), tests=str(ROOT / "tests"))
    first = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(3)
    ]
    line("first signature after warmed imports", (statistics.median(first),) * 2, 1000)


if __name__ == "__main__":
    main()
