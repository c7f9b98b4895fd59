"""A FHIR R4 Bundle as a consultation: strict, narrow, and nothing of it is passed over in silence.

What it does not understand raises Refused ``intake.*`` with ``where``, a path of keys and indexes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from workstation.adapters.inbox import clinical
from workstation.adapters.inbox import vocabulary as v
from workstation.adapters.inbox.manifest import read_manifest
from workstation.adapters.inbox.node import Node
from workstation.adapters.inbox.patient import Identified, read_patient
from workstation.adapters.inbox.photographs import Entry, Fetch, Photographs
from workstation.adapters.inbox.questionnaire import ASKED, Answered, read_response
from workstation.domain.consultation import Answer, Delivery, PriorCourse, RequestKind
from workstation.domain.dosing import Dispensed
from workstation.domain.errors import Refused
from workstation.domain.facts import Fact, FactSpec, Origin
from workstation.domain.ids import PatientId, ResultId
from workstation.domain.results import LabResult
from workstation.workflow.ports import Received

MOST_ENTRIES = 1000

_ONCE = ("Patient", "ServiceRequest", "QuestionnaireResponse")
_KNOWN = frozenset(
    (
        *_ONCE,
        "AllergyIntolerance",
        "Binary",
        "Consent",
        "DocumentReference",
        "Media",
        "MedicationDispense",
        "MedicationStatement",
        "Observation",
    )
)


@dataclass(frozen=True, slots=True)
class Ordered:
    """What was asked for, which visit it is, and when it was sent."""

    request: RequestKind
    visit: int
    on: date
    at: datetime


def read_bundle(
    raw: bytes,
    *,
    tests: Mapping[str, str],
    registry: Mapping[str, FactSpec],
    package_digest: str,
    file_kind: str,
    members: Sequence[str] = (),
    fetch: Fetch | None = None,
) -> Received:
    """The consultation in a bundle.

    ``tests`` gives the test id of each LOINC code, ``registry`` the facts there are. ``members`` and ``fetch`` are the photo files of
    a zipped package; every one of them must be named by exactly one photo.

    Raises:
        Refused: ``intake.*`` with ``where``.
    """
    top = Node(read_manifest(raw), "Bundle")
    system, external_id = read_head(top)
    entries = read_entries(top)
    top.done()

    snapshot, subject = read_subject(entries, system)
    ordered = read_order(entries, subject)
    answered = read_answers(entries, ordered.request, subject)
    photos = Photographs(entries, subject, members, fetch).read()
    read = read_clinical(entries, subject, snapshot.id, tests, ordered)
    facts = merged(answered.facts, read.facts)
    check_facts(facts, registry)
    return Received(
        source=Delivery(system, external_id, package_digest, file_kind),
        request=ordered.request,
        visit=ordered.visit,
        submitted_at=ordered.at,
        patient=snapshot.finished(answered.contact, read.allergies, read.medicines),
        answers=(*answered.answers, *read.lines),
        facts=facts,
        photos=photos,
        results=read.results,
        dispensed=tuple(sorted(read.dispensed, key=lambda d: d.on)),
        prior_courses=_prior_courses(facts),
        own_words=answered.own_words,
    )


def read_head(top: Node) -> tuple[str, str]:
    """The sender and the sender's identifier of the package."""
    if top.text("resourceType") != "Bundle":
        raise Refused("intake.bundle.kind")
    top.choice("type", "collection")
    identifier = top.node("identifier")
    system, external_id = identifier.text("system"), identifier.text("value")
    identifier.done()
    top.maybe_moment("timestamp")
    return system, external_id


def read_entries(top: Node) -> tuple[Entry, ...]:
    """All resources of the bundle; the ones that must be there once are."""
    found: list[Entry] = []
    urls: set[str] = set()
    items = top.nodes("entry")
    if len(items) > MOST_ENTRIES:
        raise top.refused("intake.bundle.entries", "entry")
    for item in items:
        url = item.text("fullUrl")
        if url in urls:
            item.fault("intake.bundle.twice", "fullUrl")
        urls.add(url)
        resource = item.node("resource")
        kind = resource.text("resourceType")
        if kind not in _KNOWN:
            resource.fault("intake.bundle.resource", "resourceType")
        item.done()
        found.append(Entry(kind, url, resource))
    for kind in _ONCE:
        if sum(e.kind == kind for e in found) != 1:
            top.fault("intake.bundle.once", kind)
    return tuple(found)


def _one(entries: Sequence[Entry], kind: str) -> Entry:
    return next(e for e in entries if e.kind == kind)


def read_subject(entries: Sequence[Entry], system: str) -> tuple[Identified, str]:
    """The patient, and the URL by which the other resources name them."""
    entry = _one(entries, "Patient")
    return read_patient(entry.node, system), entry.url


