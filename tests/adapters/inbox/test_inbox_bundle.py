"""FHIR bundles: strict reading, exact text, both shapes, and nothing passed over in silence."""

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import inbox_builders as b
import pytest

from workstation.adapters.inbox.source import FolderReader
from workstation.domain.consultation import PriorCourse, RequestKind
from workstation.domain.dosing import Dispensed
from workstation.domain.errors import Refused
from workstation.domain.facts import Origin
from workstation.domain.patient import Sex
from workstation.domain.photo import View
from workstation.domain.results import TestSetting

READER = FolderReader(b.TESTS, b.registry())
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


@pytest.fixture
def read(tmp_path):
    def reading(bundle, shape="json"):
        path = tmp_path / f"in.{shape}"
        content = b.zipped(bundle) if shape == "zip" else json.dumps(bundle).encode()
        path.write_bytes(content)
        return READER.read(path)

    return reading


@pytest.fixture
def code(read):
    def refusal(bundle, shape="json"):
        with pytest.raises(Refused) as error:
            read(bundle, shape)
        for value in error.value.context.values():
            assert "Marsh" not in str(value)
            assert "SECRET" not in str(value)
        return error.value.code

    return refusal


def plain(extra=()):
    return b.bundle(photos=False, extra=extra)


def with_result(**changes):
    return plain([b.lab(**changes)])


def test_both_shapes_say_the_same(read):
    zipped, inline = read(b.bundle(), "zip"), read(b.inline())
    assert zipped.source.file_kind == "fhir-zip"
    assert inline.source.file_kind == "fhir-json"
    for field in ("request", "visit", "submitted_at", "patient", "answers", "facts", "own_words"):
        assert getattr(zipped, field) == getattr(inline, field)
    assert [(p.view, p.content, p.digest) for p in zipped.photos] == [
        (p.view, p.content, p.digest) for p in inline.photos
    ]


def test_the_consultation_that_is_read(read):
    received = read(b.bundle(), "zip")
    assert received.request is RequestKind.ISOTRETINOIN_START
    assert received.visit == 2
    assert received.submitted_at == datetime(2026, 11, 22, 4, 21, tzinfo=UTC)
    patient = received.patient
    assert (patient.family, patient.given, patient.title) == ("Marsh", "Elena", "Ms")
    assert (patient.born, patient.sex, patient.external_id) == (
        date(2003, 3, 14),
        Sex.FEMALE,
        "MK-204817",
    )
    assert patient.allergies is None
    assert patient.medicines is None
    assert [p.view for p in received.photos] == [View.FRONT, View.LEFT45]
    weight, nursing = received.facts
    assert (weight.name, weight.value, weight.origin) == (
        "patient.weight",
        Decimal("61.5"),
        Origin.INTAKE,
    )
    assert weight.as_of == date(2026, 11, 21)  # the patient's day, not that of UTC
    assert weight.source == "intake Q7"
    assert (nursing.name, nursing.value) == ("lactation.now", False)
    assert received.own_words == "It hurts.\nPlease help."
    assert [a.text for a in received.answers] == ["61.5 kg", "No"]


def test_the_same_file_gives_the_same_digest_and_patient(read):
    one, two = read(b.bundle(), "zip"), read(b.bundle(), "zip")
    assert one == two
    assert len(one.source.package_digest) == 64
    other = b.bundle()
    other["identifier"]["system"] = "urn:another-clinic"
    assert read(other, "zip").patient.id != one.patient.id


# -- unknown is never "no" -------------------------------------------------------------------------


def test_unanswered_and_not_known_give_no_fact(read):
    unsaid = {"linkId": "lactation-now"}
    unknown = {
        "linkId": "pregnancy-now",
        "answer": [{"valueCoding": {"system": ABSENT, "code": "asked-unknown"}}],
    }
    received = read(b.answers(plain(), unsaid, unknown))
    assert received.facts == ()
    assert [(a.link_id, a.text) for a in received.answers] == [("pregnancy-now", "I do not know")]


