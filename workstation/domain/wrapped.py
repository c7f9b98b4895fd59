"""Photos on their way out of and into other objects, with whom such an object names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.domain.photo import View


@dataclass(frozen=True, slots=True)
class Named:
    """Whom an object says that it is about; ``None`` for what it leaves out."""

    record: str | None = None
    family: str | None = None
    given: str | None = None
    born: date | None = None
    sex: str | None = None

    @property
    def somebody(self) -> bool:
        """Whether it says whom: a record number, or a name with the day of birth."""
        return self.record is not None or (self.family is not None and self.born is not None)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The photo as a plain file of its media type; nothing of the object's text is in it."""

    media_type: str
    content: bytes
    view: View | None
    named: Named


@dataclass(frozen=True, slots=True)
class Frame:
    """An upright photo for another object: ``form`` is ``jpeg`` (a bare file) or ``pixels`` (RGB).

    ``transform`` is Adobe's word on a JPEG's colour; ``profile`` an ICC profile.
    """

    form: str
    width: int
    height: int
    components: int
    transform: int | None
    content: bytes
    profile: bytes | None