def read_order(entries: Sequence[Entry], subject: str) -> Ordered:
    """What is asked for."""
    node = _one(entries, "ServiceRequest").node
    node.choice("status", "active")
    node.choice("intent", "order", "proposal", "plan")
    code = clinical.word(node.node("code"), v.REQUEST, *(r.value for r in ASKED))
    clinical.check_subject(node, "subject", subject)
    on, at = node.day("authoredOn"), node.moment("authoredOn")
    extra = clinical.extensions(node, v.VISIT)
    if v.VISIT not in extra:
        raise node.refused("intake.key.missing", "extension")
    visit = extra[v.VISIT].whole("valuePositiveInt", least=1, most=999)
    extra[v.VISIT].done()
    node.done()
    return Ordered(RequestKind(code), visit, on, at)


def read_answers(entries: Sequence[Entry], request: RequestKind | None, subject: str) -> Answered:
    """The answers to the questionnaire."""
    node = _one(entries, "QuestionnaireResponse").node
    node.choice("status", "completed", "amended")
    clinical.check_subject(node, "subject", subject)
    on = node.day("authored")
    found = read_response(node, request, on)
    node.done()
    return found


@dataclass(slots=True)
class _Clinical:
    """What the clinical resources say."""

    facts: list[Fact]
    results: tuple[LabResult, ...]
    lines: list[Answer]
    medicines: tuple[str, ...] | None
    allergies: tuple[str, ...] | None
    dispensed: list[Dispensed]


def read_clinical(
    entries: Sequence[Entry],
    subject: str,
    patient: PatientId,
    tests: Mapping[str, str],
    ordered: Ordered,
) -> _Clinical:
    """Results, medicines, allergies, consents, supplies and statements of the record."""
    found = _Clinical([], (), [], None, None, [])
    results: dict[ResultId, LabResult] = {}
    medicines: list[str | None] = []
    allergies: list[str | None] = []
    for entry in entries:
        with entry.node.bounded():
            if entry.kind == "Observation":
                read = _observed(entry.node, subject, patient, tests, ordered, found)
                if read is not None:
                    results[read.id] = read
            elif entry.kind == "MedicationStatement":
                clinical.check_subject(entry.node, "subject", subject)
                medicines.append(clinical.read_medicine(entry.node))
            elif entry.kind == "AllergyIntolerance":
                clinical.check_subject(entry.node, "patient", subject)
                allergies.append(clinical.read_allergy(entry.node))
            elif entry.kind == "Consent":
                clinical.check_subject(entry.node, "patient", subject)
                found.facts.append(clinical.read_consent(entry.node))
            elif entry.kind == "MedicationDispense":
                clinical.check_subject(entry.node, "subject", subject)
                found.dispensed.append(clinical.read_dispensed(entry.node))
    found.results = tuple(sorted(results.values(), key=lambda r: (r.collected, r.test, r.id)))
    found.medicines = _listed(medicines, "intake.medicine.contradiction")
    found.allergies = _listed(allergies, "intake.allergy.contradiction")
    return found


def _observed(
    node: Node,
    subject: str,
    patient: PatientId,
    tests: Mapping[str, str],
    ordered: Ordered,
    found: _Clinical,
) -> LabResult | None:
    """The result of an Observation; a statement of the record and a line to read go to ``found``."""
    clinical.check_subject(node, "subject", subject)
    if clinical.is_chart(node):
        found.facts.append(clinical.read_chart(node))
        return None
    read = clinical.read_result(node, patient, tests, ordered.on, ordered.at)
    if isinstance(read, Answer):
        found.lines.append(read)
        return None
    return read


def _listed(names: Sequence[str | None], code: str) -> tuple[str, ...] | None:
    """``None`` when nothing was stated, empty when "none" was; both at once is refused."""
    if "" in names and any(names):
        raise Refused(code)
    return tuple(n for n in names if n) if names else None


def merged(said: Sequence[Fact], recorded: Sequence[Fact]) -> tuple[Fact, ...]:
    """All facts by name: a record comes before what the patient says, a newer record before an older.

    Raises:
        Refused: ``intake.fact.contradiction`` for two records of one day that differ.
    """
    found = {fact.name: fact for fact in said}
    for fact in recorded:
        known = found.get(fact.name)
        if known is not None and known.origin is fact.origin and known.as_of >= fact.as_of:
            if known.as_of == fact.as_of and known.value != fact.value:
                raise Refused("intake.fact.contradiction")
            continue
        found[fact.name] = fact
    return tuple(found.values())


def check_facts(facts: Sequence[Fact], registry: Mapping[str, FactSpec]) -> None:
    """Every fact must be registered, of its kind, and said by somebody whose word counts for it."""
    for fact in facts:
        spec = registry.get(fact.name)
        if spec is None or not spec.accepts(fact.value):
            raise Refused("intake.fact.value")
        if spec.said_by and fact.origin not in spec.said_by:
            raise Refused("intake.fact.origin")


def _prior_courses(facts: Sequence[Fact]) -> tuple[PriorCourse, ...]:
    value = {f.name: f.value for f in facts if f.origin is Origin.INTAKE}
    if value.get("course.previous") is not True:
        return ()
    last, given = value.get("course.last_dose"), value.get("course.cumulative_before")
    return (
        PriorCourse(
            last if isinstance(last, date) else None,
            given if isinstance(given, Decimal) else None,
        ),
    )