@pytest.mark.parametrize(
    "answer",
    [
        {"valueBoolean": None},
        {"valueBoolean": "false"},
        {"valueBoolean": 0},
        {"valueBoolean": "no"},
        {"valueString": "no"},
        {"valueInteger": 0},
        {},
        {"valueBoolean": False, "valueString": "yes"},
        {"valueCoding": {"system": ABSENT, "code": "unknown"}},
    ],
)
def test_answers_of_another_type_are_refused(code, answer):
    found = code(b.answers(plain(), {"linkId": "pregnancy-now", "answer": [answer]}))
    assert found.startswith("intake.key.")


def test_answers_must_belong_to_their_question(code):
    nursing = {"linkId": "lactation-now", "answer": [{"valueBoolean": False}]}
    cases = {
        "intake.answer.unknown": [
            {"linkId": "SECRET-question", "answer": [{"valueBoolean": True}]}
        ],
        "intake.answer.twice": [nursing, nursing],
        "intake.answer.question": [nursing | {"text": "Are you NOT breast-feeding?"}],
        "intake.answer.several": [
            {"linkId": "lactation-now", "answer": [{"valueBoolean": False}] * 2}
        ],
        "intake.key.word": [{"linkId": "pregnancy-potential", "answer": [b.coding("perhaps")]}],
        "intake.answer.system": [
            {
                "linkId": "pregnancy-potential",
                "answer": [{"valueCoding": {"system": "x", "code": "no"}}],
            }
        ],
        "intake.answer.contradiction": [
            {
                "linkId": "medicines-now",
                "answer": [b.coding("none-of-these"), b.coding("doxycycline")],
            }
        ],
        "intake.key.range": [{"linkId": "alcohol-days", "answer": [{"valueInteger": -1}]}],
        "intake.date": [
            {"linkId": "pregnancy-last-period", "answer": [{"valueDate": "2026-02-30"}]}
        ],
    }
    for expected, items in cases.items():
        assert code(b.answers(plain(), *items)) == expected


def test_choices_and_their_text(read):
    received = read(
        b.answers(
            plain(),
            {"linkId": "medicines-now", "answer": [b.coding("doxycycline"), b.coding("iron")]},
            {"linkId": "symptoms-now", "answer": [b.coding("none-of-these")]},
            {"linkId": "pregnancy-last-period", "answer": [{"valueDate": "2026-11-05"}]},
        )
    )
    assert {f.name: f.value for f in received.facts} == {
        "medicines.now": ("doxycycline", "iron"),
        "symptoms.now": (),
        "pregnancy.last_period": date(2026, 11, 5),
    }
    assert [a.text for a in received.answers] == [
        "05\u2011Nov\u20112026",
        "None of these",
        "Doxycycline, iron",
    ]


def test_a_questionnaire_must_be_published_and_fit_the_request(code):
    made = plain()
    b.resource(made, "QuestionnaireResponse")["questionnaire"] = b.ROOT + "questionnaire:acne|1"
    assert code(made) == "intake.questionnaire.request"
    b.resource(made, "QuestionnaireResponse")["questionnaire"] = b.ROOT + "questionnaire:acne|2"
    assert code(made) == "intake.questionnaire.unknown"


# -- results ---------------------------------------------------------------------------------------


def test_a_result_with_all_it_says(read):
    extra = [
        {"url": b.ROOT + "fasting", "valueBoolean": True},
        {"url": b.ROOT + "hours-since-alcohol", "valueInteger": 48},
        {"url": b.ROOT + "setting", "valueCode": "medical"},
        {"url": b.ROOT + "role", "valueCode": "baseline"},
    ]
    (result,) = read(with_result(extension=extra, issued="2026-11-19T08:00:00Z")).results
    assert (result.test, result.value, result.unit, result.upper_limit) == ("alt", 22, "U/L", 40)
    assert (result.fasting, result.hours_since_alcohol, result.role) == (True, 48, "baseline")
    assert result.setting is TestSetting.MEDICAL
    assert result.collected == date(2026, 11, 18)
    assert result.laboratory == "Some Laboratory"
    assert result.recorded_at == datetime(2026, 11, 19, 8, tzinfo=UTC)


