"""The one error tree: stable dotted codes, context of ids and numbers only, no sentences."""

from __future__ import annotations


class WorkstationError(Exception):
    """A broken promise or a refused input.

    ``code`` is stable and dotted (``intake.photo.unreadable``); ``context`` holds ids, counts and
    code words only, never patient data. Sentences for people live in ``presenters.wording``.
    """

    def __init__(self, code: str, **context: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.context = context

    def __str__(self) -> str:
        return f"{self.code} {self.context}" if self.context else self.code


class NotAllowed(WorkstationError):
    """The signed-in user may not do this."""


class Conflict(WorkstationError):
    """Somebody else, or an older window, holds or changed what was to be written."""


class Refused(WorkstationError):
    """Input from outside that is not taken; nothing of it is kept but the quarantined file."""


class ContentError(WorkstationError):
    """A clinical content file is wrong; context carries ``file`` and ``line``."""


class Corrupt(WorkstationError):
    """Stored data fail their own check."""
