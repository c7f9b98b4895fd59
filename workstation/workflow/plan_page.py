"""The lab-monitoring plan, and the lab order of a work-up: what is drawn when, and what follows."""

from __future__ import annotations

from workstation.content.documents import Texts, read_texts
from workstation.domain.decisions import ENDS_TREATMENT
from workstation.domain.documents import (
    Block,
    Bullets,
    Document,
    DocumentKind,
    Heading,
    Paragraph,
    Table,
)
from workstation.domain.draft import DecisionKind
from workstation.domain.errors import WorkstationError
from workstation.domain.monitoring import LabTest, MonitoringPlan, ThresholdBand
from workstation.domain.rems import Category
from workstation.domain.work_up import WorkUp
from workstation.workflow.plan_dates import (
    dates,
    days_words,
    draw_days,
    drawn_tests,
    lines_of,
    test_of,
)
from workstation.workflow.subject import (
    LANGUAGE,
    MINOR,
    Subject,
    bridge_words,
    document,
    incomplete,
    prescriber_name,
    prescriber_words,
    unit_words,
)
from workstation.workflow.written import day, listed, number, unbroken

NEVER_ORDERED = "isotretinoin"
TITLES = {"course": "title", "work_up": "title_work_up", "after": "title_after"}
NORMAL = frozenset({"normal", "negative"})


def monitoring_plan(subject: Subject) -> Document:
    """The plan of a course, or the order and plan of a work-up, by the decision made.

    Raises:
        WorkstationError: ``document.subject.incomplete`` without decision or plan;
            ``document.work_up.medicine`` when a work-up names the medicine it must not order.
    """
    texts = read_texts(DocumentKind.MONITORING_PLAN.value, LANGUAGE)
    decision, plan = subject.appraisal.decision, subject.appraisal.plan
    if decision is None or plan is None:
        raise incomplete("plan")
    work_up = decision.kind is DecisionKind.START_WORK_UP
    phase = "after" if decision.kind in ENDS_TREATMENT else "work_up" if work_up else "course"
    if work_up and NEVER_ORDERED in (decision.bridge or "").casefold():
        raise WorkstationError("document.work_up.medicine")
    blocks: list[Block] = _lead(subject, texts, plan, phase)
    if work_up and decision.bridge:
        blocks.append(Paragraph(texts("lead.bridge", bridge=bridge_words(subject)), "strong"))
    if subject.appraisal.facts.value(MINOR) is not False:  # an unknown age counts as a minor's
        blocks.append(Paragraph(texts("lead.minor"), "strong"))
    blocks += dates(subject, texts, plan)
    blocks += _order(subject, texts, plan, decision.icd10)
    blocks += [Heading(texts("orderer.heading")), Paragraph(prescriber_words(subject), "small")]
    if work_up:
        blocks += _steps(texts, subject.appraisal.work_up)
    blocks += _thresholds(subject, texts, plan, phase)
    blocks += _call(subject, texts, phase)
    return document(
        subject,
        DocumentKind.MONITORING_PLAN,
        texts(TITLES[phase]),
        texts("meaning", name=prescriber_name(subject)),
        tuple(blocks),
        texts,
    )


def _lead(subject: Subject, texts: Texts, plan: MonitoringPlan, phase: str) -> list[Block]:
    regimen = subject.appraisal.regimen
    protocol = {"protocol": plan.protocol, "edition": plan.edition}
    if phase == "work_up":
        first = texts("lead.work_up", **protocol)
    elif phase == "after":
        first = _lead_after(subject, texts, plan)
    else:
        if regimen is None:
            raise incomplete("regimen")
        name = subject.catalogue.medicines[regimen.medicine].name
        first = texts(
            "lead.course", medicine=name, start=day(plan.start), ends=day(plan.ends), **protocol
        )
    sentences = [first]
    if plan.because and phase == "course":
        sentences.append(texts("lead.because", because=_sentence(plan.because)))
    drawn = drawn_tests(subject, plan)
    fasting = tuple(test.name for test in drawn if test.fasting)
    if fasting:
        sentences.append(texts("lead.fasting", tests=listed(fasting, texts("and"))))
        sentences.append(texts("lead.alcohol", hours=_alcohol_hours(subject)))
    sentences.append(texts("lead.reader", name=prescriber_name(subject), days=texts("lead.days")))
    return [Paragraph(" ".join(sentences))]


