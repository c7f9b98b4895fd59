"""What changed between two versions of rules and numbers, as Settings shows and prints it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from workstation import assets
from workstation.content import comparison
from workstation.content.catalogue import EDITIONS
from workstation.content.comparison import Change, Comparison, Turn
from workstation.domain.rules import Rule
from workstation.language import Sentence, noted, of_content, plural, tr
from workstation.presenters import content_words, wording
from workstation.presenters.jobs import Jobs, Lane
from workstation.presenters.observable import Event
from workstation.presenters.paper_list import PaperList
from workstation.workflow import own_rules, rule_levels
from workstation.workflow.rule_levels import RaisedLevel

TURNS = {
    Turn.ADDED: (noted("Added", "rule"), "plus", "ok"),
    Turn.CHANGED: (noted("Changed", "rule"), "pencil", "info"),
    Turn.REMOVED: (noted("Removed", "rule"), "x", "warn"),
}
HEADS = (
    noted("Change", "what became of a rule"),
    noted("Where"),
    noted("What"),
    noted("Before"),
    noted("After"),
    noted("Source"),
)
DIGITS = 8  # of a digest, as beside the rule set
LONGEST = 300  # characters of a value on one line of the list; paper has all of it
NO_RULES = noted("This folder holds no rules.")
NO_RULES_NEXT = noted("Choose the folder in which the file sources.toml lies. Nothing was changed.")
UNREADABLE = noted("These rules cannot be read.")
UNREADABLE_NEXT = noted("A file in the folder is damaged or cannot be opened. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One difference in words; ``turn`` is added, changed or removed."""

    turn: str
    word: str
    icon: str
    role: str
    entry: str
    file: str
    field: str
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class ComparisonState:
    """A comparison, or why there is none; ``title`` is "" while none was asked for."""

    title: str = ""
    detail: str = ""
    rows: tuple[ChangeRow, ...] = ()
    busy: bool = False
    problem: wording.Problem | None = None


class ContentComparing:
    """Verbs of the comparison. Files are read on READ."""

    def __init__(self, jobs: Jobs, folder: Path | None = None) -> None:
        self._jobs = jobs
        self._folder = assets.resource("clinical") if folder is None else folder
        self.changed: Event[ComparisonState] = Event()
        self.state = ComparisonState()

    def editions(self) -> tuple[str, ...]:
        """Older editions that are kept, the newest first."""
        return comparison.kept(self._folder)

    def with_edition(self, edition: str) -> None:
        """Compare the rules in force with an older edition that is kept."""
        self.with_folder(self._folder / EDITIONS / edition)

    def with_folder(self, other: Path) -> None:
        """Compare the rules in force with those of another folder; the older edition is "before"."""
        ours = self._folder

        def work() -> Comparison | None:
            if not (other / comparison.SOURCES).is_file():
                return None
            made = comparison.compare(other, ours)
            turned = made.older[0] > made.newer[0]  # what a coming edition would change
            return comparison.compare(ours, other) if turned else made

        def done(made: Comparison | None) -> None:
            if made is None:
                self._refuse(NO_RULES, NO_RULES_NEXT)
            else:
                self._put(shown(made))

        def failed(error: Exception) -> None:
            if not isinstance(error, OSError | tomllib.TOMLDecodeError | UnicodeDecodeError):
                raise error
            self._refuse(UNREADABLE, UNREADABLE_NEXT)

        self._put(ComparisonState(title=tr("Comparing"), busy=True))
        self._jobs.submit(work, done, failed, Lane.READ, "settings.compare")

    def with_shipped(
        self, shipped: tuple[Rule, ...], now: tuple[Rule, ...], raised: tuple[RaisedLevel, ...]
    ) -> None:
        """What this clinic changed in the rules as they ship."""
        self._put(of_clinic(shipped, now, raised))

    def close(self) -> None:
        """Back to the rules."""
        self._put(ComparisonState())

    def _refuse(self, title: Sentence, detail: Sentence) -> None:
        self._put(ComparisonState(problem=wording.Problem(tr(title), tr(detail))))

    def _put(self, state: ComparisonState) -> None:
        self.state = state
        self.changed.emit(state)


