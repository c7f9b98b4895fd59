"""What worked cases of each kind hold: their inputs with types, outputs and an example.

Printed for people who write content; a case may be checked against it before it is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from workstation.content.tables import Table, read

TYPES = ("whole", "number", "yes_no", "text", "date", "texts", "numbers", "pairs")


@dataclass(frozen=True, slots=True)
class KindSchema:
    """One kind of case. ``required`` and ``optional`` give the type of each input by name."""

    id: str
    text: str
    required: Mapping[str, str]
    optional: Mapping[str, str]
    outputs: tuple[str, ...]
    example: Mapping[str, Any]

    def lines(self) -> tuple[str, ...]:
        """The schema for people, one line for each part."""
        named = [f"{name}: {kind}" for name, kind in self.required.items()]
        named += [f"[{name}: {kind}]" for name, kind in self.optional.items()]
        example = ", ".join(f"{name} = {value}" for name, value in self.example.items())
        return (
            f"{self.id}: {self.text}",
            f"  inputs: {', '.join(named)}",
            f"  outputs: {', '.join(self.outputs)}",
            f"  example: {example}",
        )

    def plain(self) -> dict[str, Any]:
        """The schema as JSON types."""
        return {
            "kind": self.id,
            "text": self.text,
            "required": dict(self.required),
            "optional": dict(self.optional),
            "outputs": list(self.outputs),
            "example": {name: _json(value) for name, value in self.example.items()},
        }


def read_schemas(path: Path) -> tuple[KindSchema, ...]:
    """The schemas of a file, in file order.

    Raises:
        ContentError: ``content.cases.type`` for an unknown type, or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    found = []
    for table in top.tables("kind"):
        example = table.table("example")
        given = example.keys()
        found.append(
            KindSchema(
                id=table.text("id"),
                text=table.text("text"),
                required=_types(table.table("required")),
                optional=_types(table.table("optional")),
                outputs=table.texts("outputs"),
                example={name: example.value(name) for name in given},
            )
        )
        table.done()
    top.done()
    return tuple(found)


def _types(table: Table) -> dict[str, str]:
    found = {}
    names = table.keys()
    for name in names:
        found[name] = table.text(name)
        if found[name] not in TYPES:
            raise table.wrong("content.cases.type", name)
    return found


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return [_json(one) for one in value] if isinstance(value, list) else value
