"""Indications to choose from, from ``indications.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from workstation.content.sources import cited
from workstation.content.tables import Table, read
from workstation.domain.consultation import RequestKind
from workstation.domain.explain import Source
from workstation.domain.indications import Indication

_ICD10 = re.compile(r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")


def read_indications(
    path: Path, sources: Mapping[str, Source], acne: tuple[str, ...]
) -> tuple[Indication, ...]:
    """All indications in file order; a code that begins with one of ``acne`` is acne.

    Raises:
        ContentError: ``content.indication.code`` for a code that is none or is listed twice,
            ``content.indication.request`` for an unknown request, ``content.indication.medicine``
            for a medicine named twice, or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    top.text("edition")
    found: list[Indication] = []
    for table in top.tables("indication"):
        code = table.text("icd10")
        if not _ICD10.match(code) or any(code == other.icd10 for other in found):
            raise table.wrong("content.indication.code", "icd10")
        on_label, off_label = table.maybe_texts("on_label"), table.maybe_texts("off_label")
        if len({*on_label, *off_label}) != len((*on_label, *off_label)):
            raise table.wrong("content.indication.medicine", "off_label")
        found.append(
            Indication(
                id=table.text("id"),
                label=table.text("label"),
                icd10=code,
                acne=code.startswith(acne),
                source=cited(table, sources),
                requests=_requests(table),
                on_label=on_label,
                off_label=off_label,
            )
        )
        table.done()
    top.done()
    return tuple(found)


def _requests(table: Table) -> tuple[RequestKind, ...]:
    known = {kind.value: kind for kind in RequestKind}
    named = table.maybe_texts("requests")
    if any(name not in known for name in named):
        raise table.wrong("content.indication.request", "requests")
    return tuple(known[name] for name in named)