def shown(made: Comparison) -> ComparisonState:
    """A comparison in words."""
    rows = tuple(_row(change) for change in made.changes)
    older, newer = (f"{edition}+{digest[:DIGITS]}" for edition, digest in (made.older, made.newer))
    title = tr("From {older} to {newer}", older=older, newer=newer)
    return ComparisonState(title, _counted(rows), rows)


def of_clinic(
    shipped: tuple[Rule, ...], now: tuple[Rule, ...], raised: tuple[RaisedLevel, ...]
) -> ComparisonState:
    """The clinic's own rules and the levels it made stricter, beside what ships."""
    before = {rule.code: rule for rule in shipped}
    decided = {one.code: one for one in raised}
    rows = tuple(
        _decided(before.get(rule.code), rule, decided.get(rule.code))
        for rule in now
        if rule.code in decided or own_rules.is_own(rule)
    )
    return ComparisonState(
        tr("From the shipped rules to those of this clinic"), _counted(rows), rows
    )


def _decided(before: Rule | None, rule: Rule, raised: RaisedLevel | None) -> ChangeRow:
    turn = Turn.ADDED if before is None else Turn.CHANGED
    word, icon, role = TURNS[turn]
    source = next((clause.decided_in for clause in rule.clauses if clause.decided_in), "")
    if raised is not None:
        day = wording.day(date.fromisoformat(raised.on))
        source = f"{raised.decided_by}, {day}: {raised.why}"
    return ChangeRow(
        turn=turn.value,
        word=tr(word),
        icon=icon,
        role=role,
        entry=rule.code,
        file=of_content(rule.title),
        field=tr("level"),
        before="" if before is None else rule_levels.shipped_level(before).name,
        after=rule_levels.shipped_level(rule).name if raised is None else raised.level,
        source=source,
    )


def fitting(rows: tuple[ChangeRow, ...], turn: str, words: str) -> tuple[ChangeRow, ...]:
    """Rows of a chip ("" for all) that hold every word."""
    wanted = words.lower().split()
    return tuple(
        row
        for row in rows
        if turn in ("", row.turn)
        and all(
            word
            in f"{row.entry} {row.file} {row.field} {row.before} {row.after} {row.source}".lower()
            for word in wanted
        )
    )


def on_paper(state: ComparisonState) -> PaperList:
    """The comparison, to be read and filed away from the screen."""
    rows = tuple(
        (
            r.word,
            f"{r.entry} ({r.file})" if r.entry else r.file,
            r.field,
            r.before,
            r.after,
            r.source,
        )
        for r in state.rows
    )
    lines = (state.title, state.detail)
    return PaperList(tr("What changed in rules and numbers"), lines, tuple(map(tr, HEADS)), rows)


def short(text: str) -> str:
    """A value as the list shows it: a very long one ends in an ellipsis, its tip has all."""
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "\u2026"


# -- inside ----------------------------------------------------------------------------------------


def _row(change: Change) -> ChangeRow:
    word, icon, role = TURNS[change.turn]
    return ChangeRow(
        turn=change.turn.value,
        word=tr(word),
        icon=icon,
        role=role,
        entry=" \u203a ".join(change.entry),
        file=change.file,
        field=change.field.replace("_", " ") or tr("whole entry"),
        before=_value(change.before),
        after=_value(change.after),
        source=change.source,
    )


def _value(value: object) -> str:
    if value is None:
        return "\u2013"
    if isinstance(value, bool):
        return content_words.yes_no(value)
    if isinstance(value, int | Decimal):
        return wording.number(value)
    if isinstance(value, date):
        return wording.day(value)
    if isinstance(value, Mapping):
        named = ((key, one) for key, one in value.items() if key not in ("code", "source"))
        inside = ((key.replace("_", " "), _value(one)) for key, one in named)
        return "; ".join(f"{key}: {one}" for key, one in inside)
    if isinstance(value, list):
        mark = " | " if any(isinstance(one, Mapping) for one in value) else ", "
        return mark.join(map(_value, value)) or tr("none")
    return str(value)


def _counted(rows: tuple[ChangeRow, ...]) -> str:
    if not rows:
        return tr("Both hold the same rules and numbers.")
    n = Counter(row.turn for row in rows)
    return tr(
        "{differences}: {added} added, {changed} changed, {removed} removed. Worked examples are left out.",
        differences=plural(len(rows), "{n} difference", "{n} differences"),
        added=n["added"],
        changed=n["changed"],
        removed=n["removed"],
    )
