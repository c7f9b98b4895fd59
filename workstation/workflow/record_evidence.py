"""The evidence on a record: findings, answers, results, contacts and intake, as they were read."""

from __future__ import annotations

from decimal import Decimal

from workstation.content.documents import Texts
from workstation.domain.documents import Block, Heading, Paragraph, Table
from workstation.domain.draft import ItemKind, Note
from workstation.domain.explain import FactRead
from workstation.domain.results import LabResult, TestSetting, standing
from workstation.domain.safety import Finding
from workstation.workflow.subject import Subject, local, value_words
from workstation.workflow.written import amount, day, number

MOMENT = "%H:%M %Z"


def evidence(subject: Subject, texts: Texts) -> list[Block]:
    """Everything that the decision rests on, with origin and date."""
    return [
        *_findings(subject, texts),
        *_facts(subject, texts),
        *_results(subject, texts),
        *_contacts(subject, texts),
        *_note(subject, texts),
        *_intake(subject, texts),
    ]


# -- safety ------------------------------------------------------------------------------------


def _read(subject: Subject, texts: Texts, read: FactRead) -> str:
    if read.fact is None:
        return texts("findings.read_unknown", label=read.label)
    origin = texts(f"origin.{read.fact.origin.value}")
    return texts(
        "findings.read_value",
        label=read.label,
        value=read.value_text,
        origin=origin,
        day=day(read.fact.as_of),
    )


def _reason(texts: Texts, finding: Finding) -> str:
    reason = finding.reason
    if reason is None:
        return texts("findings.open" if finding.is_open else "findings.no_reason")
    label = next((r.label for r in finding.reasons if r.code == reason.code), reason.code)
    key = "findings.reason_text" if reason.text else "findings.reason_value"
    return texts(key, label=label, text=reason.text, day=day(reason.on))


def _findings(subject: Subject, texts: Texts) -> list[Block]:
    evaluation = subject.appraisal.evaluation
    blocks: list[Block] = [Heading(texts("findings.heading"))]
    if evaluation.findings:
        blocks.append(
            Table(
                header=tuple(
                    texts(f"findings.{key}") for key in ("level", "finding", "reads", "reason")
                ),
                rows=tuple(
                    (
                        texts(f"level.{finding.level.name}"),
                        texts(
                            "findings.finding_value",
                            code=finding.code,
                            title=finding.title,
                            detail=finding.detail,
                        ).strip(),
                        "\n".join(_read(subject, texts, read) for read in finding.reads),
                        _reason(texts, finding),
                    )
                    for finding in evaluation.findings
                ),
                widths=(0.13, 0.31, 0.34, 0.22),
                quoted=True,
            )
        )
    else:
        blocks.append(Paragraph(texts("none")))
    if evaluation.passed:
        spoken = "; ".join(
            texts("findings.passed_value", code=check.code, title=check.title)
            for check in evaluation.passed
        )
        blocks += [Heading(texts("findings.passed")), Paragraph(f"{spoken}.", "small")]
    return blocks


def _facts(subject: Subject, texts: Texts) -> list[Block]:
    rows = []
    registry = subject.catalogue.facts
    for name, fact in sorted(subject.appraisal.facts.items()):
        spec = registry.get(name)
        origin = texts(f"origin.{fact.origin.value}")
        rows.append(
            (
                name if spec is None else spec.label,
                value_words(fact.value, spec, texts),
                f"{origin} {fact.source}".strip() if fact.source != origin else origin,
                day(fact.as_of),
            )
        )
    if not rows:
        return []
    header = tuple(texts(f"answers.{key}") for key in ("question", "answer", "origin", "day"))
    return [
        Heading(texts("answers.heading")),
        Table(header, tuple(rows), (0.36, 0.28, 0.2, 0.16), quoted=True),
    ]


def _results(subject: Subject, texts: Texts) -> list[Block]:
    results = standing(subject.consultation.results)
    if not results:
        return []
    header = tuple(
        texts(f"results.{key}") for key in ("test", "value", "limit", "collected", "how")
    )
    return [
        Heading(texts("results.heading")),
        Table(
            header,
            tuple(_result(subject, texts, result) for result in results),
            (0.25, 0.17, 0.15, 0.17, 0.26),
            quoted=True,
        ),
    ]


def _result(subject: Subject, texts: Texts, result: LabResult) -> tuple[str, ...]:
    test = subject.catalogue.tests.get(result.test)
    how = [result.role or ""]
    if result.fasting is not None:
        how.append(texts("results.fasting" if result.fasting else "results.not_fasting"))
    if result.hours_since_alcohol is not None:
        how.append(texts("results.alcohol", hours=number(result.hours_since_alcohol)))
    if result.setting is not None:
        home = result.setting is TestSetting.HOME
        how.append(texts("results.home" if home else "results.medical"))
    how.append(result.laboratory or "")

    def measured(value: Decimal | str | None) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return amount(value, result.unit) if result.unit else number(value)

    return (
        result.test if test is None else test.name,
        measured(result.value),
        measured(result.upper_limit),
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
                outcome=c.outcome,
            ),
        )
        for c in contacts
    )
    return [
        Heading(texts("contacts.heading")),
        Table(header, rows, (0.28, 0.24, 0.48), quoted=True),
    ]


def _note(subject: Subject, texts: Texts) -> list[Block]:
    notes = [n for n in subject.draft.of_kind(ItemKind.NOTE) if isinstance(n, Note) and n.text]
    if not notes:
        return []
    return [Heading(texts("note.heading")), *(Paragraph(n.text, "quoted") for n in notes)]


def _intake(subject: Subject, texts: Texts) -> list[Block]:
    seen = subject.consultation
    blocks: list[Block] = []
    if seen.answers:
        header = tuple(texts(f"intake.{key}") for key in ("number", "question", "answer"))
        rows = tuple((a.number, a.question, a.text) for a in seen.answers)
        blocks += [
            Heading(texts("intake.heading")),
            Table(header, rows, (0.1, 0.52, 0.38), quoted=True),
        ]
    if seen.own_words:
        blocks += [Heading(texts("intake.words")), Paragraph(seen.own_words, "quoted")]
    return blocks
