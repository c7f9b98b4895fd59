"""Checks all clinical content beyond reading it: examples, reachability, questions, translations."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import tomli

from workstation.content import check_words
from workstation.content.catalogue import EDITIONS, Catalogue, load
from workstation.content.handout import read_handouts
from workstation.content.overlay import files_of, over
from workstation.content.own_leaflets import read_own_leaflets
from workstation.content.rules import EXAMPLE_DAY
from workstation.content.spoken import texts
from workstation.content.tables import Table, read
from workstation.content.witness import reachable
from workstation.domain.conditions import Condition
from workstation.domain.errors import ContentError
from workstation.domain.explain import Source, Tag
from workstation.domain.facts import Fact, Facts, Freshness, Origin
from workstation.domain.rules import Level, Rule
from workstation.domain.safety import evaluate

ISOTRETINOIN = "isotretinoin"
BEFORE_ISOTRETINOIN = ("isotretinoin-first", "isotretinoin-month")
BEFORE_OTHERS = ("general",)
POSITIVE = "hcg_quantitative"
_ASKS = re.compile(r'"fact:([a-z0-9_.]+)"')


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault with its place; ``about`` names the code, fact or key concerned ("" for none)."""

    code: str
    file: str
    line: int
    about: str

    @property
    def sentence(self) -> str:
        """What is wrong, in a sentence."""
        return check_words.sentence(self.code)

    def text(self) -> str:
        """One line for people: place, sentence, what it is about."""
        about = f" [{self.about}]" if self.about else ""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.sentence}{about}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that was recalled, not read: to be checked against its source."""

    file: str
    line: int
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. ``recalled`` is listed for review and is no fault; ``untold`` are texts that
    would read in English on the screen of another language."""

    edition: str
    digest: str
    faults: tuple[Fault, ...]
    rules: int
    examples: int
    recalled: tuple[Statement, ...]
    untold: tuple[Fault, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the content may be used."""
        return not self.faults

    def lines(self, recalled: bool = False) -> tuple[str, ...]:
        """The report for people, one entry a line; with ``recalled`` each such statement by its line."""
        counts = Counter(statement.file for statement in self.recalled)
        each = (f"{s.file}:{s.line}: recalled, not read: {s.source}" for s in self.recalled)
        head = f"Content {self.edition} ({self.digest[:12]}): {self.rules} rules, "
        lacking = f", {len(self.untold)} without words in another language" if self.untold else ""
        told = (
            *(f"  {file}: {number}" for file, number in sorted(counts.items())),
            *each,
        )
        return (
            f"{len(self.recalled)} statements recalled, to be checked against their sources",
            *(told if recalled else ()),
            *(text.text() for text in self.untold),
            *(fault.text() for fault in self.faults),
            f"{head}{self.examples} worked examples, faults: {len(self.faults)}{lacking}",
        )


def check(
    folder: Path,
    questionnaires: Path | None = None,
    overlay: Path | None = None,
    languages: Path | None = None,
) -> Report:
    """Everything that is wrong with the content of ``folder``.

    ``questionnaires`` holds the intake forms as ``<name>.json``; without it they are not compared.
    ``overlay`` is a clinic's own folder, checked over the content. ``languages`` holds a folder of
    catalogues for each language beside English; without it no translation is looked for.
    Content that cannot be read at all gives the first fault of reading alone.
    """
    try:
        content = load(folder)
    except ContentError as error:
        return Report("", "", (of_error(error),), 0, 0, ())
    faults = [
        *disagreements(content),
        *wrong_examples(content),
        *unreachable(content),
        *_unasked(content, folder, questionnaires),
        *_handouts(content, folder),
    ]
    if overlay is not None:
        faults.extend(_overlaid(content, overlay))
    return Report(
        edition=content.edition,
        digest=content.digest,
        faults=tuple(
            sorted((_located(f, folder) for f in faults), key=lambda f: (f.file, f.line, f.code))
        ),
        rules=len(content.rulebook.rules),
        examples=sum(len(rule.examples) for rule in content.rulebook.rules),
        recalled=recalled(folder, content.sources),
        untold=() if languages is None else tuple(_untold(content, languages)),
    )


def _located(fault: Fault, folder: Path) -> Fault:
    """The fault at the line that names what it is about, where only its file was known."""
    word = re.split(r"[,:]", fault.about)[0].strip()
    path = next(iter(sorted(folder.rglob(fault.file))), None) if fault.file else None
    if fault.line != 1 or not word or path is None or EDITIONS in path.parts:
        return fault
    lines = path.read_text(encoding="utf-8").splitlines()
    found = next((n for n, line in enumerate(lines, 1) if f'"{word}"' in line), fault.line)
    return replace(fault, line=found)


def of_error(error: ContentError) -> Fault:
    """The fault of content that could not be read."""
    context = error.context
    known = (str(v) for k, v in context.items() if k not in ("file", "line") and v)
    return Fault(
        error.code, str(context.get("file", "")), int(context.get("line", 1)), " ".join(known)
    )


def disagreements(content: Catalogue) -> tuple[Fault, ...]:
    """Where two files that must say the same thing do not."""
    faults = []
    book = content.rulebook
    codes = {rule.code for rule in book.rules} | {ask.code for ask in book.asks}
    known = {choice for choice, _ in content.facts["medicines.basket"].choices}
    for rule in book.rules:
        for code in rule.subsumed_by:
            if code not in codes:
                faults.append(Fault("content.rule.subsumed", rule.file, rule.line, code))
        for medicine in rule.medicines:
            if medicine not in known:
                faults.append(Fault("content.rule.medicine", rule.file, rule.line, medicine))
    for ask in book.asks:
        for medicine in ask.medicines:
            if medicine not in known:
                faults.append(Fault("content.rule.medicine", "facts.toml", 1, medicine))
    faults += [
        Fault("content.rule.medicine", "plan.toml", 1, bridge.medicine)
        for bridge in content.plan_rules.bridges
        if bridge.medicine not in known
    ]
    faults += [
        Fault("content.indication.medicine", "indications.toml", 1, medicine)
        for medicine in sorted({m for one in content.indications for m in one.medicines} - known)
    ]
    faults.extend(_directed(content, known))
    starts = {b.low for b in content.thresholds.of(POSITIVE) if b.action == "stop_now"}
    for rules in content.rems.values():
        if {rules.sensitivity} != starts:
            file = f"{rules.id.lower()}.toml"
            faults.append(Fault("content.rems.sensitivity", file, 1, str(rules.sensitivity)))
    return tuple(faults)


def _directed(content: Catalogue, known: set[str]) -> list[Fault]:
    """Products whose rules, answers or properties the rules and questions do not know."""
    taken = {choice for choice, _ in content.facts["medicines.now"].choices}
    held = {choice for choice, _ in content.facts["prescription.products"].choices}
    uses = {one.id for one in content.indications}
    faults = []
    for medicine in content.directed.values():
        used = {usual.indication for usual in medicine.usuals}
        names = used - uses
        for product in medicine.products:
            names |= {*product.components} - known
            names |= ({*product.counts_as} - taken) | ({*product.properties} - held)
        for name in sorted(names):
            file = f"formulary/directed/{medicine.id.replace('_', '-')}.toml"
            faults.append(Fault("content.directed.component", file, 1, f"{medicine.id}: {name}"))
    return faults


def wrong_examples(content: Catalogue, only: frozenset[str] | None = None) -> tuple[Fault, ...]:
    """Worked examples of rules (all, or those of the codes ``only``) that come out otherwise."""
    safe = Facts(
        Fact(s.name, s.safe, Origin.CLINICIAN, EXAMPLE_DAY, "example")
        for s in content.facts.values()
        if s.safe is not None
    )
    faults = []
    for rule in content.rulebook.rules:
        if only is not None and rule.code not in only:
            continue
        medicine = (rule.medicines or (ISOTRETINOIN,))[0]
        for example in rule.examples:
            facts = safe.with_facts(example.facts.values()).without(example.unknown)
            found = evaluate(content.rulebook, facts, (medicine,), (), content.facts)
            levels = [f.level for f in found.findings if f.code == rule.code]
            level = max(levels, default=Level.OK)
            if level is not example.level:
                about = f"{rule.code}: {level.name}, expected {example.level.name}"
                code = "content.rule.example.otherwise"
                faults.append(Fault(code, rule.file, example.line, about))
    return tuple(faults)


def unreachable(content: Catalogue) -> tuple[Fault, ...]:
    """Clauses, red flags and questions that no facts can reach."""
    faults = []
    for rule in content.rulebook.rules:
        for number, text in enumerate(_ways_in(rule)):
            if not reachable(text, content.facts):
                about = f"{rule.code}, clause {number + 1}"
                fault = Fault("content.rule.unreachable", rule.file, rule.line, about)
                faults.append(fault)
    named: list[tuple[str, Condition | None]] = []
    named += [(flag.code, flag.when) for flag in content.triage.flags]
    named += [(flag.code, flag.alarm) for flag in content.triage.flags]
    named += [(symptom.code, symptom.when) for symptom in content.triage.symptoms]
    named += [(symptom.code, symptom.alarm) for symptom in content.triage.symptoms]
    for code, condition in named:
        if condition is not None and not reachable(condition.text, content.facts):
            faults.append(Fault("content.rule.unreachable", "triage.toml", 1, code))
    for ask in content.rulebook.asks:
        if ask.asked_when is not None and not reachable(ask.asked_when.text, content.facts):
            faults.append(Fault("content.rule.unreachable", "facts.toml", 1, ask.code))
    return tuple(faults)


def recalled(folder: Path, sources: Mapping[str, Source]) -> tuple[Statement, ...]:
    """Every statement whose own tag, or whose source's tag, says it was recalled."""
    found = []
    for path in sorted(folder.rglob("*.toml")):
        if EDITIONS in path.relative_to(folder).parts or path.name == "sources.toml":
            continue
        for table in _tables(read(path)):
            if "source" not in table:
                continue
            key = str(table.value("source"))
            tag = str(table.value("tag")) if "tag" in table else sources[key].tag.name
            if tag == Tag.RECALLED.name:
                name = path.relative_to(folder).as_posix()
                found.append(Statement(name, table.line("source"), key))
    return tuple(found)


# -- inside ----------------------------------------------------------------------------------------


def _ways_in(rule: Rule) -> Iterator[str]:
    """For each clause the condition under which it decides."""
    outer = [f"({rule.applies.text})"] if rule.applies is not None else []
    before: list[str] = []
    for clause in rule.clauses:
        yield " and ".join((*outer, *before, f"({clause.when.text})"))
        before.append(f"not ({clause.when.text})")


def _handouts(content: Catalogue, folder: Path) -> Iterator[Fault]:
    try:
        read_handouts(folder / "handout", content.sources, content.medicines[ISOTRETINOIN])
        read_own_leaflets(folder, content.sources)
    except ContentError as error:
        yield of_error(error)


def _untold(content: Catalogue, languages: Path) -> Iterator[Fault]:
    """Texts that a clinician reads and that a language of the screen has no words for."""
    wanted = texts(content)
    for language in sorted(path for path in languages.iterdir() if path.is_dir()):
        told: set[str] = set()
        for path in language.glob("*.toml"):
            told |= tomli.loads(path.read_text(encoding="utf-8"))["sentences"].keys()
        for text in wanted:
            if text not in told:
                yield Fault("content.text.untold", f"language/{language.name}", 0, text)


def _overlaid(content: Catalogue, overlay: Path) -> Iterator[Fault]:
    try:
        files = files_of(overlay)
    except ContentError as error:
        yield of_error(error)
        return
    if not files:  # else a folder beside the one that was meant would pass
        yield Fault("content.overlay.none", overlay.name, 0, "")
    yield from own_faults(content, files)


def own_faults(content: Catalogue, files: Mapping[str, str]) -> Iterator[Fault]:
    """Everything that is wrong with a clinic's own files over ``content``."""
    try:
        laid = over(content, files)
    except ContentError as error:
        yield of_error(error)
        return
    yield from wrong_examples(laid, only=_added_codes(content, laid))
    for of in (unreachable, disagreements):
        before = of(content)
        yield from (fault for fault in of(laid) if fault not in before)


def _added_codes(content: Catalogue, laid: Catalogue) -> frozenset[str]:
    """Rules that only the clinic has; a shipped example may come out stricter on purpose."""
    shipped = {rule.code for rule in content.rulebook.rules}
    return frozenset(rule.code for rule in laid.rulebook.rules) - shipped


def _unasked(content: Catalogue, folder: Path, questionnaires: Path | None) -> Iterator[Fault]:
    """Must-asks of which no questionnaire that comes before the prescription holds the question."""
    if questionnaires is None:
        return
    asked = {}
    for name in {*BEFORE_ISOTRETINOIN, *BEFORE_OTHERS}:
        path = questionnaires / f"{name}.json"
        try:
            text = path.read_text(encoding="utf-8")
            json.loads(text)
        except (OSError, ValueError):
            yield Fault("content.questionnaire.unreadable", path.name, 1, "")
            return
        asked[name] = frozenset(_ASKS.findall(text))
    lines = {t.text("name"): t.line() for t in read(folder / "facts.toml").tables("fact")}
    for ask in content.rulebook.asks:
        spec = ask.spec
        if spec.freshness is Freshness.COMPUTED or Origin.INTAKE not in (
            spec.said_by or (Origin.INTAKE,)
        ):
            continue
        for name in _forms_before(ask.medicines):
            if spec.name not in asked[name]:
                about = f"{ask.code} ({spec.name}) in {name}.json"
                code = "content.questionnaire.missing"
                yield Fault(code, "facts.toml", lines[spec.name], about)


def _forms_before(medicines: Iterable[str]) -> tuple[str, ...]:
    known = tuple(medicines)
    first = BEFORE_ISOTRETINOIN if ISOTRETINOIN in known else ()
    return (*first, *BEFORE_OTHERS) if set(known) - {ISOTRETINOIN} else first


def _tables(table: Table) -> Iterator[Table]:
    """The table and all tables below it."""
    yield table
    names = table.keys()
    for key in names:
        value = table.value(key)
        if isinstance(value, dict):
            yield from _tables(table.table(key))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for inner in table.tables(key):
                yield from _tables(inner)
