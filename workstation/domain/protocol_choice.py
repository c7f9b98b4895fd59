"""Which monitoring protocol a consultation follows: chosen here, by the clinic, or the default.

CUSTOM is the clinician's own: its tests and days are theirs, within the content's limits. An own
protocol never asks for less than the HOLD and STOP rules read: what it leaves out is added again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from workstation.domain.laboratory import LabTest
from workstation.domain.protocols import CUSTOM, PlanRules, Protocol, answers, not_in_protocol

HERE, CLINIC, DEFAULT = "consultation", "clinic", "default"
MISSING_BASELINE, MISSING_DURING = "protocol.own.baseline", "protocol.own.during"
TOO_SOON, TOO_LATE, UNKNOWN_TEST, UNKNOWN_FROM = (
    "protocol.own.shortest",
    "protocol.own.longest",
    "protocol.own.test",
    "protocol.own.from",
)
STARTS = ("start", "peak")


@dataclass(frozen=True, slots=True)
class OwnProtocol:
    """The clinician's own tests and days.

    ``during_from`` is ``start`` or ``peak``; the first later draw comes ``during_days`` after it,
    and with ``monthly`` another each ``during_days`` to the end of the course.
    """

    baseline: tuple[str, ...]
    during: tuple[str, ...]
    during_from: str
    during_days: int
    monthly: bool


@dataclass(frozen=True, slots=True)
class ChosenProtocol:
    """A protocol by its id; ``own`` is filled for CUSTOM alone."""

    id: str
    own: OwnProtocol | None = None


@dataclass(frozen=True, slots=True)
class ProtocolOptions:
    """What a screen shows: the protocol in force before extra tests, and what may be chosen.

    ``said_by`` is ``consultation``, ``clinic`` or ``default``. ``own`` is what CUSTOM holds or
    begins with, ``faults`` are codes of what was added or moved to keep it from being weaker, and
    ``advised_against`` the tests it orders that the consensus advises against (NOT-IN-PROTOCOL).
    """

    chosen: ChosenProtocol
    said_by: str
    in_force: Protocol
    options: tuple[Protocol, ...]
    own: OwnProtocol
    faults: tuple[str, ...]
    advised_against: tuple[str, ...]
    shortest_days: int
    longest_days: int


def options(
    protocols: Mapping[str, Protocol],
    rules: PlanRules,
    tests: Mapping[str, LabTest],
    here: ChosenProtocol | None,
    clinic: ChosenProtocol | None,
) -> ProtocolOptions:
    """The choice in force: the consultation's own, else the clinic's, else the content's default."""
    chosen, said_by = here or clinic, HERE if here is not None else CLINIC
    if chosen is None:
        chosen, said_by = ChosenProtocol(rules.default), DEFAULT
    in_force = protocol_of(chosen, protocols, rules, tests)
    custom = in_force if in_force.id == CUSTOM else protocols[CUSTOM]
    first = tuple(p for p in protocols.values() if p.id == rules.default)
    others = tuple(p for p in protocols.values() if p.id not in (rules.default, CUSTOM))
    own = chosen.own if chosen.id == CUSTOM else None
    return ProtocolOptions(
        chosen=chosen,
        said_by=said_by,
        in_force=in_force,
        options=(*first, *others, protocols[CUSTOM]),
        own=own or _as_own(custom),
        faults=() if own is None else own_faults(own, rules, tests),
        advised_against=not_in_protocol(in_force, (*in_force.baseline, *in_force.during)),
        shortest_days=rules.own.shortest_days,
        longest_days=rules.own.longest_days,
    )


def protocol_of(
    chosen: ChosenProtocol,
    protocols: Mapping[str, Protocol],
    rules: PlanRules,
    tests: Mapping[str, LabTest],
) -> Protocol:
    """The protocol of a choice, an own one made as strong as the limits ask.

    An id that this content does not know gives the strictest protocol, never a weaker one.
    """
    found = protocols.get(chosen.id)
    if found is None:
        return protocols[rules.more]
    own = chosen.own
    if chosen.id != CUSTOM or own is None:
        return found
    limits = rules.own
    return replace(
        found,
        baseline=_with_least(_known(own.baseline, tests), limits.least, tests),
        during=_with_least(_known(own.during, tests), limits.least, tests),
        during_from=own.during_from if own.during_from in STARTS else STARTS[0],
        during_days=min(max(own.during_days, limits.shortest_days), limits.longest_days),
        monthly=own.monthly,
    )


def own_faults(own: OwnProtocol, rules: PlanRules, tests: Mapping[str, LabTest]) -> tuple[str, ...]:
    """Codes of what an own protocol may not be; ``protocol_of`` mends each towards more tests."""
    limits = rules.own
    codes = []
    if any(test not in tests for test in (*own.baseline, *own.during)):
        codes.append(UNKNOWN_TEST)
    if _lacking(own.baseline, limits.least, tests):
        codes.append(MISSING_BASELINE)
    if _lacking(own.during, limits.least, tests):
        codes.append(MISSING_DURING)
    if own.during_from not in STARTS:
        codes.append(UNKNOWN_FROM)
    if own.during_days < limits.shortest_days:
        codes.append(TOO_SOON)
    if own.during_days > limits.longest_days:
        codes.append(TOO_LATE)
    return tuple(codes)


def _as_own(protocol: Protocol) -> OwnProtocol:
    return OwnProtocol(
        protocol.baseline,
        protocol.during,
        protocol.during_from,
        protocol.during_days,
        protocol.monthly,
    )


def _known(given: tuple[str, ...], tests: Mapping[str, LabTest]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(test for test in given if test in tests))


def _lacking(
    given: tuple[str, ...], least: tuple[str, ...], tests: Mapping[str, LabTest]
) -> tuple[str, ...]:
    """Tests of ``least`` that neither a given test nor a given panel answers."""
    return tuple(
        wanted for wanted in least if not any(answers(tests, wanted, one) for one in given)
    )


def _with_least(
    given: tuple[str, ...], least: tuple[str, ...], tests: Mapping[str, LabTest]
) -> tuple[str, ...]:
    return (*given, *_lacking(given, least, tests))
