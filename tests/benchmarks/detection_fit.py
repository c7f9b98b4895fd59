"""Fits the classifier of lesion candidates on the demonstration's drawn photos, and writes it.

Run: python tests/benchmarks/detection_fit.py   (some two minutes of a core)
The photos that judge the detector (tests/benchmarks/detection.py) are never read here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.detection_photos import Truth, fitting
from workstation.adapters.detection.candidates import Candidates, candidates
from workstation.adapters.detection.channels import channels
from workstation.assets import resource

CLASSES = ("", "CO", "CC", "PA", "PU", "NO", "CY", "SC", "PIH", "PIE")
HIDDEN, ROUNDS, BATCH, SEED, DECAY = 40, 12, 1024, 0, 2e-5
INSIDE, BESIDE = 0.85, 1.1  # radii: a candidate is of the lesion; neither; from there on none


def class_of(code: str) -> str:
    """The class a drawn lesion is fitted as: all scars are one."""
    return "SC" if code.startswith("SC") else code


def labels(found: Candidates, lesions: tuple[Truth, ...], factor: float) -> tuple[np.ndarray, ...]:
    """Class number of each candidate (-1: leave out) and the log radius of its lesion."""
    kinds = np.zeros(len(found.x), int)
    sizes = np.zeros(len(found.x), np.float32)
    nearest = np.full(len(found.x), 9.0)
    for lesion in lesions:
        radius = max(lesion.radius / factor, 2.0)
        away = np.hypot(found.x - lesion.x / factor, found.y - lesion.y / factor) / radius
        code = class_of(lesion.type)
        mine = (away < INSIDE) & (away < nearest)
        kinds[mine] = CLASSES.index(code) if code in CLASSES else -1
        sizes[mine], nearest[mine] = np.log(radius), away[mine]
        kinds[(away >= INSIDE) & (away < BESIDE) & (nearest > 8)] = -1
    return kinds, sizes


def fit(x: np.ndarray, kinds: np.ndarray, sizes: np.ndarray) -> dict[str, np.ndarray]:
    """One hidden layer, cross entropy and half the squared error of the log radius; Adam."""
    rng = np.random.default_rng(SEED)
    mean, spread = x.mean(0), x.std(0) + 1e-3
    x = ((x - mean) / spread).clip(-6, 6).astype(np.float32)
    n, k = len(kinds), len(CLASSES)
    weights = [
        rng.normal(0, x.shape[1] ** -0.5, (x.shape[1], HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        rng.normal(0, 0.1, (HIDDEN, k + 1)).astype(np.float32),
        np.zeros(k + 1, np.float32),
    ]
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    step, steps = 0, ROUNDS * (n // BATCH)
    for _ in range(ROUNDS):
        order = rng.permutation(n)
        for start in range(0, n - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            step += 1
            slopes = _slopes(weights, x[chosen], kinds[chosen], sizes[chosen])
            rate = 3e-3 * (0.5 + 0.5 * np.cos(np.pi * step / steps)) + 1e-5
            for j, slope in enumerate(slopes):
                pull = slope + DECAY * weights[j]
                first[j] += 0.1 * (pull - first[j])
                second[j] += 0.001 * (pull * pull - second[j])
                drive = first[j] / (1 - 0.9**step)
                weights[j] -= rate * drive / (np.sqrt(second[j] / (1 - 0.999**step)) + 1e-8)
    names = ("first", "first_bias", "second", "second_bias")
    return {"mean": mean, "spread": spread, **dict(zip(names, weights, strict=True))}


def _slopes(
    weights: list[np.ndarray], x: np.ndarray, kinds: np.ndarray, sizes: np.ndarray
) -> list[np.ndarray]:
    hidden = np.maximum(x @ weights[0] + weights[1], 0)
    out = hidden @ weights[2] + weights[3]
    shares = np.exp(out[:, :-1] - out[:, :-1].max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(kinds)), kinds] -= 1
    off = (out[:, -1] - sizes) * (kinds > 0) * 0.5
    back = np.concatenate((shares, off[:, None]), 1) / len(kinds)
    below = back @ weights[2].T
    below[hidden <= 0] = 0
    return [x.T @ below, below.sum(0), hidden.T @ back, back.sum(0)]


def main() -> None:
    """Read, fit, write."""
    features, kinds, sizes, photos = [], [], [], 0
    for known in fitting():
        seen = channels(known.pixels)
        found = candidates(seen)
        kind, size = labels(found, known.lesions, seen.factor)
        features.append(found.features[kind >= 0])
        kinds.append(kind[kind >= 0])
        sizes.append(size[kind >= 0])
        photos += 1
    weights = fit(np.concatenate(features), np.concatenate(kinds), np.concatenate(sizes))
    path = resource("assist", "classical.json")
    path.parent.mkdir(exist_ok=True)
    made = {
        "name": "classical",
        "version": "1.0",
        "experimental": False,
        "weak": ["small_comedones", "scars", "deep_skin", "drawn_photos"],
        "how": (
            "Fitted by tests/benchmarks/detection_fit.py on the drawn photos of the demonstration "
            f"({photos} photos, {sum(map(len, kinds))} candidates), seed {SEED}; never on a "
            "patient's photo. Judged by tests/benchmarks/detection.py on people drawn from seeds "
            "that were not fitted on."
        ),
        "classes": list(CLASSES),
        "weights": {
            key: [[float(f"{v:.4g}") for v in row] for row in plane]
            if plane.ndim == 2
            else [float(f"{v:.4g}") for v in plane]
            for key, plane in weights.items()
        },
    }
    text = json.dumps(made, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{photos} photos, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
