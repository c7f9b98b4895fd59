"""DICOM objects of a consultation as a folder of files: one of each photo, one report of annotations."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.adapters.dicom import writing
from workstation.domain.consultation import Consultation
from workstation.domain.errors import Refused, WorkstationError
from workstation.domain.exchange import AnnotationSet, Exchanged
from workstation.domain.wrapped import Frame

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


class FolderDicom:
    """The port ``DicomFiles``; ``frame`` and ``report`` work in the capped child."""

    def __init__(
        self,
        outbox: Path,
        frame: Callable[[bytes], Frame],
        report: Callable[[bytes], str],
    ) -> None:
        self._outbox, self._frame, self._report = outbox, frame, report

    def begin(
        self,
        consultation: Consultation,
        contents: tuple[bytes, ...],
        drawn: AnnotationSet,
        reader: str,
    ) -> Objects:
        """Begin a folder of the outbox that carries the consultation's id and nothing else.

        Raises:
            WorkstationError: ``export.number`` for an id that names no folder.
        """
        if not _ID.fullmatch(consultation.id):
            raise WorkstationError("export.number")
        target = self._outbox / f"dicom-{consultation.id}"
        return Objects(target, consultation, contents, drawn, reader, self._frame)

    def read(self, path: Path) -> Exchanged:
        """The annotations of a report.

        Raises:
            Refused: ``annotations.*``. WorkstationError: ``export.dicom.extra`` without the part.
        """
        from workstation.adapters.exports import annotation_files, coco

        _need()
        try:
            return coco.read(self._report(annotation_files.content(path)))
        except Refused as refusal:
            # What the child says of a file that is no report at all is about photos.
            if refusal.code.startswith("annotations."):
                raise
            raise Refused("annotations.format") from refusal


class Objects:
    """The port ``DicomObjects``: files are written beside ``target`` and moved there at the end."""

    def __init__(
        self,
        target: Path,
        consultation: Consultation,
        contents: tuple[bytes, ...],
        drawn: AnnotationSet,
        reader: str,
        frame: Callable[[bytes], Frame],
    ) -> None:
        _need()
        self._target, self._part = target, target.with_name(f".{target.name}.part")
        self._study = writing.Study(consultation, reader)
        self._contents, self._drawn, self._frame = contents, drawn, frame
        self._made: list[Dataset] = []

    @property
    def photos(self) -> int:
        """How many photos there are."""
        return len(self._contents)

    def next_photo(self) -> None:
        """Write the object of the next photo."""
        at = len(self._made)
        photo = self._study.consultation.photos[at]
        frame = self._frame(self._contents[at])
        made = writing.photo_object(self._study, photo, at + 1, frame)
        self._write(f"photo-{at + 1:02d}.dcm", made)
        del made.PixelData  # the report names the object, it does not look at it
        self._made.append(made)

    def finish(self) -> Path:
        """Write the report, if anything was drawn, and bring the folder to its place.

        Raises:
            WorkstationError: ``export.folder`` when it cannot be written; nothing is left of it.
        """
        from workstation.adapters.exports import coco

        drawn = self._drawn
        if drawn.annotations:
            report = writing.report_object(self._study, drawn, coco.write(drawn), self._made)
            self._write("report.dcm", report)
        try:
            self._part.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(self._target, ignore_errors=True)
            self._part.replace(self._target)
        except OSError as error:
            self.discard()
            raise WorkstationError("export.folder", errno=error.errno or 0) from error
        return self._target

    def discard(self) -> None:
        """Leave nothing of it."""
        shutil.rmtree(self._part, ignore_errors=True)

    def _write(self, name: str, made: Dataset) -> None:
        content = writing.encoded(made)
        try:
            self._part.mkdir(parents=True, exist_ok=True)
            with (self._part / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.discard()
            raise WorkstationError("export.folder", errno=error.errno or 0) from error


def _need() -> None:
    if not writing.available():
        raise WorkstationError("export.dicom.extra")
