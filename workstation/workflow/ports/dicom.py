"""What the workflow asks of DICOM, an optional part of the program."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from workstation.domain.consultation import Consultation
from workstation.domain.exchange import AnnotationSet, Exchanged


class DicomObjects(Protocol):
    """Objects of one consultation on their way into a folder, which is there whole or not at all."""

    @property
    def photos(self) -> int:
        """How many photos there are."""
        ...

    def next_photo(self) -> None:
        """Write the object of the next photo.

        Raises:
            Refused: ``intake.photo.*``.
            WorkstationError: ``export.folder``.
        """
        ...

    def finish(self) -> Path:
        """Write the measurement report and bring the folder to its place."""
        ...

    def discard(self) -> None:
        """Leave nothing of it."""
        ...


class DicomFiles(Protocol):
    """DICOM out of the program and annotations back in."""

    def begin(
        self,
        consultation: Consultation,
        contents: tuple[bytes, ...],
        drawn: AnnotationSet,
        reader: str,
    ) -> DicomObjects:
        """Begin the objects of a consultation; ``contents`` are its photos' bytes in order.

        Raises:
            WorkstationError: ``export.dicom.extra`` when the optional part is not installed.
        """
        ...

    def read(self, path: Path) -> Exchanged:
        """The annotations of a measurement report that this program wrote.

        Raises:
            Refused: ``annotations.*``.
            WorkstationError: ``export.dicom.extra``.
        """
        ...
