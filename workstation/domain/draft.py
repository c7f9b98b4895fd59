"""The draft of one consultation and its undo history: keyed items and reversible edits.

Everything the dermatologist can undo is an item under a key; an edit lists what each key held
before and after. Applying and reverting are one operation read in two directions, so undo is exact
by construction, and the same changes are what the store writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import repeat
from operator import is_
from types import MappingProxyType
from typing import cast

from workstation.domain.alignment import Alignment
from workstation.domain.errors import Conflict
from workstation.domain.facts import Fact
from workstation.domain.ids import ConsultationId, PhotoId, UserId
from workstation.domain.lesions import (
    Annotation,
    Midline,
    Mirrored,
    Refusal,
    ZoneOutline,
    ZoneOwner,
)
from workstation.domain.messages import Message
from workstation.domain.photo import Scale
from workstation.domain.protocol_choice import ChosenProtocol
from workstation.domain.rems_checklist import RemsEntry


class ItemKind(Enum):
    """What lies under a key."""

    ANNOTATION = "annotation"  # name: annotation id
    ZONE = "zone"  # name: photo id:zone id
    SCALE = "scale"  # name: photo id
    MIDLINE = "midline"  # name: photo id
    MIRROR = "mirror"  # name: photo id
    REFUSAL = "refusal"  # name: photo id:number of the proposal
    OWNER = "owner"  # name: zone id
    ALIGNMENT = "alignment"  # name: photo id:photo id of an earlier visit
    GRADE_OVERRIDE = "grade_override"  # name: ""
    FACT = "fact"  # name: fact name; recorded by the clinician at this visit
    REGIMEN = "regimen"  # name: medicine id
    DIRECTED = "directed"  # name: medicine id
    PHARMACY = "pharmacy"  # name: ""
    REASON = "reason"  # name: finding code
    DECISION = "decision"  # name: ""
    NOTE = "note"  # name: "assessment"
    PROTOCOL = "protocol"  # name: ""; the monitoring protocol of this consultation
    DETAIL = "detail"  # name: a decision; what only that decision needs
    MESSAGE = "message"  # name: a decision; the message to the patient as edited
    REMS_ENTRY = "rems_entry"  # name: a row of the REMS checklist; confirmed as entered
    PLAN_POINT = "plan_point"  # name: test:role:number; a day chosen for a point of the plan


class DecisionKind(Enum):
    """What the consultation ends with."""

    PRESCRIBE = "prescribe"
    START_WORK_UP = "start_work_up"
    ASK_PATIENT = "ask_patient"
    SEE_IN_PERSON = "see_in_person"
    DECLINE = "decline"
    STOP_TREATMENT = "stop_treatment"
    END_COURSE = "end_course"


@dataclass(frozen=True, slots=True)
class GradeOverride:
    """The clinician's own grade beside the rubric's; both are signed and printed."""

    grade: str
    reason_code: str
    reason_text: str


@dataclass(frozen=True, slots=True)
class Regimen:
    """What is to be taken: capsules per dose, days, and how substitution is handled.

    ``morning`` and ``evening`` are capsule strengths in mg (one entry per capsule).
    """

    medicine: str
    product: str
    formulation: str
    morning: tuple[Decimal, ...]
    evening: tuple[Decimal, ...]
    supply_days: int
    substitution_permitted: bool

    @property
    def daily(self) -> Decimal:
        """Milligrams a day."""
        return sum((*self.morning, *self.evening), Decimal(0))


@dataclass(frozen=True, slots=True)
class Directed:
    """A medicine prescribed by directions: ids of the formulary's coded parts, and the numbers.

    ``quantity`` is in the product's unit (tablets, g, mL); ``days`` is one supply.
    """

    medicine: str
    product: str
    strength: str
    dose: str
    site: str
    frequency: str
    duration: str
    quantity: Decimal
    days: int
    refills: int
    substitution_permitted: bool


@dataclass(frozen=True, slots=True)
class Pharmacy:
    """Where the patient has prescriptions filled; the newest one recorded is the patient's own."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a finding does not stop the prescription; ``code`` is one of the rule's coded reasons.

    ``facts_digest`` binds the reason to the facts it was given for: other facts, new reason.
    """

    finding: str
    code: str
    text: str
    by: UserId
    on: date
    facts_digest: str


@dataclass(frozen=True, slots=True)
class DecisionChoice:
    """The decision and what only it needs (a bridge treatment for a work-up)."""

    kind: DecisionKind
    indication: str
    icd10: str
    bridge: str | None


@dataclass(frozen=True, slots=True)
class DecisionDetail:
    """What one decision needs besides being chosen; each decision keeps its own.

    ``reason`` is one of its coded reasons, ``text`` goes to the patient or the next clinician,
    ``last_dose`` is the last day with a capsule where treatment ends, ``views`` are photos asked
    for although nothing is known to be wrong with them. ``guardian_reads``: the clinician ticked
    that a minor's guardian may read ``text``; it falls with every change of the text.
    """

    reason: str = ""
    text: str = ""
    last_dose: date | None = None
    views: tuple[str, ...] = ()
    guardian_reads: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Free text that goes on the record."""

    text: str


