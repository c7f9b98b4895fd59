"""Times of the clinical engine beside their limits; run by hand: ``python tests/benchmarks/engine.py``.

All figures are processor time of this process, which other programs do not prolong directly; the
median of several runs. Under CI everything runs once, and no time is judged.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import process_time

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks.figures import Figure, tell
from tests.ui.assess_world import annotation, blank
from tests.ui.treat_world import CLINIC, ME, NOW, TODAY, received
from workstation import assets
from workstation.content import catalogue
from workstation.content.catalogue import Catalogue
from workstation.domain.draft import (
    DecisionChoice,
    DecisionKind,
    Draft,
    Item,
    ItemKind,
    Key,
    Regimen,
)
from workstation.domain.facts import Fact, Origin
from workstation.domain.lesions import EIGHT_KEYS, LesionType
from workstation.domain.photo import View
from workstation.workflow.appraisal import ISOTRETINOIN, Situation, appraise

ONCE = bool(os.environ.get("CI"))
LOAD_LIMIT, EDIT_LIMIT = 150.0, 2.0  # ms
WHOLE = (
    "a person not seen before: every fact, rule and plan anew; no edit does that, opening does once"
)
ANNOTATIONS = 60
BESIDE = ("azelaic_acid", "benzoyl_peroxide")
OTHERS = ("marsh-elena", "lindqvist-astrid", "halvorsen-mia")
STRANGERS = 61
VIEWS = (View.FRONT, View.LEFT45, View.RIGHT45)


def median(repeat: int, act: Callable[[int], object]) -> float:
    """Median processor time of ``act(0)``, ``act(1)``, ... in milliseconds."""
    found = []
    for number in range(1 if ONCE else repeat):
        start = process_time()
        act(number)
        found.append((process_time() - start) * 1000)
    return statistics.median(found)


def begun(content: Catalogue, seed: int = 11) -> dict[Key, Item]:
    """A draft with annotations, a regimen and a decision; another seed marks other places."""
    chance = random.Random(seed)
    items: dict[Key, Item] = {}
    for n in range(ANNOTATIONS):
        view, kind = chance.choice(VIEWS), chance.choice(EIGHT_KEYS)
        mark = annotation(
            f"a{n}", view.value, kind, (chance.uniform(0, 1200), chance.uniform(0, 1600))
        )
        items[Key.of(ItemKind.ANNOTATION, mark.id)] = mark
    product = content.medicines[ISOTRETINOIN].products[0]
    doses = product.strengths[-1:], product.strengths[:1]
    items[Key.of(ItemKind.REGIMEN, ISOTRETINOIN)] = Regimen(
        ISOTRETINOIN, product.id, product.formulation, *doses, 30, True
    )
    items[Key.of(ItemKind.DECISION)] = DecisionChoice(
        DecisionKind.PRESCRIBE, "Severe nodular acne", "L70.0", None
    )
    return items


def edits(content: Catalogue) -> dict[str, Callable[[int], object]]:
    """Kinds of edit, each as a function of the edit's number that appraises what it left."""
    consultation = replace(received("marsh-elena"), photos=blank(VIEWS))
    items = begun(content)
    regimen = items[Key.of(ItemKind.REGIMEN, ISOTRETINOIN)]
    assert isinstance(regimen, Regimen)

    def after(key: Key, item: Item) -> None:
        items[key] = item
        draft = Draft(consultation.id, dict(items))
        situation = Situation(content, ME, replace(CLINIC), NOW, TODAY)
        appraise(consultation, draft, (), situation)

    def mark(kind: LesionType) -> Callable[[int], object]:
        def one(n: int) -> None:
            found = annotation(f"{kind.value}{n}", "front", kind, (500 + n, 400))
            after(Key.of(ItemKind.ANNOTATION, found.id), found)

        return one

    def fact(n: int) -> None:
        name = "severity.scarring"
        key = Key.of(ItemKind.FACT, name)
        after(key, Fact(name, bool(n % 2), Origin.CLINICIAN, TODAY, "recorded"))

    def dose(n: int) -> None:
        after(Key.of(ItemKind.REGIMEN, ISOTRETINOIN), replace(regimen, supply_days=30 - n % 9))

    def basket(n: int) -> None:
        """Isotretinoin with two medicines by directions, so that all is worked out anew."""
        for medicine in BESIDE:
            usual = content.directed[medicine].usuals[0]
            items[Key.of(ItemKind.DIRECTED, medicine)] = usual.directed
        fact(n)

    return {
        "one more papule": mark(LesionType.PAPULE),
        "one more nodule": mark(LesionType.NODULE),
        "a fact recorded": fact,
        "a dose changed": dose,
        "a fact, basket of three": basket,
        "another patient, basket of three": strangers(content),
    }


def strangers(content: Catalogue) -> Callable[[int], object]:
    """Another patient at each call, with lesions, weight and answers of their own: nothing recalled."""
    beside = {
        Key.of(ItemKind.DIRECTED, name): content.directed[name].usuals[0].directed
        for name in BESIDE
    }
    people = []
    for n in range(1 if ONCE else STRANGERS):
        one = received(OTHERS[n % len(OTHERS)])
        facts = [
            replace(f, value=f.value + n, source=f"{f.source} of {n}")
            if f.name == "patient.weight" and isinstance(f.value, (int, Decimal))
            else replace(f, source=f"{f.source} of {n}")
            for f in one.facts
        ]
        person = replace(one, photos=blank(VIEWS), facts=tuple(facts), visit=n + 1)
        people.append((person, Draft(person.id, {**begun(content, seed=n), **beside})))
    situation = Situation(content, ME, replace(CLINIC), NOW, TODAY)

    def another(n: int) -> None:
        person, draft = people[n % len(people)]
        appraise(person, Draft(draft.consultation, dict(draft.items)), (), situation)

    return another


def main() -> int:
    """Print the table; the exit status is 1 when a limit is passed, and never under CI."""
    folder = assets.resource("clinical")
    content = catalogue.load(folder)  # modules imported, files in the system's memory
    rows = [("content loaded", median(9, lambda _: catalogue.load(folder)), LOAD_LIMIT)]
    for name, act in edits(content).items():
        act(0)
        rows.append(
            (f"appraised after {name}", median(60, lambda n, act=act: act(n + 1)), EDIT_LIMIT)
        )
    for name, took, limit in rows:
        tell(
            Figure(name, took, "ms", limit, "goal", why=WHOLE if "another patient" in name else "")
        )
    return int(not ONCE and any(took > limit for _, took, limit in rows))


if __name__ == "__main__":
    raise SystemExit(main())
