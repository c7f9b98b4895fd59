"""Composed documents: every field, the minimum on the prescription, everything on the record."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import document_cases as cases
import pytest

from workstation.content.documents import read_texts
from workstation.domain import rems_course
from workstation.domain.accounts import Licence
from workstation.domain.documents import (
    BoxedFields,
    Bullets,
    Document,
    DocumentKind,
    Entries,
    Fields,
    Heading,
    MedicineLine,
    Paragraph,
    Table,
)
from workstation.domain.draft import DecisionKind, GradeOverride
from workstation.domain.errors import ContentError, WorkstationError
from workstation.domain.facts import Fact, Origin
from workstation.domain.ids import AnnotationId
from workstation.domain.lesions import Annotation, LesionType, MadeBy, Placed, Point, ZoneId
from workstation.domain.prescription import LintRule, lint
from workstation.domain.rems import Category
from workstation.domain.triage import TriageLevel
from workstation.presenters.rubric import OTHER_REASON, OVERRIDE_REASONS
from workstation.workflow import (
    amended,
    directed_page,
    guardian_page,
    handout_page,
    leaflet,
    letters,
    photo_sheet_page,
    plan_dates,
    plan_page,
    prescription_page,
    record_evidence,
    record_page,
    record_rems,
    record_severity,
    record_supplies,
    subject,
    void_page,
)
from workstation.workflow import (
    compose as compose_module,
)
from workstation.workflow.appraisal import Appraisal
from workstation.workflow.compose import compose, kinds_for, kinds_of
from workstation.workflow.written import plain


def text_of(document: Document) -> str:
    """All text of a document, in order, with ordinary spaces and hyphens."""
    parts = [document.title, document.patient_name]
    parts += [part for pair in document.patient_line for part in pair]
    for block in document.blocks:
        match block:
            case Heading(text) | Paragraph(text=text):
                parts.append(text)
            case Fields(pairs=pairs) | BoxedFields(pairs=pairs):
                parts += [f"{label}: {value}" for label, value in pairs]
            case MedicineLine():
                parts += [block.name, *block.attributes, block.dose, block.directions, block.daily]
            case Table():
                parts += [" | ".join(row) for row in (block.header, *block.rows)]
            case Entries(items=items):
                parts += [" ".join(part for part in item if part) for item in items]
            case Bullets(items):
                parts += items
    parts += [document.signature.name, document.signature.licence, document.signature.npi]
    return plain("\n".join(parts))


def prescription(**changes: object) -> Document:
    return compose(cases.subject(**changes))[0]


def plan(**changes: object) -> Document:
    return compose(cases.subject(**changes))[1]


def record(**changes: object) -> Document:
    return compose(cases.subject(**changes))[2]


def test_what_was_written_about_a_lesion_is_on_the_record_and_nowhere_else() -> None:
    subject = cases.subject()
    at = Point(10, 10)
    lesion = Annotation(
        AnnotationId("a1"), subject.consultation.photos[0].id, LesionType.NODULE, at, None,
        "tender, {ask} about drainage", subject.prescriber.id, subject.consultation.submitted_at,
        MadeBy.CLINICIAN, False, None,
    )  # fmt: skip
    silent = replace(lesion, id=AnnotationId("a2"), note="")
    tally = replace(
        subject.appraisal.tally,
        placed=tuple(Placed(one, ZoneId.LEFT_CHEEK, True) for one in (lesion, silent)),
    )
    view = subject.consultation.photos[0].view.value
    made = compose(replace(subject, appraisal=replace(subject.appraisal, tally=tally)))
    spoken = read_texts("record", "en")(f"view.{view}")
    said = f"Nodule, left cheek ({spoken}): tender, {{ask}} about drainage"
    assert [text_of(one).count(said) for one in made] == [0, 0, 1]
    assert text_of(made[2]).count("Nodule, left cheek") == 1


def work_up(**changes: object) -> Document:
    return compose(cases.subject(DecisionKind.START_WORK_UP, **changes))[0]


def table(document: Document, first: str) -> Table:
    """The table whose first header cell is ``first``."""
    return next(b for b in document.blocks if isinstance(b, Table) and b.header[0] == first)


def test_each_decision_gives_its_documents_with_their_reserved_numbers() -> None:
    for decision in DecisionKind:
        made = cases.subject(decision)
        documents = compose(made)
        assert tuple(d.kind for d in documents) == kinds_for(made.appraisal)
        assert set(kinds_for(made.appraisal)) <= set(kinds_of(decision))
        assert [d.number for d in documents] == [cases.NUMBERS[d.kind] for d in documents]
        assert len({d.content_digest for d in documents}) == len(documents)


def test_the_same_subject_gives_the_same_documents() -> None:
    assert compose(cases.subject()) == compose(cases.subject())


# -- prescription --------------------------------------------------------------------------------


def test_the_prescription_has_every_field() -> None:
    text = text_of(prescription())
    for wanted in (
        "MARSH, Elena",
        "14-Mar-2003 (23y)",
        "Female",
        "MK-204 817",
        "22-Nov-2026",
        "77 Alder Lane, Apt 4, Portland, OR 97214",
        "Rosa Kessler, MD",
        "410 Harbor Street, Suite 6, Portland, OR 97205",
        "+1 503 555 0142",
        "Oregon license MD184220",
        "NPI 1234567893",
        "ISOtretinoin",
        "capsule",
        "oral",
        "conventional",
        "Not interchangeable with lidose or micronized (LD) capsules",
        "10 mg every morning and 20 mg every evening, with food",
        "Take one 10 mg capsule by mouth every morning and one 20 mg capsule every evening, with food.",
        "30 mg (0.48 mg/kg, weight 62 kg on 20-Nov-2026)",
        "10 mg capsule | 30 (thirty) capsules | 30 days",
        "20 mg capsule | 30 (thirty) capsules | 30 days",
        "Refills: 0 (zero)",
        "Substitution: Permitted by another product of the conventional class only.",
        "Last pick-up: 27-Nov-2026",
        "Severe nodular acne (L70.0)",
        "patient who can become pregnant",
        "Pregnancy test specimen 21-Nov-2026: negative.",
        "Do not dispense after 27-Nov-2026.",
        "Obtain the RMA before dispensing",
        "Medication Guide",
        "iPLEDGE-certified",
        "not be shared",
        "No blood donation",
        "iPLEDGE patient ID: 0042 7719",
        "No known drug allergies.",
        "soy, peanut, parabens, tartrazine",
        "For transmission where a printed prescription is permitted; otherwise transmit electronically.",
    ):
        assert wanted in text


def test_the_rma_box_is_always_empty() -> None:
    box = next(b for b in prescription().blocks if isinstance(b, BoxedFields))
    assert box.pairs[0] == ("RMA number (pharmacy fills in)", "")


def test_the_prescription_carries_the_minimum() -> None:
    override = GradeOverride("moderate", "other", "Scarring is old and settled")
    text = text_of(prescription(override=override)).casefold()
    for left_out in (
        "alcohol",
        "drink",
        "mood",
        "phq",
        "lesion",
        "comedone",
        "papule",
        "nodules and",
        "override",
        "pill",
        "condom",
        "contracepti",
        "settled",
        "dea",
        "iso-",
        "bothers",
    ):
        assert left_out not in text.replace("nodular acne", "")


def test_other_formulations_and_schedules_read_as_they_are_taken() -> None:
    lidose = prescription(
        regimen=cases.regimen(
            product="absorica",
            formulation="lidose",
            morning=(Decimal(20), Decimal(10), Decimal(10)),
            evening=(),
            substitution_permitted=False,
        )
    )
    text = text_of(lidose)
    assert (
        "Take two 10 mg capsules and one 20 mg capsule by mouth once daily, every morning, "
        "with or without food."
    ) in text
    assert "40 mg every morning, with or without food" in text
    assert "10 mg capsule | 60 (sixty) capsules | 30 days" in text
    assert "Substitution: Not permitted. Dispense Absorica as written." in text
    assert "lidose" in text
    assert "Absorica" in text
    evening = prescription(regimen=cases.regimen(morning=(), evening=(Decimal(10),)))
    assert "Take one 10 mg capsule by mouth once daily, every evening, with food." in text_of(
        evening
    )


@pytest.mark.parametrize("morning", [(), (10,), (20,), (10, 40), (40, 40)])
@pytest.mark.parametrize("evening", [(10,), (20, 10), (40, 40)])
def test_directions_pass_the_lint_rules(morning: tuple[int, ...], evening: tuple[int, ...]) -> None:
    made = prescription(
        regimen=cases.regimen(
            morning=tuple(map(Decimal, morning)), evening=tuple(map(Decimal, evening))
        )
    )
    line = next(b for b in made.blocks if isinstance(b, MedicineLine))
    for text in (line.dose, line.directions, line.daily):
        assert lint(plain(text), cases.catalogue().lint) == ()


def test_faulty_directions_are_not_composed() -> None:
    some = cases.catalogue().lint[0]
    strict = LintRule("E-TEST", re.compile("every morning"), "every morning", "daily", some.source)
    content = replace(cases.catalogue(), lint=(strict,))
    with pytest.raises(WorkstationError) as faulty:
        compose(cases.subject(catalogue=content))
    assert faulty.value.code == "document.directions.faulty"
    assert faulty.value.context == {"codes": "E-TEST"}


def test_a_patient_who_cannot_become_pregnant() -> None:
    older = text_of(prescription(category=Category.CANNOT))
    assert "patient who cannot become pregnant" in older
    assert "Pregnancy test" not in older
    assert "Do not dispense after 21-Dec-2026." in older
    newer = text_of(prescription(category=Category.CANNOT, rules="RS-2026"))
    assert "No last day to dispense is set" in newer
    assert "Last pick-up: none set by REMS" in newer


def test_an_unknown_category_or_window_never_reads_as_permission() -> None:
    made = cases.subject()
    unknown = replace(made.appraisal.rems, category=None, last_pick_up=None)
    text = text_of(compose(replace(made, appraisal=_with(made, rems=unknown)))[0])
    assert "pregnancy category not recorded. Do not dispense." in text
    assert "Last pick-up: not established" in text
    closed = replace(made.appraisal.rems, last_pick_up=None)
    text = text_of(compose(replace(made, appraisal=_with(made, rems=closed)))[0])
    assert "Last day to dispense: not established. Do not dispense." in text
    nothing = text_of(compose(replace(made, appraisal=_with(made, rems=None)))[0])
    assert "Do not dispense." in nothing


def _with(made: subject.Subject, **changes: object) -> Appraisal:
    return replace(made.appraisal, **changes)


@pytest.mark.parametrize(
    ("recorded", "answered", "expected"),
    [
        ((), (), "No known drug allergies. Asked, none: soy, peanut, parabens, tartrazine."),
        (None, None, "Not recorded."),
        (None, ("soy",), "soy. Asked, none: peanut, parabens, tartrazine."),
        (("Penicillin",), (), "Penicillin. Asked, none: soy, peanut, parabens, tartrazine."),
        (
            ("Soy", "Penicillin"),
            ("soy",),
            "Soy; Penicillin. Asked, none: peanut, parabens, tartrazine.",
        ),
        (("Latex",), None, "Latex."),
    ],
)
def test_allergies(
    recorded: tuple[str, ...] | None, answered: tuple[str, ...] | None, expected: str
) -> None:
    made = cases.subject(consultation=cases.consultation(patient=cases.patient(allergies=recorded)))
    facts = made.appraisal.facts.without(["allergies.known"])
    if answered is not None:
        facts = facts.with_facts(
            [Fact("allergies.known", answered, Origin.INTAKE, cases.TODAY, "Q")]
        )
    made = replace(made, appraisal=_with(made, facts=facts))
    assert prescription_page.allergies(made) == expected


def test_the_licence_is_that_of_the_patients_state() -> None:
    at_home = cases.patient(address=cases.Address("1 Main", "Fresno", "CA", "93650"))
    text = text_of(prescription(consultation=cases.consultation(patient=at_home)))
    assert "California license A77120" in text
    assert "MD184220" not in text
    elsewhere = prescription(prescriber=cases.prescriber(licences=(Licence("WA", "W1"),)))
    assert elsewhere.signature.licence == "Oregon license: not recorded"
    nowhere = prescription(consultation=cases.consultation(patient=cases.patient(address=None)))
    assert "not recorded" in nowhere.signature.licence
    assert dict(nowhere.patient_line)["Address"] == "not recorded"


@pytest.mark.parametrize(
    ("patient", "clinic", "electronic"),
    [("OR", "OR", False), ("CA", "OR", True), ("OR", "NY", True), ("NY", "NY", True)],
)
def test_states_that_mandate_electronic_prescribing(
    patient: str, clinic: str, electronic: bool
) -> None:
    where = cases.patient(address=cases.Address("1 Main", "Town", patient, "12345"))
    text = text_of(
        prescription(
            consultation=cases.consultation(patient=where), clinic=cases.clinic(state=clinic)
        )
    )
    assert ("Record copy: transmit electronically." in text) is electronic
    assert ("where a printed prescription is permitted" in text) is not electronic


# -- plan ----------------------------------------------------------------------------------------


def test_the_plan_has_a_row_for_each_window_with_boxes_per_lane() -> None:
    made = table(plan(), "Draw between")
    assert [plain(h) for h in made.header] == [
        "Draw between",
        "Pregnancy test 2106-3",
        "Lipids 2571-8, 24331-1",
        "Liver 1742-6, 1920-8",
        "Visit",
    ]
    rows = [tuple(plain(c) for c in row) for row in made.rows]
    assert rows[0] == ("20-Oct-2026 (T1)", "[x] 20-Oct-2026", "", "", "")
    assert rows[1] == (
        "18-Nov to 22-Nov-2026 (T2)",
        "[x] 21-Nov-2026",
        "[x] 18-Nov-2026",
        "[x] 18-Nov-2026",
        "[x]",
    )
    assert rows[2] == ("17-Dec to 23-Dec-2026", "[ ]", "[ ]", "[ ]", "[ ]")
    assert rows[-1][0].startswith("20-Jun")
    assert "after the last dose" in rows[-1][0]


def test_every_point_of_the_plan_has_a_box_unless_its_lane_is_hidden() -> None:
    for category in Category:
        made = cases.subject(category=category)
        shown = table(compose(made)[1], "Draw between")
        texts = read_texts("monitoring_plan", "en")
        lines = plan_dates.lines_of(made, texts, made.appraisal.plan)
        lanes = [x for x in texts.each("lanes.order") if any(x in line.lanes for line in lines)]
        assert {lane for line in lines for lane in line.lanes} == set(lanes)
        assert [[bool(cell) for cell in row[1:]] for row in shown.rows] == [
            [lane in line.lanes for lane in lanes] for line in lines
        ]
        has_pregnancy = any("Pregnancy" in h for h in shown.header)
        assert has_pregnancy is (category is Category.CAN)


def test_a_row_lies_within_the_window_of_each_open_test_it_stands_for() -> None:
    made = cases.subject()
    texts = read_texts("monitoring_plan", "en")
    lines = plan_dates.lines_of(made, texts, made.appraisal.plan)
    for line in lines:
        for planned in (p for tests in line.lanes.values() for p in tests):
            if not line.done:
                assert planned.window.first <= line.window.first
                assert line.window.last <= planned.window.last
    shown = [p for line in lines for tests in line.lanes.values() for p in tests]
    assert len(shown) == len([p for p in made.appraisal.plan.tests if p.role != "pick_up"])


def test_the_plan_orders_tests_with_loinc_specimen_fasting_and_codes() -> None:
    text = text_of(plan())
    for wanted in (
        "Pregnancy test, urine | 2106-3 | urine | no |",
        "Triglycerides | 2571-8 | serum | yes",
        "ALT | 1742-6 | serum | no",
        "L70.0, Z79.899",
        "CLIA",
        "Protocol MONTHLY",
        "at least 36 h after alcohol",
        "Results are read by Rosa Kessler, MD within 1 working day",
        "Oregon license MD184220",
        "NPI 1234567893",
        "Copies to",
    ):
        assert wanted in text


def test_thresholds_are_those_of_the_content() -> None:
    shown = [tuple(plain(c) for c in row) for row in table(plan(), "Test").rows]
    text = text_of(plan())
    for wanted in (
        "Triglycerides | 500 to below 800 mg/dL",
        "Triglycerides | 1,000 mg/dL or more",
        "ALT or AST | more than 3, up to 5 times the limit | Hold",
        "Pregnancy test, urine | positive | Stop the capsules now and call us.",
        "The limit is the laboratory's own upper limit",
    ):
        assert wanted in text
    assert shown
    assert "| normal" not in text.casefold()
    thresholds = cases.catalogue().thresholds
    bands = tuple(
        replace(b, low=Decimal("512")) if b.low == 500 and b.test == "tg" else b
        for b in thresholds.bands
    )
    content = replace(
        cases.catalogue(), thresholds=replace(thresholds, bands=bands, alcohol_hours=40)
    )
    changed = text_of(compose(cases.subject(catalogue=content))[1])
    assert "512 to below 800 mg/dL" in changed
    assert "at least 40 h after alcohol" in changed


def test_every_action_of_the_content_has_words_for_the_patient() -> None:
    texts = read_texts("monitoring_plan", "en")
    actions = {b.action for b in cases.catalogue().thresholds} - plan_page.NORMAL
    assert [a for a in sorted(actions) if f"action.{a}" not in texts.by_key] == []


def test_whom_to_call_depends_on_the_patient() -> None:
    can, cannot = text_of(plan()), text_of(plan(category=Category.CANNOT))
    assert "You miss a period" in can
    assert "You miss a period" not in cannot
    assert "988" in can
    assert "988" in cannot
    assert "+1 503 555 0142" in cannot
    made = cases.subject()
    unknown = replace(made.appraisal.rems, category=None)
    assert "You miss a period" in text_of(
        compose(replace(made, appraisal=_with(made, rems=unknown)))[1]
    )


def test_the_plan_says_nothing_of_mood_answers_contraception_or_counts() -> None:
    text = text_of(plan()).casefold()
    for left_out in (
        "phq",
        "condom",
        "combined pill",
        "comedone",
        "iso-alc",
        "override",
        "nodules and",
    ):
        assert left_out not in text


# -- work-up -------------------------------------------------------------------------------------


def test_a_work_up_orders_tests_and_no_isotretinoin() -> None:
    documents = compose(
        cases.subject(DecisionKind.START_WORK_UP, bridge="Adapalene 0.1 % gel at night")
    )
    assert [d.kind for d in documents] == [DocumentKind.MONITORING_PLAN, DocumentKind.RECORD]
    order = documents[0]
    text = text_of(order)
    assert order.title == "Lab order and work-up plan"
    assert "isotretinoin" not in text.casefold()
    assert not any(isinstance(b, MedicineLine) for d in documents for b in d.blocks)
    for wanted in (
        "Treatment until then: Adapalene 0.1 % gel at night",
        "T1",
        "ALT | 1742-6",
        "Triglycerides | 2571-8",
        "Patient enrolled | prescriber |",
        "iPLEDGE consent forms signed | patient |",
        "Two methods of contraception together since 21-Oct-2026.",
        "Second pregnancy test (T2): not before 20-Nov-2026 (30 days on two methods).",
        "The consultation comes back on 22-Nov-2026",
        "Nothing is started",
    ):
        assert wanted in text
    assert "Stop the capsules" not in text
    advice = [row[-1] for b in order.blocks if isinstance(b, Table) for row in b.rows]
    assert "Do not start; hepatology" in advice
    assert not [told for told in advice if told.startswith(("Stop", "Hold", "Halve", "Lower"))]
    assert "Start work-up, no medicine yet." in text_of(documents[1])


def test_a_bridge_is_named_in_words_and_not_by_its_id() -> None:
    documents = compose(cases.subject(DecisionKind.START_WORK_UP, bridge="azelaic_acid"))
    for document in documents:
        text = text_of(document)
        assert "Treatment until then: Azelaic acid 15 % gel, twice daily" in text
        assert "azelaic_acid" not in text


def test_a_work_up_without_bridge_has_no_bridge_line() -> None:
    assert "Treatment until then" not in text_of(work_up())


@pytest.mark.parametrize("bridge", ["ISOtretinoin 20 mg", "isotretinoin", "Isotretinoin gel"])
def test_a_bridge_treatment_is_never_isotretinoin(bridge: str) -> None:
    with pytest.raises(WorkstationError) as refused:
        compose(cases.subject(DecisionKind.START_WORK_UP, bridge=bridge))
    assert refused.value.code == "document.work_up.medicine"


# -- record --------------------------------------------------------------------------------------


def test_the_record_has_the_grade_with_codes_and_counts_by_photo_and_zone() -> None:
    made = record()
    text = text_of(made)
    assert "Severe. Codes: S-N." in text
    assert "Nodules and cysts: 7, Severe S-N (6 or more)" in text
    assert "Left 45° | Left cheek | 0 | 5 | 4 | 9" in text
    assert "All |  | 7 | 28 | 7 | 42" in text
    assert "Not counted: 1 on Chin." in text
    assert "No override" in text
    counts = table(made, "Photo").rows
    assert sum(int(row[-1]) for row in counts[:-1]) == int(counts[-1][-1]) == 42


def test_an_override_prints_both_grades_and_the_reason() -> None:
    text = text_of(record(override=GradeOverride("moderate", "other", "Scarring is old")))
    assert (
        "Clinician's own grade: Moderate. The rubric proposed Severe. Reason: Scarring is old."
        in text
    )


@pytest.mark.parametrize("code", [code for code, _ in OVERRIDE_REASONS if code != OTHER_REASON])
def test_each_reason_of_an_override_is_printed_in_the_words_of_the_screen(code: str) -> None:
    words = str(dict(OVERRIDE_REASONS)[code])
    assert f"Reason: {words}." in text_of(record(override=GradeOverride("moderate", code, "")))
    said = text_of(record(override=GradeOverride("moderate", code, "Seen on video")))
    assert f"Reason: {words}: Seen on video." in said


def test_a_lower_bound_says_so() -> None:
    made = cases.subject()
    missing = ("view:left45", "zone:left_cheek", "fact:severity.scarring")
    grade = replace(
        made.appraisal.grade, grade="moderate", label="Moderate", at_least=True, missing=missing
    )
    text = text_of(compose(replace(made, appraisal=_with(made, grade=grade)))[2])
    assert "At least moderate. Codes" in text
    assert "Not seen or not counted: Left 45°, Left cheek, scarring not judged." in text


def test_the_highest_grade_is_not_a_lower_bound() -> None:
    made = cases.subject()
    grade = replace(made.appraisal.grade, missing=("zone:chin",))
    text = text_of(compose(replace(made, appraisal=_with(made, grade=grade)))[2])
    assert "Severe. Codes: S-N." in text
    assert "at least" not in text.casefold()
    # The chin's uncounted lesion stands below the counts, once.
    assert "Not counted: 1 on Chin." in text
    assert "Not seen" not in text


def test_the_record_has_findings_with_answers_reasons_origin_and_dates() -> None:
    text = text_of(record())
    for wanted in (
        "OVERRIDE | ISO-DX: Alcohol within the limit.",
        "| open",
        "Most drinks on one day: 1 drink (intake, 21-Nov-2026)",
        "Obesity or metabolic syndrome: unknown",
        "Counselled (22-Nov-2026)",
        "Checks passed (2)",
        "ISO-TG, ISO-LIVER.",
        "Q5 Which methods do you use now? Combined pill, male latex condom",
        "clinician, recorded by Rosa Kessler, 21-Nov-2026",
        "Pregnancy category: can become pregnant",
        "chart, signed consent, 21-Nov-2026",
        "Patient's consent of: 20-Oct-2026",
        "Triglycerides | 168 mg/dL |",
        "48 h after alcohol",
        "ALT | 18 U/L | 40 U/L | 18-Nov-2026",
        "22-Nov-2026 13:58 PST | Patient | reached: Feels well, no plan to harm",
        "Nodules on both cheeks",
        "Q2 Do you drink alcohol? One glass of wine at weekends (read as: 1 drink)",
        "It hurts when I sleep on my cheek.",
        "ISOtretinoin 30 mg a day for 30 days (0.48 mg/kg).",
        "600 mg given",
        f"edition {cases.catalogue().edition}",
        "RX-2026-0418, LP-2026-0418, RC-2026-0418",
    ):
        assert wanted in text


SIGNED = [kind for kind in DecisionKind if kinds_of(kind)]


@pytest.mark.parametrize("kind", SIGNED)
def test_every_answer_stands_on_the_record_once(kind: DecisionKind) -> None:
    made = cases.full_subject(kind)
    assert len(made.consultation.answers) > 60
    entries = [b for b in compose(made)[-1].blocks if isinstance(b, Entries)]
    printed = [item for block in entries for item in block.items]
    for answer in made.consultation.answers:
        found = [(label, value) for mark, label, value in printed if mark == answer.number]
        assert found == [(answer.question, answer.text)]
    read = {f"{made.catalogue.facts[f.name].label}:" for f in made.consultation.facts}
    elsewhere = {label for mark, label, value in printed if not mark and value}
    recorded = {"Weight:", "Pregnancy category:", "Patient's consent of:"}
    assert elsewhere & read <= recorded  # what the clinician or the chart says beside it


def test_the_record_leaves_out_what_the_program_worked_out() -> None:
    items = [i for b in record().blocks if isinstance(b, Entries) for i in b.items]
    labels = {label.rstrip(":") for _, label, _ in items}
    registry = cases.catalogue().facts
    for fact in cases.facts().values():
        assert (registry[fact.name].label in labels) is (
            fact.origin in (Origin.CLINICIAN, Origin.CHART)
        )


def test_an_answer_that_was_corrected_stays_beside_the_correction() -> None:
    by = "recorded by Rosa Kessler"
    told = Fact("alcohol.most", 4, Origin.CLINICIAN, cases.TODAY, by)
    chart = Fact("history.diabetes", False, Origin.CHART, date(2026, 1, 2), "letter")
    now = Fact("history.diabetes", True, Origin.CLINICIAN, cases.TODAY, by)
    seen = cases.consultation()
    made = record(more=(told, now), consultation=replace(seen, facts=(*seen.facts, chart)))
    text = text_of(made)
    assert "Most drinks on one day: 4 drinks" in text
    assert "One glass of wine at weekends (read as: 1 drink)" in text
    assert "Diabetes: yes" in text
    assert "chart, letter, 02-Jan-2026\nDiabetes: no" in text


def test_an_earlier_answer_says_when_it_was_given() -> None:
    earlier = Fact("history.diabetes", False, Origin.INTAKE, date(2026, 8, 1), "intake Q40")
    assert "intake, intake Q40, 01-Aug-2026\nDiabetes: no" in text_of(record(more=(earlier,)))


CODES = re.compile(r"[A-Za-z]+_per_[A-Za-z]+|\bU_|m\[IU\]|\{1\.73|WINDOW_|\bNone\b(?! of|\.)")
LONG = re.compile(r"\d\.\d{3,}|(?<![A-Z]\d)\d\.\d*0(?![\d.-])")


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_units_and_numbers_are_written_as_people_write_them(kind: DecisionKind) -> None:
    for document in compose(cases.full_subject(kind)):
        blocks = [
            b for b in document.blocks if not (isinstance(b, Paragraph) and b.style == "small")
        ]
        text = text_of(replace(document, blocks=tuple(blocks)))
        assert CODES.findall(text) == []
        assert LONG.findall(text) == []
    record = text_of(compose(cases.full_subject())[2])
    for wanted in ("0 days a week", "14.67 mg/kg", "0 points", "U/L", "mg/dL"):
        assert wanted in record


def test_every_unit_of_the_content_has_words() -> None:
    words = read_texts("page", "en").by_key
    content = cases.catalogue()
    units = {spec.unit for spec in content.facts.values() if spec.unit}
    units |= {t.unit for t in content.tests.values() if t.unit and re.search(r"[_\[{]|^u", t.unit)}
    assert [u for u in sorted(units) if f"unit.{u}" not in words] == []
    assert subject.measured(1, "drinks") == "1\u00a0drink"
    assert subject.measured(Decimal("2.50"), "days_per_week") == "2.5\u00a0days a week"
    assert subject.measured(7, "g/L") == "7\u00a0g/L"


def test_every_state_of_the_rems_and_of_triage_has_words() -> None:
    texts = read_texts("record", "en").by_key
    source = Path(str(rems_course.__file__)).read_text(encoding="utf-8")
    states = set(re.findall(r'"([A-Z][A-Z_]+)"', source)) - {"CGP", "CNGP"}
    assert "WINDOW_OPEN" in states
    known = {key.partition(".")[2] for key in texts if key.startswith("rems_state.")}
    assert states - {"T1", "T2"} <= known
    assert {f"triage.{level.name}" for level in TriageLevel} <= set(texts)


# -- a minor -------------------------------------------------------------------------------------


def test_what_a_guardian_may_carry_names_no_pregnancy_result() -> None:
    minor = Fact("patient.minor", True, Origin.DERIVED, cases.TODAY, "")
    pharmacy, lab = (text_of(d) for d in compose(cases.subject(more=(minor,)))[:2])
    assert "Pregnancy test specimen 21-Nov-2026. Do not dispense" in pharmacy
    assert "negative" not in pharmacy
    assert "not for a guardian" in lab
    positive = Fact("pregnancy.test.result", "positive", Origin.DERIVED, cases.TODAY, "")
    assert "positive" in text_of(prescription(more=(minor, positive)))
    adult = Fact("patient.minor", False, Origin.DERIVED, cases.TODAY, "")
    assert "guardian" not in text_of(plan(more=(adult,)))
    assert "not for a guardian" in text_of(plan())  # an age that is not known counts as a minor's


# -- what is missing -----------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["decision", "plan", "dose", "regimen"])
def test_a_subject_that_lacks_what_it_needs_is_not_composed(lost: str) -> None:
    made = cases.subject()
    with pytest.raises(WorkstationError) as missing:
        compose(replace(made, appraisal=_with(made, **{lost: None})))
    assert missing.value.code == "document.subject.incomplete"


def test_a_document_without_a_number_is_not_composed() -> None:
    with pytest.raises(WorkstationError) as missing:
        compose(cases.subject(numbers={}))
    assert missing.value.code == "document.subject.incomplete"


def test_missing_data_of_the_prescriber_are_said() -> None:
    made = prescription(prescriber=cases.prescriber(npi=None, licences=()))
    assert made.signature.npi == "NPI not recorded"
    assert made.signature.licence == "Oregon license: not recorded"


def test_the_age_is_that_on_the_day_of_issue() -> None:
    before = prescription(issued=date(2026, 3, 13))
    assert plain(dict(before.patient_line)["Born"]) == "14-Mar-2003 (22y)"


# -- texts ---------------------------------------------------------------------------------------

KINDS = {"page", "amended", *(kind.value for kind in DocumentKind)}


def test_every_text_is_used_and_every_used_text_exists() -> None:
    sources = "".join(
        Path(str(m.__file__)).read_text(encoding="utf-8")
        for m in (
            amended,
            compose_module,
            guardian_page,
            handout_page,
            leaflet,
            letters,
            photo_sheet_page,
            directed_page,
            plan_dates,
            plan_page,
            prescription_page,
            record_evidence,
            record_page,
            record_rems,
            record_severity,
            record_supplies,
            subject,
            void_page,
        )
    )
    used = set(re.findall(r"[\"']([a-z_]+(?:\.[a-z_0-9]+)*)[\"']", sources))
    prefixes = tuple(re.findall(r"f[\"']([a-z_]+\.)\{", sources))
    adapters = {"signature", "signed", "foot", "page", "patient", "demonstration"}
    for kind in KINDS:
        texts = read_texts(kind, "en")
        idle = [
            key
            for key in texts.by_key
            if key not in used | adapters and not key.startswith(prefixes)
        ]
        assert idle == [], kind


def test_a_missing_text_or_placeholder_is_an_error() -> None:
    texts = read_texts("prescription", "en")
    for call in (
        lambda: texts("no.such.key"),
        lambda: texts("medicine.every_morning"),
        lambda: texts.each("title"),
    ):
        with pytest.raises(ContentError) as missing:
            call()
        assert missing.value.code == "content.key.missing"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_text_of_a_document_holds_an_error_prone_form(kind: str) -> None:
    texts = read_texts(kind, "en")
    spoken = [t for t in texts.by_key.values() if isinstance(t, str)] + [
        p.text for p in texts.points
    ]
    faults = {t: lint(t, cases.catalogue().lint) for t in spoken}
    assert {t: codes for t, codes in faults.items() if codes} == {}


def test_a_work_up_without_its_dates_is_not_composed() -> None:
    made = cases.subject(DecisionKind.START_WORK_UP)
    with pytest.raises(WorkstationError) as missing:
        compose(replace(made, appraisal=_with(made, work_up=None)))
    assert missing.value.context == {"what": "work_up"}


def test_a_work_up_says_when_no_start_of_contraception_is_recorded() -> None:
    made = cases.subject(DecisionKind.START_WORK_UP)
    assert made.appraisal.work_up is not None
    assumed = replace(made.appraisal.work_up, contraception_assumed=True)
    text = text_of(compose(replace(made, appraisal=_with(made, work_up=assumed)))[0])
    assert "no start is recorded" in text


@pytest.mark.parametrize(("reason", "unless"), [("pregnancy", True), ("mood", False)])
def test_contraception_in_a_stop_letter_is_for_who_is_not_pregnant(
    reason: str, unless: bool
) -> None:
    adult = Fact("patient.minor", False, Origin.DERIVED, cases.TODAY, "worked out")
    letter = text_of(
        compose(cases.subject(DecisionKind.STOP_TREATMENT, reason=reason, more=(adult,)))[0]
    )
    told = "eep using your two methods of contraception through"
    assert letter.count(told) == 1
    assert (f"If you are not pregnant, k{told}" in letter) is unless
