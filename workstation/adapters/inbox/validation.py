"""What is wrong with a package, all of it, and what a valid one leaves open: for those who send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from workstation.adapters.inbox import bundle
from workstation.adapters.inbox.lenient import Lenient
from workstation.adapters.inbox.manifest import read_manifest
from workstation.adapters.inbox.package import opened
from workstation.adapters.inbox.photographs import Fetch, Photographs
from workstation.adapters.inbox.questionnaire import Answered, published
from workstation.adapters.inbox.source import FHIR_JSON, FHIR_ZIP, FolderReader
from workstation.domain.consultation import RequestKind
from workstation.domain.errors import Refused
from workstation.domain.facts import FactSpec
from workstation.domain.ids import PatientId
from workstation.domain.photo import View
from workstation.workflow.ports import Received, ReceivedPhoto

Examine = Callable[[ReceivedPhoto, date], None]
"""Looks at one photo as intake will; raises Refused ``intake.photo.*``."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A package as its sender should know it: ``faults`` (empty: it is taken) and what is open.

    ``missing_views`` and ``unanswered`` (linkId, question) do not make a package invalid: the
    dermatologist asks for them.
    """

    faults: tuple[Refused, ...]
    missing_views: tuple[View, ...]
    unanswered: tuple[tuple[str, str], ...]
    received: Received | None


def check(path: Path, reader: FolderReader, examine: Examine | None = None) -> Checked:
    """Everything that is wrong with the package in a file.

    The strict reader has the last word: a package is valid only when it takes it.
    """
    faults: list[Refused] = []
    received: Received | None = None
    try:
        read = reader.read_any(path)
        if not isinstance(read, Received):
            return Checked((), (), (), None)  # laboratory results alone
        received = read
    except Refused as first:
        try:
            _list_all(path, reader, faults)
        except Refused as fault:
            faults.append(fault)
        if all((f.code, f.context) != (first.code, first.context) for f in faults) and not any(
            str(f.context.get("where", "")).startswith(str(first.context.get("where", "?")))
            for f in faults
        ):
            faults.insert(0, first)
        return Checked(tuple(faults), (), (), None)
    for number, photo in enumerate(received.photos, 1):
        if examine is None:
            break
        try:
            examine(photo, received.submitted_at.date())
        except Refused as fault:
            faults.append(Refused(fault.code, **{**fault.context, "photo": number}))
    seen = {photo.view for photo in received.photos}
    missing = tuple(w for w in View if w is not View.OTHER and w not in seen)
    open_ = unanswered(received, reader.facts)
    return Checked(tuple(faults), missing, open_, received)


def unanswered(received: Received, registry: Mapping[str, FactSpec]) -> tuple[tuple[str, str], ...]:
    """(linkId, question) of each must-ask of the request's form that has no answer and no record."""
    known = {fact.name for fact in received.facts}
    answered = {answer.link_id for answer in received.answers}
    for form in published().values():
        if received.request not in form.requests or not answered <= {*form.questions}:
            continue
        return tuple(
            (q.link_id, q.text)
            for q in form.questions.values()
            if q.target == "fact"
            and registry[q.name].ask_code is not None
            and q.name not in known
            and q.link_id not in answered
            and not q.only_when
        )
    return ()


def _list_all(path: Path, reader: FolderReader, faults: list[Refused]) -> None:
    kind = reader.kind(path)
    if kind == FHIR_JSON:
        _bundle(path.read_bytes(), reader, faults, (), None)
    elif kind == FHIR_ZIP:
        with opened(path, faults.append) as package:
            _bundle(package.bundle(), reader, faults, package.photos, package.photo)


def _bundle(
    raw: bytes,
    reader: FolderReader,
    faults: list[Refused],
    members: Sequence[str],
    fetch: Fetch | None,
) -> None:
    top = Lenient(read_manifest(raw), "Bundle", faults)
    system = "?"
    with top.bounded():
        system, _ = bundle.read_head(top)
    entries = bundle.read_entries(top)
    top.done()
    there = {entry.kind for entry in entries}
    subject = next((e.url for e in entries if e.kind == "Patient"), "?")
    if "Patient" in there:
        with top.bounded():
            bundle.read_subject(entries, system)
    ordered = bundle.Ordered(RequestKind.ACNE, 1, date.max, datetime.max.replace(tzinfo=UTC))
    request: RequestKind | None = None
    if "ServiceRequest" in there:
        before = len(faults)
        with top.bounded():
            ordered = bundle.read_order(entries, subject)
            request = ordered.request if len(faults) == before else None
    answered = Answered((), (), {}, "")
    if "QuestionnaireResponse" in there:
        with top.bounded():
            answered = bundle.read_answers(entries, request, subject)
    with top.bounded():
        Photographs(entries, subject, members, fetch).read()
    with top.bounded():
        read = bundle.read_clinical(entries, subject, PatientId("0"), reader.tests, ordered)
        bundle.check_facts(bundle.merged(answered.facts, read.facts), reader.facts)


def place(where: str) -> str:
    """``Bundle.entry[3].resource.code`` as people count: ``entry 4: code``."""
    head, _, rest = where.partition(".resource.")
    if head.startswith("Bundle.entry[") and head.endswith("]"):
        number = int(head[len("Bundle.entry[") : -1]) + 1
        return f"entry {number}: {rest}" if rest else f"entry {number}"
    return where