def test_what_a_result_does_not_say_stays_unknown(read):
    (result,) = read(with_result(referenceRange=None, performer=None)).results
    assert (result.upper_limit, result.fasting, result.setting, result.role) == (
        None,
        None,
        None,
        None,
    )


def test_a_coded_result_and_another_code_of_the_same_test(read):
    negative = with_result(
        code=b.concept("http://loinc.org", "2106-3"),
        valueQuantity=None,
        referenceRange=None,
        valueCodeableConcept=b.concept("http://snomed.info/sct", "260385009"),
    )
    assert read(negative).results[0].value == "negative"
    fasting = with_result(
        code=b.concept("http://loinc.org", "3048-6"),
        valueQuantity=b.quantity(96, "mg/dL"),
        referenceRange=None,
    )
    assert read(fasting).results[0].test == "tg"


def test_an_unknown_test_is_kept_as_a_line(read):
    received = read(
        with_result(
            code=b.concept("http://loinc.org", "1989-3"),
            valueQuantity=b.quantity(30, "ng/mL"),
            referenceRange=None,
        )
    )
    assert received.results == ()
    assert received.answers[-1].question == "Other result, LOINC 1989-3"
    assert received.answers[-1].text == "30 ng/mL (2026-11-18)"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"valueQuantity": {"value": 22}}, "intake.unit"),
        ({"valueQuantity": {"value": 22, "unit": "U/L"}}, "intake.unit"),
        ({"valueQuantity": {"value": 22, "system": "urn:other", "code": "U/L"}}, "intake.unit"),
        ({"valueQuantity": b.quantity(22, "U/L") | {"comparator": "<"}}, "intake.key.unknown"),
        ({"valueQuantity": b.quantity(-1, "U/L")}, "intake.key.range"),
        ({"valueQuantity": b.quantity("22", "U/L")}, "intake.key.kind"),
        ({"valueQuantity": b.quantity(True, "U/L")}, "intake.key.kind"),
        ({"valueQuantity": None}, "intake.lab.value"),
        (
            {"valueQuantity": None, "dataAbsentReason": b.concept(ABSENT, "unknown")},
            "intake.lab.value",
        ),
        ({"referenceRange": [{"high": b.quantity(40, "ukat/L")}]}, "intake.unit"),
        ({"referenceRange": [{"high": b.quantity(40, "U/L")}] * 2}, "intake.key.several"),
        ({"status": "entered-in-error"}, "intake.key.word"),
        ({"status": "preliminary"}, "intake.key.word"),
        ({"effectiveDateTime": "2026-11"}, "intake.date"),
        ({"effectiveDateTime": "2026-11-22"}, "intake.lab.future"),
        ({"effectiveDateTime": "1026-11-22"}, "intake.date"),
        ({"effectiveDateTime": None}, "intake.key.missing"),
        ({"code": b.concept("urn:oid:2.16.840.1.113883.6.238", "2106-3")}, "intake.code.system"),
        ({"subject": {"reference": "urn:uuid:another"}}, "intake.subject.other"),
        ({"modifierExtension": [{"url": "x", "valueBoolean": True}]}, "intake.key.unknown"),
        ({"component": []}, "intake.key.unknown"),
        ({"extension": [{"url": "urn:other", "valueBoolean": True}]}, "intake.extension"),
        ({"extension": [{"url": b.ROOT + "role", "valueCode": "T3"}]}, "intake.key.word"),
    ],
)
def test_results_without_one_meaning_are_refused(code, changes, expected):
    assert code(with_result(**changes)) == expected


def test_the_same_result_twice_is_one(read):
    assert len(read(plain([b.lab(), b.lab()])).results) == 1


# -- record --------------------------------------------------------------------------------------


def chart(name, value):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": b.concept(b.ROOT + "chart", name),
        "subject": {"reference": b.SUBJECT},
        "effectiveDateTime": "2026-11-20",
        **value,
    }


