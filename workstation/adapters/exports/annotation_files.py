"""Annotations and agreements as files of the outbox, written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from workstation.adapters.exports import agreement as agreements
from workstation.adapters.exports import annotation_csv, annotation_fhir, coco
from workstation.adapters.exports.whole_file import write_whole
from workstation.domain.agreement import Agreement
from workstation.domain.errors import Refused, WorkstationError
from workstation.domain.exchange import AnnotationSet, Exchanged
from workstation.domain.ids import ConsultationId

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read; 2,000 annotations with borders are below 4 MB."""
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_SUFFIX = {"coco": "json", "csv": "csv", "json": "json", "fhir": "fhir.json"}
_WRITERS = {"coco": coco.write, "csv": annotation_csv.write, "fhir": annotation_fhir.write}


class FolderAnnotations:
    """Writes into one folder; a file name never carries more than the consultation's id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, given: AnnotationSet, form: str) -> Path:
        """Durably write annotations as ``coco``, ``csv`` or ``fhir``.

        Raises:
            WorkstationError: ``export.number``, ``export.folder``.
        """
        return self._write("annotations", given.consultation, form, written(given, form))

    def read(self, path: Path) -> Exchanged:
        """What a file of ``write`` holds.

        Raises:
            Refused: ``annotations.format``.
        """
        return read(path)

    def write_agreement(
        self, found: Mapping[ConsultationId, Agreement], grades: Sequence[str], form: str
    ) -> Path:
        """Durably write agreements as ``csv`` or ``json``.

        Raises:
            WorkstationError: as ``write``.
        """
        text = (agreements.to_csv if form == "csv" else agreements.to_json)(
            dict(found.items()), grades
        )
        return self._write("agreement", next(iter(found)), form, text)

    def _write(self, what: str, id: str, form: str, text: str) -> Path:
        if not _ID.fullmatch(id):
            raise WorkstationError("export.number")
        target = self._folder / f"{what}-{id}.{_SUFFIX[form]}"
        return write_whole(target, text.encode())


def written(given: AnnotationSet, form: str) -> str:
    """The text of a file of annotations: ``coco``, ``csv`` or ``fhir``."""
    return _WRITERS[form](given)


def read(path: Path) -> Exchanged:
    """What a file of annotations holds: CSV by its ending, else a FHIR Bundle or COCO JSON.

    Raises:
        Refused: ``annotations.format`` when it is no such file or cannot be read.
    """
    try:
        text = content(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("annotations.format") from error
    if path.suffix.lower() == ".csv":
        return annotation_csv.read(text)
    if annotation_fhir.FORMAT in text:
        return annotation_fhir.read(text)
    return coco.read(text)


def content(path: Path) -> bytes:
    """The bytes of a file of annotations.

    Raises:
        Refused: ``annotations.format`` when it is too large or cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise Refused("annotations.format")
        return path.read_bytes()
    except OSError as error:
        raise Refused("annotations.format") from error
