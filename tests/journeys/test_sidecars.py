"""Files for other programs beside an exported document: they say what the paper says, or are not."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from clinic_day import Clinic
from test_amend_and_void import amending, make_void, signed
from test_basket import answered, draft
from test_handing_over import valid_r4

from workstation.adapters.exports.outcome import outcome_bundle
from workstation.cli import run
from workstation.domain.documents import DocumentKind, SignedDocument
from workstation.domain.draft import ItemKind, Key
from workstation.domain.facts import Origin
from workstation.domain.ids import ResultId, new_id
from workstation.domain.results import LabResult, TestSetting
from workstation.workflow import handing_over, sign, signed_files


def exported(clinic: Clinic, document: SignedDocument) -> signed_files.Exported:
    return signed_files.export(clinic.desk, clinic.session, document)


def read(made: signed_files.Exported) -> dict[str, list[dict[str, Any]]]:
    """Resources of the sidecar by kind, valid R4."""
    (path,) = [one for one in made.beside if one.name.endswith(".fhir.json")]
    bundle = json.loads(path.read_text(encoding="utf-8"))
    assert valid_r4(bundle) >= 2
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in bundle["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    for reference in _references(bundle):
        assert reference in urls  # everything that is pointed at is in the file
    return found


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [one for part in value.values() for one in _references(part)]
    if isinstance(value, list):
        return [one for part in value for one in _references(part)]
    return []


def of_kind(documents: tuple[SignedDocument, ...], kind: DocumentKind) -> SignedDocument:
    return next(one for one in documents if one.kind is kind)


def test_a_prescription_has_the_same_medicines_beside_it_as_on_it(clinic: Clinic) -> None:
    hand = clinic.take("Al-Hashimi")
    hand.prescribe()
    shown = hand.preview().documents[0].document
    by = hand.appraisal.rems.last_pick_up
    answer = hand.sign()
    rx = answer.documents[0]
    made = exported(clinic, rx)
    assert made.path.name == f"{rx.number}.pdf"
    assert [one.name for one in made.beside] == [f"{rx.number}.fhir.json"]
    found = read(made)
    assert shown.prescribed is not None
    requests = found["MedicationRequest"]
    assert [
        (
            r["medicationCodeableConcept"]["text"].split(" capsule")[0],
            r["dispenseRequest"]["quantity"]["value"],
            r["dispenseRequest"]["expectedSupplyDuration"]["value"],
            r["dispenseRequest"]["numberOfRepeatsAllowed"],
        )
        for r in requests
    ] == [
        (one.name.replace("\u00a0", " "), one.quantity, one.days, one.refills)
        for one in shown.prescribed.items
    ]
    for request in requests:
        window = request["dispenseRequest"]["validityPeriod"]
        assert date.fromisoformat(window["end"]) == by == shown.prescribed.dispense_by
        assert request["groupIdentifier"]["value"] == rx.number
        assert "with food" in request["dosageInstruction"][0]["text"]
        total = sum(
            dose["doseAndRate"][0]["doseQuantity"]["value"] for dose in request["dosageInstruction"]
        )
        strength = int(request["medicationCodeableConcept"]["text"].split()[1])
        (code,) = request["medicationCodeableConcept"]["coding"]
        assert code["system"] == "http://www.nlm.nih.gov/research/umls/rxnorm"
        assert code["code"] == {10: "197843", 20: "197844", 30: "403930", 40: "197845"}[strength]
        days = request["dispenseRequest"]["expectedSupplyDuration"]["value"]
        # Milligrams a day in the doses are the milligrams of the capsules dispensed a day.
        assert total * days == strength * request["dispenseRequest"]["quantity"]["value"]
    patient = clinic.look(hand.id).patient
    (person,) = found["Patient"]
    assert person["birthDate"] == patient.born.isoformat()
    assert patient.family not in made.beside[0].name
    # The same truth in what is handed back to the sender.
    given = handing_over.consultation(clinic.desk, clinic.session, hand.id, "copy")
    bundle = outcome_bundle(given)
    assert valid_r4(bundle)
    told = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "MedicationRequest"]  # fmt: skip
    assert [t["dispenseRequest"] for t in told] == [r["dispenseRequest"] for r in requests]


def test_a_plan_has_its_tests_and_days_beside_it(clinic: Clinic) -> None:
    _, documents = signed(clinic)
    plan = of_kind(documents, DocumentKind.MONITORING_PLAN)
    made = exported(clinic, plan)
    assert [one.name for one in made.beside] == [f"{plan.number}.fhir.json", f"{plan.number}.ics"]
    found = read(made)
    with clinic.desk.store.reading() as unit:
        held = unit.board.plan_of(clinic.look(plan.consultation).patient.id)
    assert held is not None
    ahead = [t for t in held.plan.tests if t.state != "done" and t.role not in ("visit", "pick_up")]
    tests = clinic.desk.catalogue.tests
    assert [
        (r["code"]["coding"][0]["code"], r["occurrencePeriod"]["start"], r["occurrencePeriod"]["end"])
        for r in found["ServiceRequest"]
    ] == [
        (tests[t.test].loinc, t.days.first.isoformat(), t.days.last.isoformat()) for t in ahead
    ]  # fmt: skip
    assert ["patientInstruction" in r for r in found["ServiceRequest"]] == [
        tests[t.test].fasting for t in ahead
    ]
    assert {tests[t.test].fasting for t in ahead} == {True, False}
    (care,) = found["CarePlan"]
    assert sum("reference" in a for a in care["activity"]) == len(ahead)
    days = icalendar.Calendar.from_ical(made.beside[1].read_bytes())
    starts = {event["DTSTART"].dt for event in days.walk("VEVENT")}
    assert {t.days.first for t in ahead} <= starts


def test_what_orders_nothing_or_holds_no_more_has_nothing_beside_it(clinic: Clinic) -> None:
    hand, documents = signed(clinic)
    record = of_kind(documents, DocumentKind.RECORD)
    assert exported(clinic, record).beside == ()
    rx = documents[0]
    assert exported(clinic, rx).beside
    again = amending(clinic, hand)
    assert exported(clinic, rx).beside == ()  # the draft is on its way to something else
    again.put(
        "treat.dose",
        (Key.of(ItemKind.REGIMEN, "isotretinoin"), again.regimen(again.appraisal.dose.daily - 10)),
    )
    again.reasons()
    answer = again.sign()
    new = answer.documents[0]
    assert exported(clinic, rx).beside == ()
    (request, *_) = read(exported(clinic, new))["MedicationRequest"]
    assert request["groupIdentifier"]["value"] == new.number
    make_void(clinic, new.id)
    assert exported(clinic, new).beside == ()


def test_a_later_result_does_not_move_the_last_day_to_dispense(clinic: Clinic) -> None:
    hand = clinic.take("Al-Hashimi")
    hand.prescribe()
    by = hand.appraisal.rems.last_pick_up
    answer = hand.sign()
    clinic.clock.later(days=20)
    later = LabResult(
        ResultId(new_id()), "hcg_urine", "negative", None, None, clinic.clock.today(),
        TestSetting.MEDICAL, None, None, "monthly", None, Origin.CLINICIAN,
        clinic.session.user.id, clinic.clock.now(), None,
    )  # fmt: skip
    with clinic.desk.store.writing("system", "s") as unit:
        unit.add_result(clinic.look(hand.id).patient.id, later)
    (request, *_) = read(exported(clinic, answer.documents[0]))["MedicationRequest"]
    assert request["dispenseRequest"]["validityPeriod"]["end"] == by.isoformat()
    assert by < clinic.clock.today() - timedelta(days=5)


def test_medicines_by_directions_stand_beside_their_prescription(clinic: Clinic) -> None:
    hand = clinic.take("Nguyễn")
    draft(hand, "spironolactone", "tretinoin_topical")
    answered(hand)
    wanted = hand.appraisal.directed
    answer = hand.sign()
    assert isinstance(answer, sign.Signed), answer
    rx = of_kind(answer.documents, DocumentKind.PRESCRIPTION_DIRECTED)
    requests = read(exported(clinic, rx))["MedicationRequest"]
    assert len(requests) == len(wanted)
    assert [r["dispenseRequest"]["numberOfRepeatsAllowed"] for r in requests] == [
        one.refills for one in wanted
    ]


def test_the_command_line_exports_a_document_with_what_it_orders(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from workstation import showcase

    _, documents = signed(clinic, "Al-Hashimi")
    folder = clinic.opened.folder
    clinic.opened.close()
    password = tmp_path / "password"
    password.write_text(showcase.PASSWORD)
    store = ["--store", str(folder), "--user", showcase.LOGIN, "--password-file", str(password)]
    plan = of_kind(documents, DocumentKind.MONITORING_PLAN)
    assert run(["export", "document", "--number", plan.number, *store]) == 0
    written = [Path(line) for line in capsys.readouterr().out.split()]
    assert [one.name.partition(".")[2] for one in written] == ["pdf", "fhir.json", "ics"]
    assert all(one.is_file() for one in written)
    assert run(["export", "document", "--number", "RX-2026-9999", *store]) == 1
    assert run(["export", "document", *store]) == 2
