"""What a clinic decided about rules: its own ones (``own_rules``), and levels made stricter in Settings.

Only INFO, WARN and OVERRIDE move, and only upwards (``content.overlay``). A change holds at once at
the desk that made it. Every other desk asks the store whenever it opens a consultation, shows what
would be signed, and signs; so nothing is signed by levels that the clinic has left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date

from workstation.content.catalogue import Catalogue
from workstation.content.overlay import MOVABLE, Tightening, tightened
from workstation.content.rules import by_medicine
from workstation.domain.accounts import Permission
from workstation.domain.errors import ContentError, Corrupt, Refused
from workstation.domain.rules import CodedReason, Level, Rule
from workstation.workflow import own_rules, settings
from workstation.workflow.desk import Desk, Session, require, require_active
from workstation.workflow.ports import ReadUnit

NAME = "rules.levels"
PLACE = "settings"
SHORTEST = 10
_NOTHING_LEFT = frozenset({"content.overlay.rule", "content.overlay.loosens"})


@dataclass(frozen=True, slots=True)
class RaisedLevel:
    """One rule made stricter: to which level, by whom, on which day and why."""

    code: str
    level: str
    reasons: tuple[str, ...]
    decided_by: str
    on: str
    why: str


def shipped_level(rule: Rule) -> Level:
    """The strictest level a rule may give."""
    return max((clause.level for clause in rule.clauses), default=Level.OK)


def choices(rule: Rule) -> tuple[Level, ...]:
    """The levels a clinic may raise a rule to; none for a rule that only holds or stops."""
    movable = [clause.level for clause in rule.clauses if clause.level in MOVABLE]
    return tuple(level for level in MOVABLE if movable and level > min(movable))


def raised(desk: Desk, session: Session) -> tuple[RaisedLevel, ...]:
    """What the clinic decided, in order of the codes.

    Raises:
        NotAllowed: ``session.user.inactive``.
        Corrupt: ``rules.levels.unreadable``.
    """
    require_active(session)
    return _read(settings.read(desk, session)[NAME])


def raise_level(
    desk: Desk, session: Session, code: str, level: Level, why: str, reasons: tuple[str, ...] = ()
) -> tuple[RaisedLevel, ...]:
    """Make a rule stricter; ``reasons`` are those that may be given where it needs a reason.

    Raises:
        NotAllowed: ``session.permission``. Refused: ``rules.why`` for fewer than 10 characters.
        ContentError: as ``content.overlay``.
    """
    require(session, Permission.SIGN)
    if len(why.strip()) < SHORTEST:
        raise Refused("rules.why")
    user = session.user
    name = f"{user.name}, {user.credentials}" if user.credentials else user.name
    entry = RaisedLevel(
        code, level.name, reasons, name, desk.clock.today().isoformat(), why.strip()
    )
    rule = next((r for r in _below(desk).rulebook.rules if r.code == code), None)
    tightened(rule, _tightening(entry))  # says what is wrong before anything is stored
    kept = tuple(one for one in raised(desk, session) if one.code != code)
    return _keep(desk, session, (*kept, entry))


def shipped_again(desk: Desk, session: Session, code: str) -> tuple[RaisedLevel, ...]:
    """Go back to the shipped level of a rule.

    Raises:
        NotAllowed: ``session.permission``.
    """
    require(session, Permission.SIGN)
    return _keep(desk, session, tuple(one for one in raised(desk, session) if one.code != code))


@dataclass(frozen=True, slots=True)
class InForce:
    """The content in force, and what the store keeps that made it so."""

    catalogue: Catalogue
    levels: str
    own: str


def in_force(shipped: Catalogue, unit: ReadUnit) -> InForce:
    """The shipped content with everything that the clinic has decided by now.

    Raises:
        Corrupt: ``rules.levels.unreadable``, ``rules.own.unreadable``.
    """
    levels, own = unit.settings(settings.CLINIC).get(NAME, "[]"), own_rules.kept_in(unit)
    return InForce(laid_over(own_rules.fitted(shipped, own), levels), levels, own)


def decided_by(unit: ReadUnit, number: str) -> Callable[[Catalogue], Catalogue]:
    """What lays over an edition the rules and levels by which a document was signed, by the trail."""
    signed = next((one.seq for one in unit.audit_of(number, ("document.signed",))), 0)
    levels = _setting_before(unit, NAME, signed) or "[]"
    own = _setting_before(unit, own_rules.NAME, signed) or own_rules.NONE
    # Where own rules do not fit an edition they were never in force over it: its digest is another.
    return lambda content: laid_over(own_rules.fitted(content, own), levels)


def _setting_before(unit: ReadUnit, name: str, seq: int) -> str | None:
    changes = [one for one in unit.audit_of(name, ("settings.changed",)) if one.seq < seq]
    found: str | None = json.loads(changes[-1].detail)["after"] if changes else None
    return found


def follow(desk: Desk) -> bool:
    """Put in force what the clinic has decided by now; whether that was something else.

    Raises:
        Corrupt: ``rules.levels.unreadable``, ``rules.own.unreadable``.
    """
    if desk.shipped is None:
        return False
    with desk.store.reading() as unit:
        return follow_in(desk, unit)


def follow_in(desk: Desk, unit: ReadUnit) -> bool:
    """As ``follow``, inside a transaction: what it then judges and stores is by one set of levels."""
    if desk.shipped is None:
        return False
    kept = unit.settings(settings.CLINIC)
    if (kept.get(NAME, "[]"), kept.get(own_rules.NAME, own_rules.NONE)) == (desk.levels, desk.own):
        return False
    now = in_force(desk.shipped, unit)
    desk.put_in_force(now.catalogue, now.levels, now.own)
    return True


def laid_over(content: Catalogue, kept: str) -> Catalogue:
    """``content`` with the clinic's levels, as its store keeps them.

    A decision whose rule is gone, or is as strict by now, has nothing left to change and is left
    out; nothing can make a rule less strict than it was shipped.

    Raises:
        Corrupt: ``rules.levels.unreadable``, also for a decision that no longer fits its rule:
            without it the clinic would work on with levels that it decided against.
    """
    rules = {rule.code: rule for rule in content.rulebook.rules}
    changed = []
    for entry in _read(kept):
        try:
            rules[entry.code] = tightened(rules.get(entry.code), _tightening(entry))
        except (ContentError, KeyError, ValueError) as error:
            if isinstance(error, ContentError) and error.code in _NOTHING_LEFT:
                continue
            raise Corrupt("rules.levels.unreadable", rule=entry.code) from error
        changed.append(entry)
    if not changed:
        return content
    every = tuple(rules.values())
    book = replace(
        content.rulebook, rules=every, rules_of=by_medicine(every, lambda rule: rule.medicines)
    )
    told = json.dumps([asdict(entry) for entry in changed], sort_keys=True)
    digest = hashlib.sha256(f"{content.digest}\0{told}".encode()).hexdigest()
    return replace(content, rulebook=book, digest=digest)


def _below(desk: Desk) -> Catalogue:
    """What levels are raised over: the shipped rules with the clinic's own."""
    return own_rules.fitted(desk.shipped or desk.catalogue, desk.own)


def _keep(
    desk: Desk, session: Session, entries: tuple[RaisedLevel, ...]
) -> tuple[RaisedLevel, ...]:
    ordered = tuple(sorted(entries, key=lambda one: one.code))
    written = json.dumps([asdict(one) for one in ordered], sort_keys=True) if ordered else None
    settings.change(desk, session, NAME, written)
    follow(desk)
    return ordered


def _read(kept: str) -> tuple[RaisedLevel, ...]:
    try:
        told = json.loads(kept)
        return tuple(RaisedLevel(**{**one, "reasons": tuple(one["reasons"])}) for one in told)
    except (ValueError, TypeError, KeyError) as error:
        raise Corrupt("rules.levels.unreadable") from error


def _tightening(entry: RaisedLevel) -> Tightening:
    reasons = tuple(CodedReason(f"own_{n}", text) for n, text in enumerate(entry.reasons, 1))
    return Tightening(
        code=entry.code,
        level=Level[entry.level],
        reasons=reasons,
        decided_by=entry.decided_by,
        on=date.fromisoformat(entry.on),
        why=entry.why,
        file=PLACE,
        line=0,
    )