def _lead_after(subject: Subject, texts: Texts, plan: MonitoringPlan) -> str:
    decision, detail = subject.appraisal.decision, subject.appraisal.detail
    if decision is None or detail is None or detail.last_dose is None:
        raise incomplete("last_dose")
    return texts(
        f"lead.{decision.kind.value}",
        medicine=subject.catalogue.medicines[NEVER_ORDERED].name,
        last=day(detail.last_dose),
        ends=day(plan.ends),
    )


def _sentence(text: str) -> str:
    started = text[:1].upper() + text[1:]
    return started.rstrip(".")


def _alcohol_hours(subject: Subject) -> str:
    return f"{number(subject.catalogue.alcohol_hours)}\u00a0h"


# -- the order ---------------------------------------------------------------------------------


def _order(subject: Subject, texts: Texts, plan: MonitoringPlan, icd10: str) -> list[Block]:
    rows = []
    lines = lines_of(subject, texts, plan)
    for test in drawn_tests(subject, plan):
        # The days of the appointment, as its row above says them: one visit draws all it can.
        ahead = draw_days(lines, test.id)
        upcoming = min(ahead, key=lambda days: days.first, default=None)
        late = upcoming is not None and ahead[upcoming].state == "missing"
        rows.append(
            (
                test.name,
                test.loinc,
                test.specimen,
                texts("order.yes" if test.fasting else "order.no"),
                texts("order.finished") if upcoming is None else days_words(upcoming),
                texts(
                    "order.finished"
                    if upcoming is None
                    else "order.soon"
                    if late
                    else "order.routine"
                ),
            )
        )
    if not rows:
        return []
    return [
        Heading(texts("order.heading")),
        Table(
            header=tuple(
                texts(f"order.{key}")
                for key in ("test", "loinc", "specimen", "fasting", "next", "priority")
            ),
            rows=tuple(rows),
            widths=(0.23, 0.11, 0.13, 0.1, 0.26, 0.17),
            dense=True,
        ),
        Paragraph(texts("order.codes", icd10=icd10, monitoring=texts("order.monitoring")), "small"),
    ]


def _steps(texts: Texts, work_up: WorkUp | None) -> list[Block]:
    """The enrolment and consent list, the methods' start and the days that follow from them."""
    if work_up is None:
        raise incomplete("work_up")
    rows = tuple(
        (
            step.title,
            texts.either(f"who.{step.who}", step.who),
            texts("rems.done" if step.done else "rems.to_do"),
        )
        for step in work_up.enrolment
    )
    blocks: list[Block] = [Heading(texts("rems.heading"))]
    if rows:
        header = (texts("rems.step"), texts("rems.who"), texts("rems.state"))
        blocks.append(Table(header, rows, (0.5, 0.25, 0.25), dense=True))
    points = []
    begins = work_up.contraception_start
    if begins is not None:
        key = "rems.methods_assumed" if work_up.contraception_assumed else "rems.methods"
        points.append(texts(key, day=day(begins)))
    if work_up.earliest_second_test is not None:
        days, _, kind = work_up.because.partition("d_")
        why = texts.either(f"because.{kind}", "").format(days=days)
        points.append(texts("rems.earliest", day=day(work_up.earliest_second_test), why=why))
    second = work_up.second_test
    if second is not None:
        between = "" if second.window is None else days_words(second.window)
        points.append(texts(f"second_test.{second.kind}", days=between))
    points.append(texts("rems.back", day=day(work_up.return_on)))
    return [*blocks, Heading(texts("rems.days")), Bullets(tuple(points))]