def test_chart_statements_become_facts(read):
    received = read(
        plain(
            [
                chart("rems.patient_enrolled", {"valueBoolean": True}),
                chart(
                    "pregnancy.category",
                    {"valueCodeableConcept": b.concept(b.ROOT + "answer", "CGP")},
                ),
            ]
        )
    )
    found = {f.name: (f.value, f.origin) for f in received.facts}
    assert found["rems.patient_enrolled"] == (True, Origin.CHART)
    assert found["pregnancy.category"] == ("CGP", Origin.CHART)


def test_a_package_cannot_state_what_only_the_clinician_may(code):
    for name in (
        "alcohol.discussed",
        "rems.confirmed_on",
        "indication.icd10",
        "mood.assessed_on",
        "x",
    ):
        assert code(plain([chart(name, {"valueBoolean": True})])) == "intake.code.unknown"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("pregnancy.category", {"valueBoolean": False}, "intake.fact.value"),
        (
            "pregnancy.category",
            {"valueCodeableConcept": b.concept(b.ROOT + "answer", "cngp")},
            "intake.fact.value",
        ),
        (
            "rems.patient_enrolled",
            {"valueCodeableConcept": b.concept(b.ROOT + "answer", "yes")},
            "intake.fact.value",
        ),
        ("rems.patient_enrolled", {"valueDateTime": "2026-11-20"}, "intake.fact.value"),
        ("rems.patient_enrolled", {"valueString": "yes"}, "intake.chart.value"),
        ("rems.patient_enrolled", {"valueBoolean": "true"}, "intake.key.kind"),
        ("rems.patient_enrolled", {}, "intake.chart.value"),
    ],
)
def test_chart_statements_of_another_kind_are_refused(code, name, value, expected):
    assert code(plain([chart(name, value)])) == expected


def test_two_records_of_one_day_that_differ_are_refused(code):
    both = [chart("rems.patient_enrolled", {"valueBoolean": flag}) for flag in (True, False)]
    assert code(plain(both)) == "intake.fact.contradiction"


def test_a_newer_record_replaces_an_older_one(read):
    old = chart("rems.patient_enrolled", {"valueBoolean": True}) | {
        "effectiveDateTime": "2026-01-02"
    }
    new = chart("rems.patient_enrolled", {"valueBoolean": False})
    for order in ([old, new], [new, old]):
        assert [f.value for f in read(plain(order)).facts if f.name.startswith("rems")] == [False]


def consent(kind="treatment", **changes):
    found = {
        "resourceType": "Consent",
        "status": "active",
        "scope": b.concept("http://terminology.hl7.org/CodeSystem/consentscope", "treatment"),
        "category": [b.concept(b.ROOT + "consent", kind)],
        "patient": {"reference": b.SUBJECT},
        "dateTime": "2026-11-20",
        "policyRule": {"text": "Consent"},
    }
    return found | changes


def test_consents_become_dates(read, code):
    facts = read(plain([consent(), consent("guardian")])).facts
    assert {f.name: f.value for f in facts if f.name.startswith("consent")} == {
        "consent.patient_on": date(2026, 11, 20),
        "consent.guardian_on": date(2026, 11, 20),
    }
    assert code(plain([consent(status="rejected")])) == "intake.key.word"
    assert code(plain([consent("other")])) == "intake.code.unknown"


def medicine(text, **changes):
    found = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": text},
        "subject": {"reference": b.SUBJECT},
    }
    return found | changes


def allergy(text, **changes):
    return {
        "resourceType": "AllergyIntolerance",
        "code": {"text": text},
        "patient": {"reference": b.SUBJECT},
    } | changes


def none(code):
    return {"coding": [{"system": "http://snomed.info/sct", "code": code}], "text": "None known"}


def test_medicines_and_allergies_stated_absent_or_not_recorded(read, code):
    both = read(
        plain([medicine("Iron"), medicine("Old", status="stopped"), allergy("Soy")])
    ).patient
    assert (both.medicines, both.allergies) == (("Iron",), ("Soy",))
    clear = read(
        plain(
            [
                medicine("", medicationCodeableConcept=none("787481004")),
                allergy("", code=none("716186003")),
            ]
        )
    ).patient
    assert (clear.medicines, clear.allergies) == ((), ())
    assert read(plain()).patient.allergies is None
    contradiction = [allergy("Soy"), allergy("", code=none("716186003"))]
    assert code(plain(contradiction)) == "intake.allergy.contradiction"
    assert code(plain([medicine("Iron", status="entered-in-error")])) == "intake.key.word"


