"""Many generated prescriptions: what a machine reads off the page is what the record holds."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import document_cases as cases
import pytest
from test_renderer import squeezed, strings_of, text_of

from workstation.adapters.documents.renderer import PdfRenderer
from workstation.domain.documents import Document, MedicineLine, Table
from workstation.domain.draft import DecisionKind
from workstation.domain.rems import Category
from workstation.workflow.compose import compose

FAMILIES = (
    "Marsh", "O'Brien-Łukasiewicz", "Nguyễn", "Παπαδόπουλος", "Шевченко", "Müller", "Åström",
    "Dvořáková", "Şahin", "da Conceição", "Quintanilla-Rodríguez de la Fuente",
)  # fmt: skip
GIVEN = ("Elena", "Minh Đức", "Ελένη", "Олексій", "Zoë", "José", "Søren", "Ana-Maria")
STRENGTHS = (Decimal(10), Decimal(20), Decimal(30), Decimal(40))


def generated(chance: random.Random) -> Document:
    """A prescription of a random patient, dose, weight and category."""
    morning = tuple(chance.choices(STRENGTHS, k=chance.randint(0, 2)))
    evening = tuple(chance.choices(STRENGTHS, k=chance.randint(0 if morning else 1, 2)))
    who = cases.patient(
        family=chance.choice(FAMILIES),
        given=chance.choice(GIVEN),
        born=date(1970, 1, 1) + timedelta(days=chance.randint(0, 13_000)),
        external_id=f"MK-{chance.randint(100_000, 999_999)}",
    )
    subject = cases.subject(
        DecisionKind.PRESCRIBE,
        category=chance.choice(list(Category)),
        regimen=cases.regimen(
            morning=morning, evening=evening, supply_days=chance.choice((14, 28, 30))
        ),
        consultation=cases.consultation(patient=who),
        clinic=cases.clinic(paper=chance.choice(("letter", "a4"))),
    )
    return compose(subject)[0]


def _same(number: int, seed: int) -> None:
    chance = random.Random(seed)
    renderer = PdfRenderer()
    for n in range(number):
        document = generated(chance)
        printed = squeezed(text_of(renderer.render(document)))
        medicine = next(b for b in document.blocks if isinstance(b, MedicineLine))
        table = next(b for b in document.blocks if isinstance(b, Table))
        # What a pharmacist acts on stands in one piece; the rest word by word.
        for whole in (medicine.name, medicine.dose, medicine.directions, medicine.daily):
            assert squeezed(whole) in printed, (n, whole)
        for row in table.rows:
            assert squeezed("".join(row)) in printed, (n, row)
        for text in strings_of(document):
            assert all(squeezed(word) in printed for word in text.split()), (n, text)


def test_twenty_generated_prescriptions_extract_to_the_record() -> None:
    _same(20, 7)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_thousand_generated_prescriptions_extract_to_the_record() -> None:
    _same(1000, 11)
