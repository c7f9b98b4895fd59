"""What a message to the patient says: drafted from the decision, its reason and what is unknown.

To a guardian nothing goes about sexual history, contraception, pregnancy results or mood: such
questions and reasons are left out, and the patient is asked directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workstation.content.catalogue import Catalogue
from workstation.content.documents import Texts
from workstation.content.messages import read_messages
from workstation.domain.accounts import ClinicProfile
from workstation.domain.consultation import Consultation
from workstation.domain.dates import day_in
from workstation.domain.draft import DecisionDetail, DecisionKind
from workstation.domain.facts import FactSpec, Origin
from workstation.domain.messages import GUARDIAN, SILENT, Message
from workstation.domain.photo import QualityCode, View
from workstation.domain.zones import REQUIRED_VIEWS
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.written import day

CLINIC_SETTLES = ("indication.", "pregnancy.category", "rems.", "prescription.")
SOON = "the next free appointment"
ASK = DecisionKind.ASK_PATIENT.value
# Facts that are between the clinician and the patient alone.
PRIVATE_FACTS = ("pregnancy.", "contraception.", "lactation.", "mood.", "menses.", "sexual.")
AGAIN = "again"  # a view asked for once more, or besides
_PHOTO_FAULTS = {
    QualityCode.FOCUS: "blurred",
    QualityCode.RESOLUTION: "small",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is missing: names of facts, and views with why (missing, blurred, small, again)."""

    facts: tuple[str, ...]
    views: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.facts or self.views)


def is_private(name: str) -> bool:
    """Whether a fact is between the clinician and the patient alone."""
    return name.startswith(PRIVATE_FACTS)


def wanted(consultation: Consultation, appraisal: Appraisal, catalogue: Catalogue) -> Wanted:
    """The unanswered must-asks that a patient can answer, and required views not usable."""
    asked = {spec.ask_code: name for name, spec in catalogue.facts.items() if spec.ask_code}
    facts = tuple(
        dict.fromkeys(
            asked[finding.code]
            for finding in appraisal.evaluation.findings
            if finding.code in asked and _for_patient(catalogue.facts[asked[finding.code]])
        )
    )
    return Wanted(facts, photo_faults(consultation))


def with_asked(missing: Wanted, detail: DecisionDetail | None) -> Wanted:
    """What is missing, and the views that the clinician asks for besides."""
    asked = () if detail is None else detail.views
    known = {view for view, _ in missing.views}
    more = tuple((view, AGAIN) for view in asked if view not in known)
    return Wanted(missing.facts, (*missing.views, *more))


def photo_faults(consultation: Consultation) -> tuple[tuple[str, str], ...]:
    """Required views that are missing, and photos that a code refuses, in hanging order."""
    found: dict[str, str] = {}
    usable = set()
    for photo in consultation.photos:
        fault = next((_PHOTO_FAULTS[c] for c in photo.quality if c in _PHOTO_FAULTS), "")
        if fault:
            found.setdefault(photo.view.value, fault)
        else:
            usable.add(photo.view.value)
    for view in REQUIRED_VIEWS:
        if view.value not in usable and view.value not in found:
            found[view.value] = "missing"
    order = [view.value for view in View]
    return tuple(
        sorted(
            ((view, why) for view, why in found.items() if view not in usable),
            key=lambda pair: order.index(pair[0]),
        )
    )


def drafted(
    kind: DecisionKind,
    consultation: Consultation,
    appraisal: Appraisal,
    clinic: ClinicProfile,
    catalogue: Catalogue,
    *,
    language: str,
    audience: str,
) -> Message:
    """The message of a decision as drafted; for nobody it is empty."""
    if audience == SILENT:
        return Message(kind.value, language, audience, "")
    missing = with_asked(wanted(consultation, appraisal, catalogue), appraisal.detail)
    text = text_of(
        kind.value,
        consultation,
        clinic,
        catalogue,
        language=language,
        audience=audience,
        missing=missing,
        detail=appraisal.detail,
    )
    return Message(kind.value, language, audience, text)


