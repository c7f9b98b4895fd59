"""Indications to choose from, from ``indications.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from workstation.content.sources import cited
from workstation.content.tables import read
from workstation.domain.explain import Source
from workstation.domain.indications import Indication

_ICD10 = re.compile(r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")


def read_indications(
    path: Path, sources: Mapping[str, Source], acne: tuple[str, ...]
) -> tuple[Indication, ...]:
    """All indications in file order; a code that begins with one of ``acne`` is acne.

    Raises:
        ContentError: ``content.indication.code`` for a code that is none or is listed twice, or a
            fault of the file.
    """
    top = read(path)
    top.whole("schema")
    top.text("edition")
    found: list[Indication] = []
    for table in top.tables("indication"):
        code = table.text("icd10")
        if not _ICD10.match(code) or any(code == other.icd10 for other in found):
            raise table.wrong("content.indication.code", "icd10")
        found.append(
            Indication(
                id=table.text("id"),
                label=table.text("label"),
                icd10=code,
                acne=code.startswith(acne),
                source=cited(table, sources),
            )
        )
        table.done()
    top.done()
    return tuple(found)
