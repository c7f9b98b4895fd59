"""What documents are composed from, and the parts that every document shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from workstation.content.documents import Texts, read_texts
from workstation.domain.accounts import ClinicProfile, User
from workstation.domain.consultation import Consultation
from workstation.domain.dates import age_years
from workstation.domain.documents import (
    Amendment,
    Block,
    Document,
    DocumentKind,
    Letterhead,
    Prescribed,
    SignatureBox,
)
from workstation.domain.draft import Draft
from workstation.domain.errors import WorkstationError
from workstation.domain.facts import FactSpec, Freshness
from workstation.workflow.written import amount, day, in_threes, listed, number, rounded, unbroken

if TYPE_CHECKING:
    from workstation.content.catalogue import Catalogue
    from workstation.workflow.appraisal import Appraisal

LANGUAGE = "en"
MINOR = "patient.minor"  # known of every patient whose state is known
MIDDLE_DOT = "\u00b7"


@dataclass(frozen=True)
class Subject:
    """One decision about one patient, appraised; ``numbers`` are the reserved document numbers."""

    consultation: Consultation
    draft: Draft
    appraisal: Appraisal
    prescriber: User
    clinic: ClinicProfile
    numbers: Mapping[DocumentKind, str]
    issued: date
    catalogue: Catalogue
    demonstration: bool
    amends: Amendment | None = None  # what these documents replace, when they replace anything

    @property
    def page(self) -> Texts:
        """The words that all documents share."""
        return read_texts("page", LANGUAGE)


class Addressed(Protocol):
    """What the head, foot and signature box of any document are made from."""

    @property
    def consultation(self) -> Consultation:
        """Whose document it is."""
        ...

    @property
    def prescriber(self) -> User:
        """Who signs it."""
        ...

    @property
    def clinic(self) -> ClinicProfile:
        """Who issues it."""
        ...

    @property
    def numbers(self) -> Mapping[DocumentKind, str]:
        """Its reserved number, by kind."""
        ...

    @property
    def issued(self) -> date:
        """The day of issue."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The clinical content in force."""
        ...

    @property
    def demonstration(self) -> bool:
        """Whether it is for show only."""
        ...

    @property
    def page(self) -> Texts:
        """The words that all documents share."""
        ...


def incomplete(what: str) -> WorkstationError:
    """The error for a subject that lacks what its decision needs."""
    return WorkstationError("document.subject.incomplete", what=what)


def document(
    subject: Addressed,
    kind: DocumentKind,
    title: str,
    meaning: str,
    blocks: tuple[Block, ...],
    template: Texts,
    language: str = LANGUAGE,
    prescribed: Prescribed | None = None,
) -> Document:
    """One document with letterhead, patient lines and signature box; an empty ``meaning`` makes a
    leaflet, which nobody signs."""
    number_of = subject.numbers.get(kind)
    if not number_of:
        raise incomplete(f"number.{kind.value}")
    clinic, patient = subject.clinic, subject.consultation.patient
    return Document(
        kind=kind,
        number=number_of,
        title=title,
        template=f"{kind.value}.{language} {template.edition}",
        language=language,
        paper=clinic.paper,
        letterhead=Letterhead(clinic.name, clinic_address(subject), unbroken(clinic.phone)),
        patient=patient.id,
        patient_name=patient.display_name,
        patient_line=_patient_line(subject),
        issued=subject.issued,
        blocks=blocks,
        signature=SignatureBox(
            name=subject.prescriber.name,
            credentials=subject.prescriber.credentials,
            licence=licence_line(subject),
            npi=subject.page("npi", npi=subject.prescriber.npi or subject.page("missing")),
            meaning=meaning,
        )
        if meaning
        else None,
        demonstration=subject.demonstration,
        prescribed=prescribed,
    )