def text_of(
    purpose: str,
    consultation: Consultation,
    clinic: ClinicProfile,
    catalogue: Catalogue,
    *,
    language: str,
    audience: str,
    missing: Wanted,
    detail: DecisionDetail | None,
) -> str:
    """The message in full, ready to be edited."""
    words = read_messages(language)
    given = consultation.patient.given
    to_guardian = audience == GUARDIAN
    lines = [words("guardian_greeting" if to_guardian else "greeting", given=given), ""]
    sent = day(day_in(clinic.time_zone, consultation.submitted_at))
    if purpose == ASK:
        lines += _ask(words, missing, catalogue.facts, given, sent, to_guardian=to_guardian)
    else:
        lines += _decided(words, purpose, catalogue, detail, sent)
    said = detail.text.strip() if detail is not None else ""
    if said and not to_guardian:
        lines += ["", words("note", text=said)]
    lines += ["", words("emergency"), "", words("closing", clinic=clinic.name, phone=clinic.phone)]
    return "\n".join(lines) + "\n"


def _ask(
    words: Texts,
    missing: Wanted,
    specs: Mapping[str, FactSpec],
    given: str,
    sent: str,
    *,
    to_guardian: bool,
) -> list[str]:
    facts = [name for name in missing.facts if not (to_guardian and is_private(name))]
    lines = [words("ask_patient.lead", day=sent)]
    if facts:
        lines += ["", words("ask_patient.answers")]
        lines += [f"- {question(words, name, specs)}" for name in facts]
    if to_guardian and len(facts) < len(missing.facts):
        lines += ["", words("ask_patient.nothing_for_guardian", given=given)]
    if missing.views:
        lines += ["", words("ask_patient.photos")]
        lines += [_photo_line(words, view, why) for view, why in missing.views]
        lines.append(words("ask_patient.how"))
    return [*lines, "", words("ask_patient.back")]


def photo_line(language: str, view: str, why: str) -> str:
    """The line that asks for one photo."""
    return _photo_line(read_messages(language), view, why)


def _photo_line(words: Texts, view: str, why: str) -> str:
    shown = words.either(f"views.{view}", view)
    said = words("ask_patient.photo", view=shown, why=words(f"ask_patient.{why}"))
    return f"- {said}"


def question(words: Texts, name: str, specs: Mapping[str, FactSpec]) -> str:
    """How a missing answer is asked for in that language."""
    spec = specs[name]
    return words.either(f"questions.{name}", spec.question or spec.label)


def _decided(
    words: Texts,
    purpose: str,
    catalogue: Catalogue,
    detail: DecisionDetail | None,
    sent: str,
) -> list[str]:
    reason = None
    if detail is not None:
        reason = catalogue.decisions.find(DecisionKind(purpose), detail.reason)
    match DecisionKind(purpose):
        case DecisionKind.SEE_IN_PERSON:
            when = reason.when if reason is not None else SOON
            route = (reason.route if reason is not None else "") or "soon"
            spoken = words.either(f"see_in_person.when.{when}", when)
            return [
                words("see_in_person.lead", day=sent, when=spoken),
                words(f"see_in_person.{route}"),
            ]
        case DecisionKind.STOP_TREATMENT:
            keys: tuple[str, ...] = ("lead", "letter", "unused")
        case DecisionKind.END_COURSE:
            keys = ("lead", "letter", "tests")
        case _:
            keys = ("lead", "letter", "back")
    last = detail.last_dose if detail is not None else None
    ends: date | None = last if purpose == DecisionKind.END_COURSE.value else None
    on = day(ends) if ends is not None else sent
    return [words(f"{purpose}.{key}", day=on) for key in keys]


def _for_patient(spec: FactSpec) -> bool:
    """Whether the patient is who answers: not what only the clinic settles."""
    heard = not spec.said_by or Origin.INTAKE in spec.said_by
    return heard and bool(spec.question) and not spec.name.startswith(CLINIC_SETTLES)
