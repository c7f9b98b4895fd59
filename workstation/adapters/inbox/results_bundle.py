"""A FHIR R4 Bundle that holds one Patient and Observations: results that came on their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from workstation.adapters.inbox import clinical
from workstation.adapters.inbox.manifest import read_manifest
from workstation.adapters.inbox.node import Node
from workstation.adapters.inbox.patient import read_patient
from workstation.domain.consultation import Answer, Delivery
from workstation.domain.errors import Refused
from workstation.domain.ids import ResultId
from workstation.domain.results import LabResult
from workstation.workflow.ports.board import ReceivedResults

MOST_ENTRIES = 1000


def is_results(raw: bytes) -> bool:
    """Whether a bundle asks for nothing: a consultation always carries its request."""
    return b'"ServiceRequest"' not in raw and b'"Observation"' in raw


def read_results_bundle(
    raw: bytes, *, tests: Mapping[str, str], digest: str, kind: str
) -> ReceivedResults:
    """The results in a bundle; ``tests`` gives the test id of each LOINC code.

    Raises:
        Refused: ``intake.*`` with ``where``.
    """
    top = Node(read_manifest(raw), "Bundle")
    if top.text("resourceType") != "Bundle":
        raise Refused("intake.bundle.kind")
    top.choice("type", "collection", "message")
    identifier = top.node("identifier")
    system, external_id = identifier.text("system"), identifier.text("value")
    identifier.done()
    on, at = top.day("timestamp"), top.moment("timestamp")
    items = top.nodes("entry")
    top.done()
    if len(items) > MOST_ENTRIES:
        raise top.refused("intake.bundle.entries", "entry")
    found: dict[str, list[tuple[str, Node]]] = {"Patient": [], "Observation": []}
    urls: set[str] = set()
    for item in items:
        url = item.text("fullUrl")
        if url in urls:
            raise item.refused("intake.bundle.twice", "fullUrl")
        urls.add(url)
        resource = item.node("resource")
        name = resource.text("resourceType")
        if name not in found:
            raise resource.refused("intake.bundle.resource", "resourceType")
        item.done()
        found[name].append((url, resource))
    if len(found["Patient"]) != 1:
        raise Refused("intake.bundle.once", where="Patient")
    subject, node = found["Patient"][0]
    who = read_patient(node, system)
    results: list[LabResult] = []
    corrections: set[ResultId] = set()
    left_out: list[str] = []
    for number, (_, observation) in enumerate(found["Observation"]):
        clinical.check_subject(observation, "subject", subject)
        status = observation.choice("status", "final", "amended", "corrected")
        read = clinical.read_result(observation, who.id, tests, on, at)
        if isinstance(read, Answer):
            left_out.append(read.question)
            continue
        marks = "\n".join((system, external_id, str(number), read.test))
        result = replace(read, id=ResultId(hashlib.sha256(marks.encode()).hexdigest()[:32]))
        results.append(result)
        if status != "final":
            corrections.add(result.id)
    return ReceivedResults(
        source=Delivery(system, external_id, digest, kind),
        record_number=who.external_id,
        born=who.born,
        results=tuple(results),
        corrections=frozenset(corrections),
        left_out=tuple(left_out),
    )