@dataclass(frozen=True, slots=True)
class PlanEdit:
    """A day chosen for the ``number``-th point (from 0) of a test and role of the plan."""

    test: str
    role: str
    number: int
    on: date


Item = (
    Annotation
    | ZoneOutline
    | Scale
    | Midline
    | Mirrored
    | Refusal
    | ZoneOwner
    | Alignment
    | GradeOverride
    | Fact
    | Regimen
    | Directed
    | Pharmacy
    | Reason
    | DecisionChoice
    | Note
    | DecisionDetail
    | Message
    | PlanEdit
    | ChosenProtocol
    | RemsEntry
)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Address of an item within a draft."""

    kind: str
    name: str

    @staticmethod
    def of(kind: ItemKind, name: str = "") -> Key:
        """The key of ``name`` among items of ``kind``."""
        return Key(kind.value, name)


@dataclass(frozen=True, slots=True)
class Change:
    """What one key held before and holds after; ``None`` is nothing."""

    key: Key
    before: Item | None
    after: Item | None

    def reversed(self) -> Change:
        """The change read backwards."""
        return Change(self.key, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Edit:
    """One undo step. ``label`` is a stable code (``annotation.add``), worded elsewhere."""

    label: str
    changes: tuple[Change, ...]
    by: UserId
    at: datetime

    def reversed(self) -> Edit:
        """The edit that takes this one back."""
        return replace(self, changes=tuple(c.reversed() for c in reversed(self.changes)))


@dataclass(frozen=True)
class Draft:
    """All items of one consultation's unfinished work."""

    consultation: ConsultationId
    items: Mapping[Key, Item]

    @staticmethod
    def empty(consultation: ConsultationId) -> Draft:
        """A draft that holds nothing."""
        return Draft(consultation, MappingProxyType({}))

    def get(self, kind: ItemKind, name: str = "") -> Item | None:
        """The item under ``kind`` and ``name``."""
        return self.items.get(Key.of(kind, name))

    def of_kind(self, kind: ItemKind) -> tuple[Item, ...]:
        """All items of one kind, in the order they were made."""
        wanted = kind.value
        return tuple([item for key, item in self.items.items() if key.kind == wanted])

    @cached_property
    def _of_type(self) -> dict[type, tuple[Item, ...]]:
        """Items by what they are, sorted out once for each draft: one lesion more asks many times."""
        found: dict[type, list[Item]] = {}
        for item in self.items.values():
            found.setdefault(type(item), []).append(item)
        return {kind: tuple(items) for kind, items in found.items()}

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """Annotations in the order they were made."""
        return cast("tuple[Annotation, ...]", self._of_type.get(Annotation, ()))

    @property
    def midlines(self) -> tuple[Midline, ...]:
        """Midlines the clinician dragged."""
        return cast("tuple[Midline, ...]", self._of_type.get(Midline, ()))

    def alignment(self, photo: PhotoId, older: PhotoId) -> Alignment | None:
        """How a photo of an earlier visit was laid over one of this, if it was."""
        item = self.get(ItemKind.ALIGNMENT, Alignment.name(photo, older))
        return item if isinstance(item, Alignment) else None

    @property
    def outlines(self) -> tuple[ZoneOutline, ...]:
        """Outlines of zones the clinician dragged."""
        return cast("tuple[ZoneOutline, ...]", self._of_type.get(ZoneOutline, ()))

    @property
    def owners(self) -> tuple[ZoneOwner, ...]:
        """Owner photos of zones the clinician chose."""
        return cast("tuple[ZoneOwner, ...]", self._of_type.get(ZoneOwner, ()))

    @property
    def mirrored(self) -> frozenset[PhotoId]:
        """Photos that are mirror images."""
        found = cast("tuple[Mirrored, ...]", self._of_type.get(Mirrored, ()))
        return frozenset(mirrored.photo for mirrored in found)

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Proposals that the clinician refused."""
        return cast("tuple[Refusal, ...]", self._of_type.get(Refusal, ()))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Facts the clinician recorded at this visit."""
        return cast("tuple[Fact, ...]", self._of_type.get(Fact, ()))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Reasons given so far."""
        return cast("tuple[Reason, ...]", self._of_type.get(Reason, ()))

    @property
    def plan_edits(self) -> tuple[PlanEdit, ...]:
        """Days chosen for points of the plan."""
        return cast("tuple[PlanEdit, ...]", self._of_type.get(PlanEdit, ()))

    @property
    def rems_entries(self) -> tuple[RemsEntry, ...]:
        """Entries on the REMS site that were confirmed at this visit."""
        return cast("tuple[RemsEntry, ...]", self._of_type.get(RemsEntry, ()))

    @property
    def details(self) -> tuple[DecisionDetail, ...]:
        """What was entered for decisions, chosen or not."""
        return cast("tuple[DecisionDetail, ...]", self._of_type.get(DecisionDetail, ()))

    @property
    def decision(self) -> DecisionChoice | None:
        """The decision chosen, if any."""
        item = self.get(ItemKind.DECISION)
        return item if isinstance(item, DecisionChoice) else None

    def detail(self, kind: DecisionKind) -> DecisionDetail | None:
        """What was entered for a decision, chosen or not."""
        item = self.get(ItemKind.DETAIL, kind.value)
        return item if isinstance(item, DecisionDetail) else None

    def message(self, purpose: str) -> Message | None:
        """The message of a decision as edited; None while it is still as drafted."""
        item = self.get(ItemKind.MESSAGE, purpose)
        return item if isinstance(item, Message) else None

    @property
    def override(self) -> GradeOverride | None:
        """The clinician's own grade, if any."""
        item = self.get(ItemKind.GRADE_OVERRIDE)
        return item if isinstance(item, GradeOverride) else None

    @property
    def protocol(self) -> ChosenProtocol | None:
        """The monitoring protocol chosen here, if any."""
        item = self.get(ItemKind.PROTOCOL)
        return item if isinstance(item, ChosenProtocol) else None

    def regimen(self, medicine: str) -> Regimen | None:
        """The regimen drafted for ``medicine``, if any."""
        item = self.get(ItemKind.REGIMEN, medicine)
        return item if isinstance(item, Regimen) else None

    @property
    def directed(self) -> tuple[Directed, ...]:
        """Medicines prescribed by directions, in the order they were added."""
        return cast("tuple[Directed, ...]", self._of_type.get(Directed, ()))

    @property
    def pharmacy(self) -> Pharmacy | None:
        """The pharmacy chosen for this signing, if any."""
        item = self.get(ItemKind.PHARMACY)
        return item if isinstance(item, Pharmacy) else None

    def apply(self, edit: Edit) -> Draft:
        """The draft after ``edit``.

        Raises:
            Conflict: ``draft.edit.stale`` when a key does not hold what the edit expects.
        """
        # A proxy copies its dict as it is; ``dict`` would ask every key for its hash again.
        held = self.items
        items = held.copy() if isinstance(held, MappingProxyType) else dict(held)
        for change in edit.changes:
            if items.get(change.key) != change.before:
                raise Conflict("draft.edit.stale", label=edit.label)
            if change.after is None:
                items.pop(change.key, None)
            else:
                items[change.key] = change.after
        after = Draft(self.consultation, MappingProxyType(items))
        sorted_out = self.__dict__.get("_of_type")
        if sorted_out is not None:
            known = _sorted_on(sorted_out, edit.changes, held)
            if known is not None:
                after.__dict__["_of_type"] = known  # as ``cached_property`` keeps it
        return after

    def put(
        self, label: str, puts: Iterable[tuple[Key, Item | None]], by: UserId, at: datetime
    ) -> Edit:
        """The edit that makes each key hold the given item (``None`` removes it)."""
        changes = tuple(Change(key, self.items.get(key), item) for key, item in puts)
        return Edit(label, tuple(c for c in changes if c.before != c.after), by, at)


