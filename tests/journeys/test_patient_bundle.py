"""A Synthea-style patient bundle becomes a consultation that awaits the patient, with all that lacks."""

import json

from workstation import cli
from workstation.domain.consultation import Status
from workstation.domain.photo import View
from workstation.workflow import intake
from workstation.workflow.ports import QueueFilter

SYNTHEA = {
    "resourceType": "Bundle",
    "type": "transaction",
    "entry": [
        {
            "fullUrl": "urn:uuid:1",
            "resource": {
                "resourceType": "Patient",
                "id": "1",
                "text": {"status": "generated", "div": "<div>Generated</div>"},
                "extension": [
                    {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"}
                ],
                "identifier": [
                    {"system": "https://github.com/synthetichealth/synthea", "value": "1"},
                    {
                        "type": {"coding": [{"code": "MR"}]},
                        "system": "http://hospital.smarthealthit.org",
                        "value": "b-17",
                    },
                ],
                "name": [{"use": "official", "family": "Abbott774", "given": ["Ana", "Lia"]}],
                "telecom": [{"system": "phone", "value": "555-123-4567", "use": "home"}],
                "gender": "female",
                "birthDate": "1999-04-05",
                "address": [
                    {"line": ["1 Ferry Rd"], "city": "Boston", "state": "MA", "postalCode": "02108"}
                ],
            },
            "request": {"method": "POST", "url": "Patient"},
        },
        {"resource": {"resourceType": "Encounter", "status": "finished"}},
        {"resource": {"resourceType": "AllergyIntolerance", "code": {"text": "Peanut"}}},
        {
            "resource": {
                "resourceType": "MedicationRequest",
                "status": "stopped",
                "medicationCodeableConcept": {"text": "Old medicine"},
            }
        },
    ],
}


def test_it_awaits_the_patient_and_lists_what_lacks(clinic, tmp_path, capsys):
    given, out = tmp_path / "synthea.json", tmp_path / "out.json"
    given.write_text(json.dumps(SYNTHEA))
    assert cli.run(["new-package", "--patient-bundle", str(given), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    listed = told.partition("(the dermatologist may ask): ")[2].splitlines()[0]
    assert listed.split(", ") == [view.value for view in View if view is not View.OTHER]
    assert "mood-ideation" in told and "pregnancy-potential" in told
    answer = intake.receive(clinic.desk, out)
    assert isinstance(answer, intake.Stored)
    found = clinic.look(answer.id)
    assert found.status is Status.AWAITING_PATIENT and found.patient.external_id == "b-17"
    assert (found.patient.allergies, found.patient.medicines) == (("Peanut",), None)
    assert found.facts == () and found.photos == ()
    with clinic.desk.store.reading() as unit:
        rows = unit.queue(QueueFilter(scope="all"), clinic.session.user.id, clinic.clock.now())
    row = next(r for r in rows if r.id == answer.id)
    assert len(row.views_missing) == len(View) - 1


def test_what_is_no_patient_bundle_is_told(tmp_path, capsys):
    given = tmp_path / "x.json"
    for content in ({"resourceType": "Patient"}, {"resourceType": "Bundle", "entry": [{}]}):
        given.write_text(json.dumps(content))
        arguments = [
            "new-package",
            "--patient-bundle",
            str(given),
            "--out",
            str(tmp_path / "o.json"),
        ]
        assert cli.run(arguments) == 1
        assert capsys.readouterr().err.strip()
