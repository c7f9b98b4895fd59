"""Letters of the decisions besides prescribing: referral, decline, stop and end of course.

None of them orders a medicine. Letters that a minor's guardian may read leave out whatever is said
about pregnancy, contraception, sexual history and mood.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workstation.content.documents import Texts, read_texts
from workstation.domain import supply_taken
from workstation.domain.decisions import DecisionReason
from workstation.domain.documents import (
    Block,
    Bullets,
    Document,
    DocumentKind,
    Fields,
    Heading,
    Paragraph,
    Table,
)
from workstation.domain.draft import DecisionDetail, DecisionKind
from workstation.domain.rems_windows import Category, EndOfCourse
from workstation.domain.triage import TriageLevel
from workstation.domain.visits import was_counted
from workstation.workflow.subject import (
    LANGUAGE,
    MINOR,
    Subject,
    document,
    incomplete,
    local,
    prescriber_name,
    prescriber_words,
)
from workstation.workflow.written import amount, day, listed, number, rounded, unbroken

ISOTRETINOIN = "isotretinoin"
PREGNANCY = "pregnancy"


def is_minor(subject: Subject) -> bool:
    """Whether a guardian may read what is written to this patient; an unknown age counts as one."""
    return subject.appraisal.facts.value(MINOR) is not False


def open_text(subject: Subject, detail: DecisionDetail) -> str:
    """The clinician's words as the letter prints them: a minor's only when that was ticked."""
    return detail.text.strip() if detail.guardian_reads or not is_minor(subject) else ""


def chosen(subject: Subject) -> tuple[DecisionDetail, DecisionReason]:
    """What the decision needs, with its coded reason.

    Raises:
        WorkstationError: ``document.subject.incomplete`` without decision or reason.
    """
    detail, reason = subject.appraisal.detail, subject.appraisal.reason
    if detail is None or reason is None:
        raise incomplete("reason")
    return detail, reason


def referral(subject: Subject) -> Document:
    """The referral; it goes to a clinician, so it names the flags, but never a regimen."""
    texts = read_texts(DocumentKind.REFERRAL.value, LANGUAGE)
    detail, reason = chosen(subject)
    hidden = reason.private and is_minor(subject)
    why: list[Block] = [Paragraph(reason.label if not hidden else texts("why.private"), "strong")]
    unnamed = _private_flags(subject) if is_minor(subject) else frozenset()
    flags = tuple(
        flag.title
        for flag in subject.appraisal.triage.flags
        if flag.level >= TriageLevel.PRIORITY and not hidden and flag.code not in unnamed
    )
    if flags:
        why.append(Bullets(flags))
    asked: list[Block] = [Paragraph(texts("ask.remote"))]
    own = open_text(subject, detail)
    if own:
        asked.insert(0, Paragraph(own))
    blocks = (
        Paragraph(texts(f"lead.{reason.route or 'soon'}", when=reason.when), "lead"),
        Heading(texts("why.heading")),
        *why,
        Heading(texts("ask.heading")),
        *asked,
        Heading(texts("about.heading")),
        Fields(_about(subject, texts)),
        Heading(texts("done.heading")),
        *_calls(subject, texts, hidden=is_minor(subject)),
        Paragraph(prescriber_words(subject), "small"),
        Paragraph(texts("limits.text"), "small"),
    )
    return _letter(subject, DocumentKind.REFERRAL, texts, blocks)


def decline_letter(subject: Subject) -> Document:
    """Why nothing is prescribed, and what is advised instead."""
    texts = read_texts(DocumentKind.DECLINE_LETTER.value, LANGUAGE)
    detail, _ = chosen(subject)
    sent = day(local(subject, subject.consultation.submitted_at).date())
    advice: list[Block] = [Heading(texts("advice.heading"))]
    own = open_text(subject, detail)
    if own:
        advice.append(Paragraph(own))
    advice += [
        Bullets(texts.each("advice.general")),
        Paragraph(texts("advice.again")),
    ]
    blocks = (
        Paragraph(texts("lead.text", day=sent), "lead"),
        *_why(subject, texts),
        *advice,
        *_call(subject, texts),
    )
    return _letter(subject, DocumentKind.DECLINE_LETTER, texts, blocks)


def stop_letter(subject: Subject) -> Document:
    """Stop now, and what has to happen after the last capsule."""
    texts = read_texts(DocumentKind.STOP_LETTER.value, LANGUAGE)
    detail, reason = chosen(subject)
    last = _last_dose(detail)
    name = _medicine(subject)
    lead = (
        texts("lead.today", medicine=name)
        if last >= subject.issued
        else texts("lead.since", medicine=name, day=day(last))
    )
    after = dict(_after(subject))
    if reason.id == PREGNANCY and "methods" in after:  # who is pregnant needs no methods
        after = {"unless_pregnant": after.pop("methods")} | after
    now = [
        texts("now.capsules"),
        texts("now.pharmacy"),
        *(texts(f"now.{what}", day=on) for what, on in after.items()),
    ]
    blocks: list[Block] = [
        Paragraph(lead, "lead"),
        *_why(subject, texts),
        Heading(texts("now.heading")),
        Bullets(tuple(now)),
    ]
    if reason.id == PREGNANCY and not is_minor(subject):
        blocks += _pregnancy_steps(subject, texts)
    blocks += [*_note(subject, texts, detail, "now.note"), *_call(subject, texts)]
    return _letter(subject, DocumentKind.STOP_LETTER, texts, tuple(blocks))


def end_letter(subject: Subject) -> Document:
    """The end of a course, what was taken, and the month after."""
    texts = read_texts(DocumentKind.END_LETTER.value, LANGUAGE)
    detail, _ = chosen(subject)
    lead = texts("lead.text", medicine=_medicine(subject), day=day(_last_dose(detail)))
    after = (
        *(texts(f"after.{what}", day=on) for what, on in _after(subject)),
        texts("after.capsules"),
        texts("after.skin"),
        texts("after.again"),
    )
    blocks = (
        Paragraph(lead, "lead"),
        *_why(subject, texts),
        *_taken(subject, texts),
        Heading(texts("after.heading")),
        Bullets(after),
        *_note(subject, texts, detail, "after.note"),
        *_call(subject, texts),
    )
    return _letter(subject, DocumentKind.END_LETTER, texts, blocks)


# -- parts -------------------------------------------------------------------------------------


def _letter(
    subject: Subject, kind: DocumentKind, texts: Texts, blocks: tuple[Block, ...]
) -> Document:
    meaning = texts("meaning", name=prescriber_name(subject))
    return document(subject, kind, texts("title"), meaning, blocks, texts)


def _medicine(subject: Subject) -> str:
    return subject.catalogue.medicines[ISOTRETINOIN].name


def _last_dose(detail: DecisionDetail) -> date:
    if detail.last_dose is None:
        raise incomplete("last_dose")
    return detail.last_dose


def _why(subject: Subject, texts: Texts) -> list[Block]:
    _, reason = chosen(subject)
    hidden = reason.private and is_minor(subject)
    if hidden:
        said = texts("why.private")
    else:
        said = texts.either(f"why.{reason.id}", reason.label).replace(
            "{medicine}", _medicine(subject)
        )
    return [Heading(texts("why.heading")), Paragraph(said)]


def _note(subject: Subject, texts: Texts, detail: DecisionDetail, key: str) -> list[Block]:
    own = open_text(subject, detail)
    return [Heading(texts(key)), Paragraph(own)] if own else []


def _after(subject: Subject) -> tuple[tuple[str, str], ...]:
    """(what, day) after the last dose. Contraception is named to adults who may need it only."""
    end: EndOfCourse | None = subject.appraisal.after
    if end is None:
        raise incomplete("after")
    rems = subject.appraisal.rems
    cannot = rems is not None and rems.category is Category.CANNOT
    said = []
    if not cannot and not is_minor(subject):
        said.append(("methods", day(end.contraception_through)))
        said.append(("breast", day(end.breast_feeding_through)))
    said.append(("donation", day(end.donation_through)))
    plan = subject.appraisal.plan
    if plan is not None and plan.tests:
        said.append(("tests", ""))
    return tuple(said)


def _pregnancy_steps(subject: Subject, texts: Texts) -> list[Block]:
    header = (texts("pregnancy.step"), texts("pregnancy.by"))
    by = day(subject.issued)
    rows = tuple((f"[ ] {row}", by) for row in texts.each("pregnancy.rows"))
    return [Heading(texts("pregnancy.heading")), Table(header, rows, (0.75, 0.25))]


def _call(subject: Subject, texts: Texts) -> list[Block]:
    phone = texts("call.phone", phone=unbroken(subject.clinic.phone))
    return [
        Heading(texts("call.heading")),
        Bullets(texts.each("call.points")),
        Paragraph(f"{subject.clinic.name}: {phone}", "strong"),
    ]


def _taken(subject: Subject, texts: Texts) -> list[Block]:
    given = supply_taken.taken(subject.appraisal.supplies)
    weight = subject.appraisal.facts.value("patient.weight")
    if not given or weight is None or isinstance(weight, (bool, str, tuple, date)) or not weight:
        return []
    total = sum((supply.daily * supply.days for supply in given), Decimal(0))
    said = texts(
        "taken.value",
        given=amount(total, "mg"),
        start=day(given[0].on),
        per_kg=amount(rounded(total / weight), "mg/kg"),
    )
    return [Heading(texts("taken.heading")), Paragraph(said)]


def _about(subject: Subject, texts: Texts) -> tuple[tuple[str, str], ...]:
    seen, patient = subject.consultation, subject.consultation.patient
    given = supply_taken.taken(subject.appraisal.supplies)
    course = texts("about.no_course")
    if given:
        last = given[-1]
        course = texts(
            "about.course_value",
            given=amount(sum(s.daily * s.days for s in given), "mg"),
            start=day(given[0].on),
            last=day(last.on),
            days=number(last.days),
        )
    photos = texts("about.photos_value", count=number(len(seen.photos)), day=day(subject.issued))
    return (
        *_severity(subject, texts),
        (texts("about.course"), course),
        (texts("about.medicines"), _known(patient.medicines, texts)),
        (texts("about.allergies"), _known(patient.allergies, texts)),
        (texts("about.photos"), photos),
    )


def _severity(subject: Subject, texts: Texts) -> tuple[tuple[str, str], ...]:
    """The grade as the record has it: the clinician's own, or by count where anything was counted."""
    appraisal, own = subject.appraisal, subject.draft.override
    if not appraisal.acne:
        return ()
    grade = appraisal.grade
    said = grade.label
    if own is not None:
        rubric = subject.catalogue.rubrics.get(grade.rubric)
        said = dict(() if rubric is None else rubric.grades).get(own.grade, own.grade)
    elif not was_counted(subject.draft, appraisal.tally):
        said = texts("about.not_counted")
    elif grade.at_least:
        said = texts("about.at_least", label=said[:1].lower() + said[1:])
    return ((texts("about.grade"), said),)


