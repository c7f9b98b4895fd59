"""Who writes: an account that was switched off or given another role since its sign-in writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from workstation.adapters.store import rows
from workstation.adapters.store.schema import account
from workstation.domain.accounts import Role, User
from workstation.domain.errors import NotAllowed

# Made once: it is asked with every edit.
_CONTENT = select(account.c.content).where(account.c.id == bindparam("actor"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account may, as the store has it."""

    role: Role
    administers: bool


class Standings:
    """What each account might when it signed in at this desk, held against what it may now.

    A session carries the account as it was at its sign-in; another desk may have changed it since.
    Asked inside each write transaction, so that no call of the workflow can miss it.
    """

    def __init__(self) -> None:
        self._at_sign_in: dict[str, Standing] = {}
        self._seen: dict[str, tuple[str, Standing]] = {}  # a text that did not change is read once

    def now(self, connection: Connection, actor: str) -> Standing | None:
        """What ``actor`` may now; None of who has no account (the program itself).

        Raises:
            NotAllowed: ``session.user.inactive``.
        """
        content = connection.scalar(_CONTENT, {"actor": actor})
        if content is None:
            return None
        seen = self._seen.get(actor)
        if seen is not None and seen[0] == content:
            return seen[1]
        user = rows.from_text(content, User)
        if not user.active:
            raise NotAllowed("session.user.inactive")
        found = Standing(user.role, user.administers)
        self._seen[actor] = (content, found)
        return found

    def arrived(self, actor: str, standing: Standing | None) -> None:
        """``actor`` has just signed in with what the account may now."""
        if standing is not None:
            self._at_sign_in[actor] = standing

    def check(self, actor: str, standing: Standing | None) -> None:
        """Refuse who may something else than at the sign-in.

        Raises:
            NotAllowed: ``session.user.changed``.
        """
        if self._at_sign_in.get(actor, standing) != standing:
            raise NotAllowed("session.user.changed")