# -- thresholds --------------------------------------------------------------------------------


def band_words(texts: Texts, band: ThresholdBand, unit: str | None) -> str:
    """A band in plain words: ``500 mg/dL or more``."""
    of = texts("thresholds.times") if band.per_upper_limit else unit or ""
    low = "" if band.low is None else number(band.low)
    high = "" if band.high is None else number(band.high)
    if band.high is None:
        key = "or_more" if band.low_inclusive else "more_than"
    elif band.low is None:
        key = "up_to" if band.high_inclusive else "below"
    elif band.low_inclusive:
        key = "from_to" if band.high_inclusive else "from_to_below"
    else:
        key = "above_to" if band.high_inclusive else "above_to_below"
    return texts(f"thresholds.{key}", low=low, high=high, unit=of).replace("  ", " ").strip()


def _result_words(texts: Texts, band: ThresholdBand, unit: str | None) -> str:
    if band.words:
        return ", ".join(band.words)
    spoken = band_words(texts, band, unit_words(unit))
    if not band.condition:
        return spoken
    return f"{spoken}, {texts.either(f'condition.{band.condition}', band.condition)}"


def _patient_words(texts: Texts, band: ThresholdBand, phase: str) -> str:
    if phase == "work_up":
        return texts.either(f"action_work_up.{band.action}", texts("action_work_up.other"))
    if phase == "after":
        return texts.either(f"action_after.{band.action}", texts("action_after.other"))
    return texts.either(f"action.{band.action}", band.advice)


def _clinician_words(texts: Texts, band: ThresholdBand, phase: str) -> str:
    """The band's advice; before the first dose none of it speaks of a dose that is taken."""
    if phase != "work_up":
        return band.advice
    before = texts.either(f"clinician_work_up.{band.action}", band.advice)
    return texts.either(f"clinician_work_up.{band.test}_{band.action}", before)


def _thresholds(subject: Subject, texts: Texts, plan: MonitoringPlan, phase: str) -> list[Block]:
    tests: dict[str, LabTest] = {}
    for test in drawn_tests(subject, plan):
        for id in (test.id, *test.contains):
            part = test_of(subject, id)
            if part is not None:
                tests.setdefault(id, part)
    named: dict[tuple[str, str, str], list[str]] = {}
    limits = False  # whether a row speaks of the laboratory's limit
    for test in tests.values():
        for band in subject.catalogue.thresholds.of(test.id):
            if band.action not in NORMAL:
                spoken = _result_words(texts, band, test.unit)
                doctor = _clinician_words(texts, band, phase)
                meaning = (spoken, _patient_words(texts, band, phase), doctor)
                named.setdefault(meaning, []).append(test.name)
                limits = limits or band.per_upper_limit
    rows = [(listed(tuple(names), texts("or")), *meaning) for meaning, names in named.items()]
    if not rows:
        return []
    header = tuple(texts(f"thresholds.{k}") for k in ("test", "result", "patient", "clinician"))
    return [
        Heading(texts("thresholds.heading")),
        Table(header, tuple(rows), (0.19, 0.28, 0.25, 0.28), dense=True),
        *((Paragraph(texts("thresholds.limit"), "small"),) if limits else ()),
    ]


def _call(subject: Subject, texts: Texts, phase: str) -> list[Block]:
    rems = subject.appraisal.rems
    category = None if rems is None else rems.category
    # An unknown category is treated as one that can become pregnant.
    is_can = category is not Category.CANNOT
    items = tuple(
        point.text
        for point in texts.points
        if phase in point.phases and (point.only != Category.CAN.value or is_can)
    )
    return [
        Heading(texts("call.heading")),
        Bullets(items),
        Paragraph(
            f"{subject.clinic.name}: {texts('call.phone', phone=unbroken(subject.clinic.phone))}",
            "strong",
        ),
    ]
