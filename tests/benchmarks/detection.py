"""How well the detector finds lesions on drawn photos it never saw, and how long it takes.

Run: python tests/benchmarks/detection.py --photos DIR [--least 0.5] [--markdown]
DIR is filled by tests/benchmarks/detection_photos.py. These are drawn photos, not patients: the
figures say that the detector does what it was made for, nothing about skin.
With scikit-image at hand, the time of one 12 MP photo is compared with its blob_dog at 1/8.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.detection_photos import TONES, Known, Truth, pixels_of, unseen
from workstation.adapters.detection.classical import ClassicalDetector
from workstation.domain.detections import Detection

GROUPS = {
    "papules, pustules": ("PA", "PU"),
    "nodules, cysts": ("NO", "CY"),
    "open comedones": ("CO",),
    "closed comedones": ("CC",),
    "scars": ("SC", "SCI", "SCB", "SCR", "SCH", "SCK"),
    "dark and red marks": ("PIH", "PIE"),
}
LEAST_RADIUS = 3.0  # photo px: a smaller lesion may be missed by that much and still be hit


@dataclass(frozen=True)
class Found:
    """Lesions drawn, proposals made, and proposals that hit a lesion of their group."""

    drawn: int
    proposed: int
    right: int

    def plus(self, other: Found) -> Found:
        """Both together."""
        return Found(
            self.drawn + other.drawn, self.proposed + other.proposed, self.right + other.right
        )

    @property
    def recall(self) -> float:
        """Share of the lesions that was found."""
        return self.right / self.drawn if self.drawn else float("nan")

    @property
    def precision(self) -> float:
        """Share of the proposals that was right."""
        return self.right / self.proposed if self.proposed else float("nan")


def matched(
    detections: Iterable[Detection], lesions: Iterable[Truth], types: Iterable[str]
) -> Found:
    """Greedy by likelihood: each lesion is found once, by a proposal of its group inside it."""
    wanted = frozenset(types)
    open_ = [lesion for lesion in lesions if lesion.type in wanted]
    drawn, proposed, right = len(open_), 0, 0
    for detection in sorted(detections, key=lambda d: -d.likelihood):
        if detection.type.value not in wanted:
            continue
        proposed += 1
        inside = [
            (away, lesion)
            for lesion in open_
            if (away := hypot(detection.at.x - lesion.x, detection.at.y - lesion.y))
            < max(lesion.radius, LEAST_RADIUS)
        ]
        if inside:
            open_.remove(min(inside, key=lambda pair: pair[0])[1])
            right += 1
    return Found(drawn, proposed, right)


def table(photos: list[Known], least: float) -> dict[tuple[str, str], Found]:
    """What was found, by skin tone (and ``all``) and group of types."""
    detector = ClassicalDetector()
    cells: dict[tuple[str, str], Found] = {}
    for known in photos:
        shown = [d for d in detector.detect(known.pixels) if d.likelihood >= least]
        for group, types in GROUPS.items():
            here = matched(shown, known.lesions, types)
            for tone in (known.tone, "all"):
                cells[tone, group] = cells.get((tone, group), Found(0, 0, 0)).plus(here)
    return cells


def say(cells: dict[tuple[str, str], Found], photos: list[Known], least: float) -> bool:
    """Print the table as Markdown, and the limits; whether all are kept."""
    print(f"Drawn photos, not patients. Shown from likelihood {least:.2f}.\n")
    print("| Skin | Photos | " + " | ".join(GROUPS) + " |")
    print("|---|---|" + "---|" * len(GROUPS))
    for tone in (*TONES, "all"):
        number = sum(tone in (p.tone, "all") for p in photos)
        row = [cells.get((tone, group), Found(0, 0, 0)) for group in GROUPS]
        texts = [f"{f.recall:.2f} / {f.precision:.2f} ({f.drawn})" for f in row]
        print(f"| {tone} | {number} | " + " | ".join(texts) + " |")
    print("\nrecall / precision (lesions drawn)")
    first = next(iter(GROUPS))
    whole = cells["all", first]
    recalls = [cells[tone, first].recall for tone in TONES if (tone, first) in cells]
    ratio = min(recalls) / max(recalls)
    for text, value, limit in (
        ("inflammatory recall", whole.recall, 0.6),
        ("inflammatory precision", whole.precision, 0.5),
        ("worst skin tone / best, recall", ratio, 0.8),
    ):
        print(f"{text}: {value:.2f}, at least {limit}, ratio {value / limit:.2f}")
    return whole.recall >= 0.6 and whole.precision >= 0.5 and ratio >= 0.8


def speed(known: Known) -> None:
    """Time of a 12 MP photo, against blob_dog at 1/8 in the same run when it is installed."""
    plain = Image.frombuffer(
        "RGBX", (known.pixels.width, known.pixels.height), known.pixels.data, "raw", "BGRX", 0, 1
    ).convert("RGB")
    large = plain.resize((3024, 4032), Image.Resampling.BICUBIC)
    pixels = pixels_of(large)
    detector = ClassicalDetector()
    detector.detect(pixels)
    ours = _median(lambda: detector.detect(pixels))
    print(f"12 MP, decoded: {ours * 1000:.0f} ms")
    try:
        from skimage.feature import blob_dog
    except ImportError:
        print("limit not measured: scikit-image is not installed here")
        return
    grey = np.asarray(large.convert("L").reduce(8), dtype=float) / 255
    peer = _median(lambda: blob_dog(grey))
    print(f"blob_dog at 1/8: {peer * 1000:.0f} ms; ratio {ours / peer:.2f}, at most 0.5")


def _median(work: object) -> float:
    times = []
    for _ in range(7):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return float(np.median(times))


def main() -> int:
    """Print everything; 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
    parser.add_argument("--least", type=float, default=0.5, help="likelihood shown from (0.5)")
    chosen = parser.parse_args()
    photos = list(unseen(chosen.photos))
    if not photos:
        print("no photos there: tests/benchmarks/detection_photos.py draws them")
        return 2
    kept = say(table(photos, chosen.least), photos, chosen.least)
    speed(photos[0])
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