def _known(items: tuple[str, ...] | None, texts: Texts) -> str:
    if items is None:
        return texts("unknown")
    return listed(items, texts("and")) or texts("none")


def _private_flags(subject: Subject) -> frozenset[str]:
    """Triage codes that lead to a private reason: they are not named where a guardian may read."""
    reasons = subject.catalogue.decisions.reasons
    return frozenset(code for reason in reasons if reason.private for code in reason.flags)


def _calls(subject: Subject, texts: Texts, *, hidden: bool) -> list[Block]:
    tried = subject.consultation.contacts
    if not tried:
        return [Paragraph(texts("done.none"))]
    return [
        Bullets(
            tuple(
                texts(
                    "done.contact",
                    when=f"{day(local(subject, one.at).date())} {local(subject, one.at):%H:%M}",
                    who=one.who,
                    reached=texts.either(f"reached.{one.reached}", one.reached),
                    outcome="" if hidden else one.outcome,
                ).strip()
                for one in tried
            )
        )
    ]


LETTERS = {
    DecisionKind.DECLINE: DocumentKind.DECLINE_LETTER,
    DecisionKind.SEE_IN_PERSON: DocumentKind.REFERRAL,
    DecisionKind.STOP_TREATMENT: DocumentKind.STOP_LETTER,
    DecisionKind.END_COURSE: DocumentKind.END_LETTER,
}