def test_earlier_supplies(read, code):
    supply = {
        "resourceType": "MedicationDispense",
        "status": "completed",
        "medicationCodeableConcept": {"text": "ISOtretinoin"},
        "subject": {"reference": b.SUBJECT},
        "daysSupply": b.quantity(30, "d"),
        "whenHandedOver": "2026-10-22",
        "dosageInstruction": [
            {
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": b.quantity(30, "mg")}],
            }
        ],
        "extension": [
            {"url": b.ROOT + "formulation", "valueCode": "conventional"},
            {"url": b.ROOT + "weight", "valueQuantity": b.quantity(61.5, "kg")},
        ],
    }
    expected = Dispensed(date(2026, 10, 22), Decimal(30), 30, "conventional", Decimal("61.5"))
    assert read(plain([supply])).dispensed == (expected,)
    twice = copy.deepcopy(supply)
    twice["dosageInstruction"][0]["timing"]["repeat"]["frequency"] = 2
    assert code(plain([twice])) == "intake.supply.timing"
    grams = copy.deepcopy(supply)
    grams["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"] = b.quantity(0.03, "g")
    assert code(plain([grams])) == "intake.unit"


def test_a_prior_course_is_read_from_the_answers(read):
    received = read(
        b.answers(
            plain(),
            {"linkId": "course-previous", "answer": [{"valueBoolean": True}]},
            {"linkId": "course-last-dose", "answer": [{"valueDate": "2024-05-01"}]},
            {"linkId": "course-cumulative-before", "answer": [{"valueDecimal": 118.5}]},
        )
    )
    assert received.prior_courses == (PriorCourse(date(2024, 5, 1), Decimal("118.5")),)


# -- whole bundle ----------------------------------------------------------------------------------


def broken(change):
    made = plain()
    change(made)
    return made


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda m: m.update(resourceType="Patient"), "intake.bundle.kind"),
        (lambda m: m.update(type="transaction"), "intake.key.word"),
        (lambda m: m.update(SECRET="x"), "intake.key.unknown"),
        (lambda m: m.pop("identifier"), "intake.key.missing"),
        (lambda m: m.update(entry=[]), "intake.key.kind"),
        (lambda m: m.update(entry={}), "intake.key.kind"),
        (lambda m: m.update(entry=[1]), "intake.key.kind"),
        (lambda m: m["entry"].pop(0), "intake.bundle.once"),
        (lambda m: m["entry"].append(m["entry"][0]), "intake.bundle.twice"),
        (
            lambda m: m["entry"].append(b.entry(9, {"resourceType": "Task"})),
            "intake.bundle.resource",
        ),
        (lambda m: m["entry"][0]["resource"].update(deceasedBoolean=True), "intake.key.unknown"),
        (lambda m: m["entry"][0]["resource"].update(active=False), "intake.patient.inactive"),
        (lambda m: m["entry"][0]["resource"].update(birthDate="2003"), "intake.date"),
        (lambda m: m["entry"][0]["resource"].update(gender="f"), "intake.key.word"),
        (lambda m: m["entry"][0]["resource"].update(name=[]), "intake.key.kind"),
        (
            lambda m: m["entry"][1]["resource"].update(authoredOn="2026-11-21T20:21:00"),
            "intake.date",
        ),
        (lambda m: m["entry"][1]["resource"].update(status="revoked"), "intake.key.word"),
        (lambda m: m["entry"][1]["resource"].update(doNotPerform=True), "intake.key.unknown"),
        (lambda m: m["entry"][2]["resource"].update(status="in-progress"), "intake.key.word"),
    ],
)
def test_bundles_that_are_not_understood_are_refused(code, change, expected):
    assert code(broken(change)) == expected


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("Marsh\u202eanele", "intake.text.direction"),
        ("Marsh\u200f", "intake.text.direction"),
        ("Marsh\u2066", "intake.text.direction"),
        ("Marsh\u0000", "intake.text.control"),
        ("Marsh\nSecond", "intake.text.control"),
        ("Marsh\ud800", "intake.text.character"),
        ("Marsh\ufffe", "intake.text.character"),
        ("  ", "intake.text.blank"),
        ("M" * 300, "intake.text.long"),
    ],
)
def test_names_with_hidden_characters_are_refused(code, family, expected):
    def change(made):
        made["entry"][0]["resource"]["name"][0]["family"] = family

    assert code(broken(change)) == expected


