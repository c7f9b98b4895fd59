"""Passwords and PINs: Argon2id, what is accepted, and the growing delay after wrong tries."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workstation.domain.errors import Corrupt, NotAllowed, Refused

if TYPE_CHECKING:
    from workstation.domain.dates import Clock

SALT_BYTES = 16
SHORTEST, LONGEST = 15, 128
DEMONSTRATION_PASSWORD = "demonstration only"
_FEWEST_CHARACTERS = 5
_LARGEST_MEMORY = 4 * 1024 * 1024  # KiB; more in a store file is an attack on memory
_PIN = re.compile(r"[0-9]{6}\Z", re.ASCII)
_COMMON = ("password", "qwertyuiop", "qwerty", "letmein", "welcome", "iloveyou", "dermatology")


@dataclass(frozen=True, slots=True)
class Argon2:
    """Cost of one Argon2id derivation: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int

    def reaches(self, floor: Argon2) -> bool:
        """Whether no part is below ``floor``."""
        return (
            self.memory >= floor.memory
            and self.passes >= floor.passes
            and self.lanes >= floor.lanes
        )


FLOOR = Argon2(memory=64 * 1024, passes=3, lanes=4)  # RFC 9106, second recommended option
CHEAPEST = Argon2(memory=64, passes=1, lanes=1)


def derive(text: str, salt: bytes, cost: Argon2, pepper: bytes | None = None) -> bytes:
    """32 bytes from a password or PIN; keyed when ``pepper`` is given.

    Raises:
        Corrupt: ``store.argon2.cost`` for a cost that no store is made with.
    """
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    sane = 8 * cost.lanes <= cost.memory <= _LARGEST_MEMORY and 1 <= cost.passes <= 64
    if not sane or not 1 <= cost.lanes <= 64:
        raise Corrupt("store.argon2.cost")
    form = Argon2id(
        salt=salt,
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
        secret=pepper,
    )
    return form.derive(unicodedata.normalize("NFKC", text).encode())


def check_password(password: str, login: str, *, demonstration: bool) -> None:
    """Accept a new password.

    Raises:
        Refused: ``session.password.short``, ``.long`` or ``.guessable`` (few different
            characters, a counted-up row, well-known words, the login, the published one).
    """
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < SHORTEST:
        raise Refused("session.password.short", least=SHORTEST)
    if len(plain) > LONGEST:
        raise Refused("session.password.long", most=LONGEST)
    folded = plain.casefold()
    if folded == DEMONSTRATION_PASSWORD:
        if demonstration:
            return
        raise Refused("session.password.guessable")
    rest = folded.replace(login.casefold(), "")
    for word in _COMMON:
        rest = rest.replace(word, "")
    rest = "".join(c for c in rest if c.isalnum())
    if len(rest) < SHORTEST // 2 or len(set(folded)) < _FEWEST_CHARACTERS or _is_row(folded):
        raise Refused("session.password.guessable")


def pin_verifier(pin: str, cost: Argon2, pepper: bytes) -> str:
    """Keyed Argon2id verifier of a six-digit PIN, as one line of text.

    Raises:
        Refused: ``session.pin.form`` when it is not six digits, ``session.pin.guessable`` for
            one digit six times or a row.
    """
    if not _PIN.match(pin):
        raise Refused("session.pin.form")
    if len(set(pin)) == 1 or _is_row(pin):
        raise Refused("session.pin.guessable")
    salt = os.urandom(SALT_BYTES)
    digest = derive(pin, salt, cost, pepper)
    return f"v1${cost.memory}${cost.passes}${cost.lanes}${salt.hex()}${digest.hex()}"


def pin_matches(verifier: str, pin: str, pepper: bytes) -> bool:
    """Whether ``pin`` made ``verifier``.

    Raises:
        Corrupt: ``session.pin.verifier`` when the verifier is not one.
    """
    try:
        version, memory, passes, lanes, salt, digest = verifier.split("$")
        cost = Argon2(int(memory), int(passes), int(lanes))
        expected, seed = bytes.fromhex(digest), bytes.fromhex(salt)
    except ValueError as error:
        raise Corrupt("session.pin.verifier") from error
    if version != "v1":
        raise Corrupt("session.pin.verifier")
    import hmac

    return bool(_PIN.match(pin)) and hmac.compare_digest(derive(pin, seed, cost, pepper), expected)


class DurableWriter(Protocol):
    """What counting needs of durable files."""

    def write(self, path: Path, content: bytes) -> None:
        """Put ``content`` under ``path`` before returning."""
        ...


class Tries:
    """Wrong passwords by login, kept in a file so that a restart does not forget them.

    The first five cost nothing; from then on each wrong try closes the login for 30 s, doubling
    up to 15 min; never for good. A try is counted before it is checked, so that killing the
    program gives no free ones. Names that have no login share one count and are not stored.
    """

    FREE = 5
    FIRST_WAIT = timedelta(seconds=30)
    LONGEST_WAIT = timedelta(minutes=15)

    def __init__(self, path: Path, durable: DurableWriter, clock: Clock) -> None:
        self._path = path
        self._durable = durable
        self._clock = clock

    def begin(self, login: str) -> int:
        """Count a try that is about to be checked; how many are open with it.

        Raises:
            NotAllowed: ``session.password.wait`` (context ``seconds``) while the login is closed.
        """
        counts = self._read()
        wrong, last = counts.get(login, (0, self._clock.now()))
        left = self._left(wrong, last)
        if left > timedelta(0):
            raise NotAllowed("session.password.wait", seconds=_seconds(left))
        counts[login] = (wrong + 1, self._clock.now())
        self._write(counts)
        return wrong + 1

    def succeeded(self, login: str) -> None:
        """Forget the tries of ``login``."""
        counts = self._read()
        if counts.pop(login, None) is not None:
            self._write(counts)

    def wait_after(self, wrong: int) -> int:
        """Seconds that a login is closed after so many wrong tries."""
        return _seconds(self._delay(wrong))

    def _delay(self, wrong: int) -> timedelta:
        if wrong < self.FREE:
            return timedelta(0)
        doubled: timedelta = self.FIRST_WAIT * 2 ** min(wrong - self.FREE, 16)
        return min(doubled, self.LONGEST_WAIT)

    def _left(self, wrong: int, last: datetime) -> timedelta:
        delay = self._delay(wrong)
        return min(last + delay - self._clock.now(), delay)  # a clock set back cannot lengthen it

    def _read(self) -> dict[str, tuple[int, datetime]]:
        try:
            raw = json.loads(self._path.read_text("utf-8"))
            return {
                str(name): (int(wrong), datetime.fromtimestamp(float(at), UTC))
                for name, (wrong, at) in raw.items()
            }
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError, OverflowError):
            return {}  # whoever can edit the file can also remove it

    def _write(self, counts: dict[str, tuple[int, datetime]]) -> None:
        plain = {name: [wrong, at.timestamp()] for name, (wrong, at) in counts.items()}
        self._durable.write(self._path, json.dumps(plain).encode())


def _seconds(span: timedelta) -> int:
    return -(-int(span.total_seconds() * 1000) // 1000)


def _is_row(text: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in zip(text, text[1:], strict=False)}
    return steps in ({1}, {-1}, {1, -9}, {-1, 9})