def _sorted_on(
    by_type: dict[type, tuple[Item, ...]], changes: Iterable[Change], held: Mapping[Key, Item]
) -> dict[type, tuple[Item, ...]] | None:
    """Items by what they are after ``changes`` of annotations; None where all is sorted out anew.

    One of thousands of annotations is another: the rest keeps its place.
    """
    found = list(by_type.get(Annotation, ()))
    seen: set[Key] = set()
    for change in changes:
        before, after = held.get(change.key), change.after
        if change.key in seen or not all(isinstance(i, Annotation | None) for i in (before, after)):
            return None
        seen.add(change.key)
        if before is not None:
            here = list(map(is_, found, repeat(before)))
            if here.count(True) != 1:
                return None
            place = here.index(True)
            found[place : place + 1] = [] if after is None else [after]
        elif after is not None:
            found.append(after)
    return {**by_type, Annotation: tuple(found)}


@dataclass(frozen=True)
class History:
    """A draft with the edits that led to it (``past``) and those undone (``future``, next first)."""

    draft: Draft
    past: tuple[Edit, ...]
    future: tuple[Edit, ...]

    @staticmethod
    def of(draft: Draft) -> History:
        """A history with nothing to undo."""
        return History(draft, (), ())

    def do(self, edit: Edit) -> History:
        """Apply ``edit``; what was undone before is dropped."""
        return History(self.draft.apply(edit), (*self.past, edit), ())

    def undo(self) -> History:
        """Take the last edit back; unchanged when there is none."""
        if not self.past:
            return self
        last = self.past[-1]
        return History(self.draft.apply(last.reversed()), self.past[:-1], (last, *self.future))

    def redo(self) -> History:
        """Apply the last undone edit again; unchanged when there is none."""
        if not self.future:
            return self
        edit = self.future[0]
        return History(self.draft.apply(edit), (*self.past, edit), self.future[1:])