@pytest.mark.parametrize(
    "words",
    [
        "=2+3",
        "<b>bold</b> & {{x}}",
        "نور الهاشمي\u200f",
        "박준호 👩🏽‍⚕️",
        "e\u0301 and é",
        "  led by spaces\n\n\tand tabs ",
    ],
)
def test_own_words_come_back_exactly(read, words):
    item = {"linkId": "own-words", "answer": [{"valueString": words}]}
    assert read(b.answers(plain(), item)).own_words == words


# -- photos ----------------------------------------------------------------------------------------


def test_photos_must_be_what_the_bundle_says(code):
    swapped = b.bundle()
    first, second = (b.resource(swapped, "Media", n)["content"] for n in (0, 1))
    first["url"], second["url"] = second["url"], first["url"]
    assert code(swapped, "zip") == "intake.photo.digest"
    absent = b.bundle()
    b.resource(absent, "Media")["content"]["url"] = "photos/c.jpg"
    assert code(absent, "zip") == "intake.photo.missing"
    outside = b.bundle()
    b.resource(outside, "Media")["content"]["url"] = "../../etc/passwd"
    assert code(outside, "zip") == "intake.photo.missing"
    remote = b.bundle()
    b.resource(remote, "Media")["content"]["url"] = "https://example.org/a.jpg"
    assert code(remote, "zip") == "intake.photo.missing"
    undigested = b.bundle()
    del b.resource(undigested, "Media")["content"]["extension"]
    assert code(undigested, "zip") == "intake.photo.digest"
    other_type = b.bundle()
    b.resource(other_type, "Media")["content"]["contentType"] = "image/png"
    assert code(other_type, "zip") == "intake.photo.type"
    svg = b.bundle()
    b.resource(svg, "Media")["content"]["contentType"] = "image/svg+xml"
    assert code(svg, "zip") == "intake.key.word"
    same = b.bundle()
    b.resource(same, "Media", 1)["content"]["url"] = "photos/a.jpg"
    assert code(same, "zip") == "intake.photo.twice"
    view = b.bundle()
    b.resource(view, "Media")["view"] = b.concept(b.ROOT + "view", "profile")
    assert code(view, "zip") == "intake.code.unknown"
    stranger = b.bundle()
    b.resource(stranger, "Media")["subject"]["reference"] = "urn:uuid:another"
    assert code(stranger, "zip") == "intake.subject.other"


def test_inline_photos_must_be_base64_and_named(code):
    made = b.inline()
    b.resource(made, "Media")["content"]["data"] = "not base64!"
    assert code(made) == "intake.photo.base64"
    made = b.inline()
    b.resource(made, "Binary")["data"] = ""
    assert code(made) == "intake.photo.empty"
    made = b.inline()
    b.resource(made, "Binary")["contentType"] = "image/png"
    assert code(made) == "intake.photo.type"
    made = b.inline()
    made["entry"] = [
        e
        for e in made["entry"]
        if e["resource"].get("view", {}) != b.concept(b.ROOT + "view", "left45")
    ]
    assert code(made) == "intake.package.unlisted"


def test_a_document_reference_may_carry_a_photo(read):
    made = b.inline()
    entry = next(e for e in made["entry"] if e["resource"]["resourceType"] == "Media")
    media = entry["resource"]
    entry["resource"] = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": media["view"],
        "subject": media["subject"],
        "content": [{"attachment": media["content"]}],
    }
    assert {p.view for p in read(made).photos} == {View.FRONT, View.LEFT45}
