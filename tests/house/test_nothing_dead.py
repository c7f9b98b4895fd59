"""Whatever the program defines the program uses: what only tests ask for belongs to the tests."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workstation"
# Called by others under names of theirs: Qt, SQLAlchemy, HarfBuzz's pens, pyHanko.
CALLED_BY_OTHERS = {
    *("eventFilter", "sizeHint", "minimumSizeHint", "hasHeightForWidth", "expandingDirections"),
    *("createEditor", "setModelData", "doItemsLayout", "updateGeometries", "sleeping"),
    *("impl", "cache_ok", "process_bind_param", "process_result_value"),
    *("qCurveTo", "closePath", "_update_meta"),
}
# Stored or printed as a whole, or looked up by name.
READ_AS_A_WHOLE = {
    "Manifest.schema",
    "User.created_at",
    "Delivery.file_kind",
    "Step.milliseconds",
    *(f"Prescription.prescriber_{name}" for name in ("address", "license", "name", "phone")),
    *(f"Prescription.patient_{name}" for name in ("address", "dob")),
}
# Looked at by tests from outside, where nothing else can be seen.
LOOKED_AT = {"GONE_SECONDS", "is_holding"}


@cache
def programs() -> dict[str, str]:
    """Code by path, without comments, documentation, imports and lists of what is exported."""
    left_out = re.compile(
        r'(?m)^\s*"""[\s\S]*?"""|(?<![\w"\'])#.*$|^\s*(?:from [\w.]+ )?import (?:\([^)]*\)|.*)$'
        r"|^__all__ = \[[^\]]*\]"
    )
    return {
        path.relative_to(PACKAGE).as_posix(): left_out.sub("", path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if "migrations/versions" not in path.as_posix()
    }


def test_every_function_class_and_constant_is_used_by_the_program() -> None:
    words = Counter(word for text in programs().values() for word in re.findall(r"\w+", text))
    forms = {w for p in (ROOT / "forms").glob("*.ui") for w in re.findall(r"\w+", p.read_text())}
    defined = re.compile(r"(?m)^ *(?:def|class) (\w+)|^([A-Z_][A-Z0-9_]*)(?:: [^=\n]*)? = ")
    found = [
        f"{where} {name}"
        for where, text in programs().items()
        for name in (one[1] or one[2] for one in defined.finditer(text))
        if words[name] == 1 and not name.startswith("__") and not name.endswith("Event")
        and name not in forms | CALLED_BY_OTHERS | LOOKED_AT
    ]  # fmt: skip
    assert found == []
    assert words["appraise"] > 1 and words["no_such_name"] == 0  # they are counted at all


def test_every_field_of_a_value_is_read() -> None:
    whole = "\n".join(programs().values())
    read = set(re.findall(r"(?:\.|\")(\w+)\b", whole)) | set(
        re.findall(r"\b(\w+)=(?=\w+[,)])", whole)
    )
    kind = re.compile(r"(?m)^@dataclass.*\n(?:@.*\n)*class (\w+).*\n((?:(?:    .*)?\n)+)")
    values = [(one[1], one[2]) for text in programs().values() for one in kind.finditer(text)]
    assert len(values) > 500
    unread = {
        f"{name}.{field}"
        for name, body in values
        for field in re.findall(r"(?m)^    (\w+): ", body)
        if field not in read
    }
    assert unread <= READ_AS_A_WHOLE
