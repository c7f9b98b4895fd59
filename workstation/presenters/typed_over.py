"""What was typed into a drafted message stays when the draft changes under it."""

from __future__ import annotations

from difflib import SequenceMatcher


def kept(before: str, typed: str, draft: str) -> str:
    """``draft`` with the lines that ``typed`` added to or changed in the draft ``before``.

    They stand before the line they stood before; where that line is gone (another language, say),
    before the last paragraph. Lines that were only taken away come back with the new draft.
    """
    was, has, now = (text.strip("\n").split("\n") for text in (before, typed, draft))
    for tag, _, end, first, last in SequenceMatcher(None, was, has, autojunk=False).get_opcodes():
        own = [line for line in has[first:last] if line.strip()]
        if tag not in ("insert", "replace") or not own:
            continue
        after = next((line for line in was[end:] if line.strip()), "")
        at = now.index(after) if after in now and after else _last_paragraph(now)
        now[at:at] = [*own, ""]
    return "\n".join(now) + ("\n" if draft.endswith("\n") else "")


def _last_paragraph(lines: list[str]) -> int:
    """Where the last paragraph begins."""
    return max((at + 1 for at, line in enumerate(lines) if not line.strip()), default=len(lines))
