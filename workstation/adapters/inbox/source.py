"""What a file is, told by its first bytes, and the reader that turns it into a consultation."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.adapters.inbox.vocabulary import LOINC
from workstation.assets import resource
from workstation.content.facts import read_facts
from workstation.content.sources import read_sources
from workstation.domain.errors import Refused
from workstation.domain.facts import FactSpec
from workstation.domain.laboratory import LabTest

if TYPE_CHECKING:
    from workstation.workflow.ports import Received
    from workstation.workflow.ports.board import ReceivedResults

FHIR_JSON = "fhir-json"
FHIR_ZIP = "fhir-zip"
HL7_V2 = "hl7-v2"
DICOM = "dicom"

MOST_JSON = 200 * 1024 * 1024
MOST_RESULTS = 2 * 1024 * 1024  # results carry no photos
_HEAD = 132
_CHUNK = 1024 * 1024


def recognise(head: bytes) -> str | None:
    """``fhir-zip``, ``fhir-json``, ``hl7-v2``, ``dicom`` or ``None`` by the first bytes; the name never decides."""
    if head.startswith(b"PK\x03\x04"):
        return FHIR_ZIP
    if head.lstrip(b" \t\r\n").startswith(b"{"):
        return FHIR_JSON
    if head[128:132] == b"DICM":
        return DICOM
    if head.removeprefix(b"\x0b").startswith((b"MSH", b"BHS", b"FHS")):
        return HL7_V2
    return None


class FolderReader:
    """Reads intake packages from files; ``tests`` and ``facts`` are those of the content.

    Without ``facts`` the registry that comes with the program is read.
    """

    def __init__(
        self, tests: Iterable[LabTest], facts: Mapping[str, FactSpec] | None = None
    ) -> None:
        self.tests: Mapping[str, str] = {
            code: test.id
            for test in tests
            if test.system == LOINC
            for code in (test.loinc, *test.also)
        }
        self._facts = facts

    @property
    def facts(self) -> Mapping[str, FactSpec]:
        """The registry that statements and answers are checked against."""
        return self._facts if self._facts is not None else _installed_facts()

    def kind(self, path: Path) -> str | None:
        """``fhir-zip``, ``fhir-json`` or ``None``, by the first bytes of a file.

        Raises:
            Refused: ``intake.file.unreadable``.
        """
        try:
            with path.open("rb") as file:
                return recognise(file.read(_HEAD))
        except OSError as error:
            raise Refused("intake.file.unreadable") from error

    def read(self, path: Path) -> Received:
        """The consultation in the file.

        Raises:
            Refused: ``intake.*`` with ``where`` (a path of keys and indexes) where there is one.
        """
        # The readers are imported with the first package: start-up does without them.
        from workstation.adapters.inbox.bundle import read_bundle
        from workstation.adapters.inbox.package import MOST_PACKAGE, opened

        registry = self.facts
        try:
            size = path.stat().st_size
            if size > MOST_PACKAGE:
                raise Refused("intake.package.large", bytes=size)
            digest, head = _digest(path)
            kind = recognise(head)
            if kind == FHIR_JSON:
                if size > MOST_JSON:
                    raise Refused("intake.package.large", bytes=size)
                return read_bundle(
                    path.read_bytes(),
                    tests=self.tests,
                    registry=registry,
                    package_digest=digest,
                    file_kind=kind,
                )
            if kind == FHIR_ZIP:
                with opened(path) as package:
                    return read_bundle(
                        package.bundle(),
                        tests=self.tests,
                        registry=registry,
                        package_digest=digest,
                        file_kind=kind,
                        members=package.photos,
                        fetch=package.photo,
                    )
        except OSError as error:
            raise Refused("intake.file.unreadable") from error
        raise Refused("intake.dicom.package" if kind == DICOM else "intake.file.kind")

    def read_any(self, path: Path) -> Received | ReceivedResults:
        """As ``read``; a file of laboratory results alone is taken too.

        Raises:
            Refused: ``intake.*`` with ``where`` where there is one.
        """
        from workstation.adapters.inbox.hl7 import MOST_BYTES
        from workstation.adapters.inbox.hl7_results import read_results
        from workstation.adapters.inbox.results_bundle import is_results, read_results_bundle

        try:
            size = path.stat().st_size
            with path.open("rb") as file:
                kind = recognise(file.read(_HEAD))
            if kind == HL7_V2:
                if size > MOST_BYTES:
                    raise Refused("intake.hl7.limit", bytes=size)
                raw = path.read_bytes()
                digest = hashlib.sha256(raw).hexdigest()
                return read_results(raw, tests=self.tests, digest=digest, kind=kind)
            if kind == FHIR_JSON and size <= MOST_RESULTS:
                raw = path.read_bytes()
                if is_results(raw):
                    digest = hashlib.sha256(raw).hexdigest()
                    return read_results_bundle(raw, tests=self.tests, digest=digest, kind=kind)
        except OSError as error:
            raise Refused("intake.file.unreadable") from error
        return self.read(path)


@cache
def _installed_facts() -> Mapping[str, FactSpec]:
    sources = read_sources(resource("clinical", "sources.toml"))
    return read_facts(resource("clinical", "facts.toml"), sources)


def _digest(path: Path) -> tuple[str, bytes]:
    """SHA-256 of a file, and its first bytes."""
    found = hashlib.sha256()
    head = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            head = head or chunk[:_HEAD]
            found.update(chunk)
    return found.hexdigest(), head