def _patient_line(subject: Addressed) -> tuple[tuple[str, str], ...]:
    words, patient = subject.page, subject.consultation.patient
    where = patient.address
    months = words.each("months")
    return (
        (
            words("born"),
            words(
                "age",
                day=day(patient.born, months),
                years=str(age_years(patient.born, subject.issued)),
            ),
        ),
        (words("sex"), words(f"sexes.{patient.sex.value}")),
        (words("id"), in_threes(patient.external_id)),
        (words("issued"), day(subject.issued, months)),
        (
            words("address"),
            words("missing")
            if where is None
            else words(
                "street",
                line=where.line,
                city=where.city,
                state=where.state,
                postal_code=where.postal_code,
            ),
        ),
    )


def clinic_address(subject: Addressed) -> str:
    """The clinic's postal address in one line."""
    clinic = subject.clinic
    return subject.page(
        "street",
        line=clinic.address_line,
        city=clinic.city,
        state=clinic.state,
        postal_code=clinic.postal_code,
    )


def patient_state(subject: Addressed) -> str:
    """Two-letter code of the state where the patient is, or ""."""
    where = subject.consultation.patient.address
    return "" if where is None else where.state.upper()


def licence_line(subject: Addressed) -> str:
    """The prescriber's licence of the patient's state, or words that none is recorded."""
    code = patient_state(subject)
    law = subject.catalogue.prescription.state(code)
    name = law.name if law is not None else code
    for licence in subject.prescriber.licences:
        if licence.state.upper() == code:
            return subject.page("licence", state=name, number=licence.number)
    return subject.page("no_licence", state=name) if name else subject.page("no_state")


def prescriber_name(subject: Addressed) -> str:
    """Name and credentials."""
    who = subject.prescriber
    return subject.page("name", name=who.name, credentials=who.credentials)


def prescriber_words(subject: Addressed) -> str:
    """Name, licence, NPI, address and phone in one sentence's length."""
    page = subject.page
    return f" {MIDDLE_DOT} ".join(
        (
            prescriber_name(subject),
            licence_line(subject),
            page("npi", npi=subject.prescriber.npi or page("missing")),
            clinic_address(subject),
            unbroken(subject.clinic.phone) or page("missing"),
        )
    )


def local(subject: Addressed, moment: datetime) -> datetime:
    """A moment in the clinic's own time zone."""
    return moment.astimezone(ZoneInfo(subject.clinic.time_zone))


def measured(value: Decimal | int, unit: str | None) -> str:
    """Figures and unit as people write them: ``98 mg/dL``, ``1 drink``, ``3 days a week``.

    A unit without words of its own is written as it is.
    """
    return amount(value, unit_words(unit, one=value == 1)) if unit else number(value)


def unit_words(unit: str | None, *, one: bool = False) -> str:
    """A unit as people write it, of one or of several; one without words stays as it is."""
    forms = read_texts("page", LANGUAGE).by_key.get(f"unit.{unit}", unit or "")
    return forms if isinstance(forms, str) else forms[0 if one else 1]


def value_words(value: object, spec: FactSpec | None, answers: Texts) -> str:
    """An answer as people read it, with its unit and the labels of its choices.

    A worked-out number has at most two decimals; one that somebody measured stays as it is.
    """
    labels = dict(spec.choices) if spec is not None else {}
    if isinstance(value, bool):
        return answers("answers.yes") if value else answers("answers.no")
    if isinstance(value, tuple):
        return listed(tuple(labels.get(str(v), str(v)) for v in value)) or answers(
            "answers.nothing"
        )
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str):
        return labels.get(value, value)
    assert isinstance(value, int | Decimal)  # what else a fact may be was told above
    if spec is None:
        return number(value)
    if isinstance(value, Decimal) and spec.freshness is Freshness.COMPUTED:
        return measured(rounded(value), spec.unit)
    return measured(value, spec.unit)


def bridge_words(subject: Subject) -> str:
    """The treatment for the time of a work-up as its page names it; "" for none."""
    decision = subject.appraisal.decision
    chosen = "" if decision is None else decision.bridge or ""
    listed = subject.catalogue.plan_rules.bridge_of(chosen)
    return chosen if listed is None else listed.title
