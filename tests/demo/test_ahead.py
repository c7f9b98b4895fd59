"""What is done ahead while the demonstration is made gives what the real parts give."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workstation.demo.ahead import Ahead, DrawnOnce, MatchedOnce
from workstation.domain.errors import Refused
from workstation.domain.photo import View
from workstation.workflow import intake
from workstation.workflow.ports import ReceivedPhoto

SENT = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)


def package(*contents: bytes) -> Any:
    """What a reader hands over, as far as the photos go."""
    photos = tuple(ReceivedPhoto(View.FRONT, "image/jpeg", c, c.hex()) for c in contents)
    return SimpleNamespace(submitted_at=SENT, photos=photos)


@dataclass
class Decoder:
    """Answers with the bytes it was asked about; refuses what begins with ``bad``."""

    asked: list[bytes] = field(default_factory=list)
    both: threading.Barrier | None = None

    def examine(self, content: bytes, received: date) -> Any:
        self.asked.append(content)
        if self.both is not None:
            self.both.wait(timeout=10)
        if content.startswith(b"bad"):
            raise Refused(f"intake.photo.{content.decode()}")
        return SimpleNamespace(media_type="image/jpeg", seen=content, received=received)


def test_each_photo_is_examined_once_and_handed_out_under_its_own_day() -> None:
    decoder, path = Decoder(), Path("one.zip")
    given = package(b"a", b"b")
    ahead = Ahead(SimpleNamespace(read=lambda _: given), decoder, [path])
    assert ahead.read(path) is given
    assert ahead.examine(b"a", SENT.date()).seen == b"a"
    assert sorted(decoder.asked) == [b"a", b"b"]
    ahead.examine(b"b", date(2026, 1, 1))  # another day may judge it too old: asked anew
    assert sorted(decoder.asked) == [b"a", b"b", b"b"]
    ahead.close()


def test_a_photo_refused_ahead_is_refused_when_it_is_received() -> None:
    decoder, path = Decoder(), Path("one.zip")
    ahead = Ahead(SimpleNamespace(read=lambda _: package(b"bad")), decoder, [path])
    ahead.read(path)
    with pytest.raises(Refused):
        ahead.examine(b"bad", SENT.date())
    ahead.close()


def test_equal_documents_are_drawn_once_and_others_anew() -> None:
    drawn: list[Any] = []
    once = DrawnOnce(SimpleNamespace(render=lambda d, code: drawn.append(d) or repr(d).encode()))
    first: Any = Word("a")
    assert once.render(first) == once.render(replace(first))
    assert len(drawn) == 1
    assert once.render(replace(first, text="b")) != once.render(first)
    for n in range(5):
        once.render(replace(first, text=str(n)))
    once.render(first)
    assert drawn[-1] == first  # a few are kept, not all


@dataclass(frozen=True)
class Word:
    """A document as short as can be."""

    text: str


def test_only_a_pin_that_matched_is_remembered() -> None:
    asked: list[str] = []
    keys: Any = SimpleNamespace(pin_matches=lambda v, pin: asked.append(pin) or pin == "246810")
    once = MatchedOnce(keys)
    for _ in range(2):
        assert not once.pin_matches("verifier", "000000")
        assert once.pin_matches("verifier", "246810")
    assert not once.pin_matches("another", "000000")
    assert asked == ["000000", "246810", "000000", "000000"]


def test_intake_examines_two_photos_at_once_and_keeps_their_order() -> None:
    decoder = Decoder(both=threading.Barrier(2))
    desk: Any = SimpleNamespace(photos=decoder)
    found: Any = intake._all_examined(desk, package(b"a", b"b", b"c", b"d"), intake.Watch())
    assert [one.seen for one in found] == [b"a", b"b", b"c", b"d"]


def test_intake_refuses_by_the_first_photo_at_fault() -> None:
    desk: Any = SimpleNamespace(photos=Decoder())
    with pytest.raises(Refused) as refusal:
        intake._all_examined(desk, package(b"a", b"bad-one", b"bad-two", b"b"), intake.Watch())
    assert refusal.value.code == "intake.photo.bad-one"
