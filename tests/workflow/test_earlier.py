"""What earlier visits leave for the open one, who gives it up, and when a clock stands behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from tests.safety.cases import PRESCRIBE
from workstation.domain.consultation import Claim
from workstation.domain.draft import (
    DecisionChoice,
    DecisionKind,
    Draft,
    ItemKind,
    Key,
    Pharmacy,
    Reason,
)
from workstation.domain.ids import ConsultationId, UserId
from workstation.workflow.clock import Standing
from workstation.workflow.earlier import earlier_visits
from workstation.workflow.giving_up import token_of

ASKED = DecisionChoice(DecisionKind.DECLINE, "", "", None)


def draft(id: str, decision: DecisionChoice, pharmacy: str = "", reason: str = "") -> Draft:
    items = {Key.of(ItemKind.DECISION): decision}
    if pharmacy:
        items[Key.of(ItemKind.PHARMACY)] = Pharmacy(pharmacy, "1", "1 Road")
    if reason:
        given = Reason(reason, "known", "", UserId("u"), date(2026, 1, 2), "digest")
        items[Key.of(ItemKind.REASON, reason)] = given
    return Draft(ConsultationId(id), items)


def earlier(*drafts: Draft):
    kept = {one.consultation: SimpleNamespace(draft=one) for one in drafts}
    unit = SimpleNamespace(history=kept.__getitem__)
    past = tuple(
        SimpleNamespace(consultation=one.consultation, on=date(2026, n, 1))
        for n, one in enumerate(drafts, 1)
    )
    return earlier_visits(unit, past)


def test_nothing_is_left_by_no_visit() -> None:
    found = earlier()
    assert (found.draft, found.on, found.pharmacy, found.reasons) == (None, None, None, ())


def test_the_last_prescription_the_newest_pharmacy_and_every_reason() -> None:
    first = draft("a", PRESCRIBE, "Old Mill", "ISO-EYE")
    second = draft("b", PRESCRIBE, "River", "ISO-DEP")
    third = draft("c", ASKED)
    found = earlier(first, second, third)
    assert (found.draft, found.on) == (second, date(2026, 2, 1))
    assert found.pharmacy is not None and found.pharmacy.name == "River"
    assert [reason.finding for reason in found.reasons] == ["ISO-EYE", "ISO-DEP"]
    other = earlier(second, draft("d", ASKED, "Station"))
    assert other.draft == second
    assert other.pharmacy is not None and other.pharmacy.name == "Station"


def test_a_clock_is_behind_only_what_was_written_later() -> None:
    now = datetime(2026, 6, 10, 15, tzinfo=UTC)
    assert not Standing(now, None).behind
    assert not Standing(now, now).behind
    assert not Standing(now, now - timedelta(hours=1)).behind
    assert Standing(now, now + timedelta(seconds=1)).behind


def test_an_amendment_is_given_up_by_whoever_holds_it_and_nobody_else() -> None:
    document = SimpleNamespace(consultation=ConsultationId("a"))
    until = datetime(2026, 6, 10, 15, tzinfo=UTC)

    def token(claim: Claim | None, amending: str = "RX-2026-0001") -> int:
        unit = SimpleNamespace(
            amendment=lambda _: amending or None,
            consultation=lambda _: SimpleNamespace(claim=claim),
        )
        return token_of(unit, SimpleNamespace(user=SimpleNamespace(id="u")), document)

    mine = Claim(UserId("u"), "desk 1", until, until, 7)
    theirs = Claim(UserId("v"), "desk 2", until, until, 7)
    assert token(mine) == 7
    assert token(theirs) == token(None) == token(mine, amending="") == 0
