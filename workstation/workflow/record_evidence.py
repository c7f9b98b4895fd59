"""The evidence on a record: findings, answers, results, contacts and intake, each fact once."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from workstation.content.documents import Texts
from workstation.domain.consultation import Answer
from workstation.domain.documents import Block, Entries, Heading, Paragraph, Table
from workstation.domain.draft import ItemKind, Note
from workstation.domain.explain import FactRead
from workstation.domain.facts import Fact, Origin
from workstation.domain.results import LabResult, TestSetting, standing
from workstation.domain.safety import Finding
from workstation.workflow.subject import Subject, local, measured, value_words
from workstation.workflow.written import day, number, plain

MOMENT = "%H:%M %Z"
AT_INTAKE = "intake "  # how the source of an answer at intake begins; its number follows
_SAID_BY = (Origin.CLINICIAN, Origin.CHART, Origin.LABORATORY, Origin.INTAKE)
_WORDS = re.compile(r"\w+(?:[.,]\w+)*")


def evidence(subject: Subject, texts: Texts) -> list[Block]:
    """What the decision rests on, with origin and date, and all answers as they were sent."""
    return [
        *_results(subject, texts),
        *_recorded(subject, texts),
        *_contacts(subject, texts),
        *_messages(subject, texts),
        *_note(subject, texts),
        *_intake(subject, texts),
    ]


# -- safety ------------------------------------------------------------------------------------


def _read(subject: Subject, texts: Texts, read: FactRead) -> str:
    if read.fact is None:
        return texts("findings.read_unknown", label=read.label)
    spec = subject.catalogue.facts.get(read.name)
    return texts(
        "findings.read_value",
        label=read.label,
        value=read.value_text if spec is None else value_words(read.fact.value, spec, texts),
        origin=texts(f"origin.{read.fact.origin.value}"),
        day=day(read.fact.as_of),
    )


def _reason(texts: Texts, finding: Finding) -> str:
    reason = finding.reason
    if reason is None:
        return texts("findings.open" if finding.is_open else "findings.no_reason")
    label = next((r.label for r in finding.reasons if r.code == reason.code), reason.code)
    key = "findings.reason_text" if reason.text else "findings.reason_value"
    return texts(key, label=label, text=reason.text, day=day(reason.on))


def findings(subject: Subject, texts: Texts) -> list[Block]:
    """What fired, what it read and the reason given."""
    fired = subject.appraisal.evaluation.findings
    heading = Heading(texts("findings.heading"))
    if not fired:
        return [heading, Paragraph(texts("none"))]
    rows = tuple(
        (
            texts(f"level.{finding.level.name}"),
            texts(
                "findings.finding_value",
                code=finding.code,
                title=finding.title,
                detail=finding.detail,
            ).strip(),
            "; ".join(_read(subject, texts, read) for read in finding.reads),
            _reason(texts, finding),
        )
        for finding in fired
    )
    header = tuple(texts(f"findings.{key}") for key in ("level", "finding", "reads", "reason"))
    return [heading, Table(header, rows, (0.11, 0.34, 0.35, 0.2), quoted=True, dense=True)]


def checks(subject: Subject, texts: Texts) -> list[Block]:
    """The checks that passed, by code: the edition of the content tells what each asks."""
    passed = subject.appraisal.evaluation.passed
    if not passed:
        return []
    spoken = ", ".join(dict.fromkeys(check.code for check in passed))
    heading = texts("findings.passed", count=number(len(passed)))
    return [Heading(heading), Paragraph(f"{spoken}.", "small")]


# -- answers -----------------------------------------------------------------------------------


def _answer_of(subject: Subject, fact: Fact) -> Answer | None:
    """The answer at intake that a fact was read from, when it stands on this record."""
    if fact.origin is not Origin.INTAKE or fact not in subject.consultation.facts:
        return None
    asked = fact.source.removeprefix(AT_INTAKE)
    return next((a for a in subject.consultation.answers if a.number == asked), None)


def _recorded(subject: Subject, texts: Texts) -> list[Block]:
    """Answers and measurements that do not stand under the intake: by whom, where and when.

    An answer that the clinician corrected stays on the record beside the correction. What the
    program worked out is left out: it follows from these and from the content's edition.
    """
    groups: dict[tuple[Origin, str, date], list[Fact]] = {}
    seen = (
        *subject.appraisal.facts.values(),
        *subject.draft.facts,
        *subject.consultation.facts,
    )
    for fact in dict.fromkeys(seen):
        if fact.origin in _SAID_BY and _answer_of(subject, fact) is None:
            groups.setdefault((fact.origin, fact.source, fact.as_of), []).append(fact)
    items: list[tuple[str, str, str]] = []
    ordered = sorted(groups, key=lambda g: (_SAID_BY.index(g[0]), g[2], g[1]))
    for origin, source, when in ordered:
        said_by = texts(f"origin.{origin.value}")
        caption = (said_by, source, day(when)) if source != said_by else (said_by, day(when))
        items.append(("", ", ".join(part for part in caption if part), ""))
        items += [
            ("", f"{_label(subject, fact)}:", _value(subject, texts, fact))
            for fact in sorted(groups[origin, source, when], key=lambda f: f.name)
        ]
    if not items:
        return []
    return [Heading(texts("answers.heading")), Entries(tuple(items), quoted=True)]


def _label(subject: Subject, fact: Fact) -> str:
    spec = subject.catalogue.facts.get(fact.name)
    return fact.name if spec is None else spec.label


def _value(subject: Subject, texts: Texts, fact: Fact) -> str:
    return value_words(fact.value, subject.catalogue.facts.get(fact.name), texts)


def _intake(subject: Subject, texts: Texts) -> list[Block]:
    seen = subject.consultation
    blocks: list[Block] = []
    if seen.answers:
        facts: dict[Answer, list[Fact]] = {}
        for fact in seen.facts:
            answer = _answer_of(subject, fact)
            if answer is not None:
                facts.setdefault(answer, []).append(fact)
        sent = texts("intake.sent", day=day(local(subject, seen.submitted_at).date()))
        items = tuple(
            (a.number, a.question, _as_sent(subject, texts, a, facts.get(a, [])))
            for a in seen.answers
        )
        blocks += [
            Heading(texts("intake.heading")),
            Entries((("", sent, ""), *items), quoted=True),
        ]
    if seen.own_words:
        blocks += [Heading(texts("intake.words")), Paragraph(seen.own_words, "quoted")]
    return blocks


def _as_sent(subject: Subject, texts: Texts, answer: Answer, facts: list[Fact]) -> str:
    """The answer, and how it was read where the words differ."""
    said = answer.text or texts("intake.empty")
    spoken = dict.fromkeys(
        texts("intake.read_value", label=_label(subject, fact), value=_value(subject, texts, fact))
        if len(facts) > 1
        else _value(subject, texts, fact)
        for fact in facts
        if not _same(texts, answer.text, _value(subject, texts, fact), fact)
    )
    return texts("intake.read", answer=said, read="; ".join(spoken)) if spoken else said


def _same(texts: Texts, text: str, value: str, fact: Fact) -> bool:
    """Whether an answer as sent already says what was read: same words, in any order."""
    if fact.value == ():
        return text.casefold() in texts.each("intake.nothing")
    said, read = (
        {word.replace(",", "").rstrip("s") for word in _WORDS.findall(plain(one).casefold())}
        for one in (text, value)
    )
    return read - {texts("and")} <= said


# -- results -----------------------------------------------------------------------------------


def _results(subject: Subject, texts: Texts) -> list[Block]:
    results = standing(subject.consultation.results)
    if not results:
        return []
    header = tuple(
        texts(f"results.{key}") for key in ("test", "value", "limit", "collected", "how")
    )
    laboratories = {result.laboratory for result in results}
    single = laboratories.pop() if len(laboratories) == 1 else None
    rows = tuple(_result(subject, texts, result, single is None) for result in results)
    blocks: list[Block] = [
        Heading(texts("results.heading")),
        Table(header, rows, (0.22, 0.13, 0.12, 0.14, 0.39), quoted=True, dense=True),
    ]
    if single:
        blocks.append(Paragraph(texts("results.laboratory", laboratory=single), "small"))
    return blocks


def _result(
    subject: Subject, texts: Texts, result: LabResult, with_laboratory: bool
) -> tuple[str, ...]:
    test = subject.catalogue.tests.get(result.test)
    how = [texts.either(f"role.{result.role}", result.role or "")]
    if result.fasting is not None:
        how.append(texts("results.fasting" if result.fasting else "results.not_fasting"))
    if result.hours_since_alcohol is not None:
        how.append(texts("results.alcohol", hours=number(result.hours_since_alcohol)))
    if result.setting is not None:
        home = result.setting is TestSetting.HOME
        how.append(texts("results.home" if home else "results.medical"))
    if with_laboratory:
        how.append(result.laboratory or "")

    def shown(value: Decimal | str | None) -> str:
        if value is None:
            return ""
        return value if isinstance(value, str) else measured(value, result.unit)

    return (
        result.test if test is None else test.name,
        shown(result.value),
        shown(result.upper_limit),
        day(result.collected),
        ", ".join(part for part in how if part),
    )


# -- the rest ----------------------------------------------------------------------------------


def _contacts(subject: Subject, texts: Texts) -> list[Block]:
    contacts = subject.consultation.contacts
    if not contacts:
        return []
    header = tuple(texts(f"contacts.{key}") for key in ("when", "who", "outcome"))
    rows = tuple(
        (
            f"{day(local(subject, c.at).date())} {local(subject, c.at):{MOMENT}}",
            c.who,
            texts(
                "contacts.outcome_value",
                reached=texts.either(f"reached.{c.reached}", c.reached),
                outcome=c.outcome
                if c.again_at is None
                else texts(
                    "contacts.again",
                    outcome=c.outcome,
                    at=f"{local(subject, c.again_at):{MOMENT}}",
                ),
            ),
        )
        for c in contacts
    )
    return [
        Heading(texts("contacts.heading")),
        Table(header, rows, (0.24, 0.22, 0.54), quoted=True, dense=True),
    ]


def _messages(subject: Subject, texts: Texts) -> list[Block]:
    sent = subject.consultation.messages
    if not sent:
        return []
    header = tuple(texts(f"messages.{key}") for key in ("when", "number", "text"))
    rows = tuple(
        (
            f"{day(local(subject, one.at).date())} {local(subject, one.at):{MOMENT}}",
            one.number,
            " ".join(one.message.text.split()),
        )
        for one in sent
    )
    return [
        Heading(texts("messages.heading")),
        Table(header, rows, (0.2, 0.14, 0.66), quoted=True, dense=True),
    ]


def _note(subject: Subject, texts: Texts) -> list[Block]:
    notes = [n for n in subject.draft.of_kind(ItemKind.NOTE) if isinstance(n, Note) and n.text]
    said = [*(n.text for n in notes), *_lesion_notes(subject, texts)]
    if not said:
        return []
    return [Heading(texts("note.heading")), *(Paragraph(text, "quoted") for text in said)]


def _lesion_notes(subject: Subject, texts: Texts) -> list[str]:
    """What was written about single lesions, with where each is."""
    views = {photo.id: photo.view.value for photo in subject.consultation.photos}
    return [
        texts(
            "note.lesion",
            type=texts(f"type.{annotation.type.value}"),
            zone=texts(f"zone.{placed.zone.value}").lower(),
            view=texts(f"view.{views.get(annotation.photo, 'other')}"),
            text=annotation.note,
        )
        for placed in subject.appraisal.tally.placed
        if (annotation := placed.annotation).note
    ]
