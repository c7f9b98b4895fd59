"""The audit trail as it is shown: entries in words, filtered, one in detail, and the chain's check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import tzinfo

from workstation.domain.audit import Entry
from workstation.language import plural, tr
from workstation.presenters import records_wording, wording
from workstation.workflow.records import Trail


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry in words."""

    seq: int
    day: str
    time: str
    who: str
    icon: str
    act: str
    about: str
    chain: str
    action: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def spoken(self) -> str:
        """For assistive technology."""
        return f"{self.day} {self.time}, {self.who}, {self.act}, {self.about}"


@dataclass(frozen=True)
class TrailView:
    """The tab; ``refused`` says why there is nothing to see."""

    every: tuple[EntryRow, ...] = ()
    group: str = ""
    text: str = ""
    selected: int = 0
    whole: bool = True
    check_title: str = ""
    check_detail: str = ""
    refused: str = ""

    @property
    def rows(self) -> tuple[EntryRow, ...]:
        """What is listed."""
        starts = records_wording.GROUPS[self.group][1] if self.group else ("",)
        wanted = self.text.casefold().strip()
        return tuple(
            row
            for row in self.every
            if row.action.startswith(starts)
            and (not wanted or wanted in f"{row.who} {row.act} {row.about}".casefold())
        )

    @property
    def entry(self) -> EntryRow | None:
        """The entry shown in detail."""
        rows = self.rows
        return next((r for r in rows if r.seq == self.selected), rows[0] if rows else None)

    def counted(self, group: str) -> int:
        """How many entries a chip stands for."""
        return len(replace(self, group=group, text="").rows)

    def finding(self, text: str) -> TrailView:
        """Entries that hold a text."""
        return replace(self, text=text)

    def in_group(self, group: str) -> TrailView:
        """Entries of one kind."""
        return replace(self, group=group)

    def at(self, seq: int) -> TrailView:
        """One entry in detail."""
        return replace(self, selected=seq)


def trail_view(found: Trail, zone: tzinfo | None) -> TrailView:
    """The trail in words."""
    rows = tuple(_row(entry, name, zone) for entry, name in found.entries)
    whole = found.first_break is None
    checked = wording.clock_seconds(found.checked_at, zone)
    first = (
        tr(" First entry {day}.", day=wording.day(found.first_at.astimezone(zone).date()))
        if found.first_at
        else ""
    )
    return TrailView(
        every=rows,
        whole=whole,
        check_title=tr("Trail is unbroken")
        if whole
        else tr("Trail was changed outside the program"),
        check_detail=tr(
            "{entries} checked at {checked}.{first}",
            entries=plural(found.count, "{n} entry", "{n} entries"),
            checked=checked,
            first=first,
        )
        if whole
        else tr(
            "Entry {first_break} does not follow from the one before. Restore a backup, and keep this folder for whoever looks into it.",
            first_break=found.first_break,
        ),
    )


def _row(entry: Entry, name: str, zone: tzinfo | None) -> EntryRow:
    at = entry.at.astimezone(zone)
    icon, act = records_wording.act(entry.action)
    pairs = records_wording.detail_pairs(entry)
    shown = "; ".join(f"{label.lower()} {_short(value)}" for label, value in pairs[:2])
    subject = _short(entry.subject)
    return EntryRow(
        seq=entry.seq,
        day=wording.day(at.date()),
        time=wording.clock_seconds(entry.at, zone),
        who=tr("System") if name == "system" else name,
        icon=icon,
        act=act,
        about=f"{subject}: {shown}" if shown else subject,
        chain=f"{entry.digest[:5].upper()}\u2026{entry.digest[-3:].upper()}",
        action=entry.action,
        pairs=(
            (tr("Who"), tr("System") if name == "system" else name),
            (tr("Act"), entry.action),
            (tr("About"), entry.subject),
            *pairs,
            (tr("Computer"), entry.station),
            (tr("Chain"), entry.digest),
            (tr("Before it"), entry.previous),
        ),
    )


def _short(text: str) -> str:
    """Long identifiers are told by their start."""
    return f"{text[:8]}\u2026" if len(text) > 24 and " " not in text else text
