"""Every page of every kind of document looks as it did when somebody last looked at it."""

from __future__ import annotations

import golden_pages as golden
import pytest
from PIL import Image

MOST = 0.002  # share of a page's pixels that may differ visibly: less than one short word


@pytest.mark.parametrize("paper", golden.PAPERS)
def test_pages_are_as_their_golden_pages(paper: str) -> None:
    seen = set()
    for name, document in golden.documents(paper):
        for number, page in enumerate(golden.drawn(document), 1):
            path = golden.path_of(name, paper, number)
            assert path.is_file(), f"{path.name}: new page; python tests/golden_pages.py"
            apart = golden.unlike(page, Image.open(path))
            assert apart <= MOST, f"{path.name}: {apart:.4f} differs; python tests/golden_pages.py"
            seen.add(path.name)
    kept = {path.name for path in golden.GOLDEN.glob(f"*-{paper}-*.png")}
    assert seen == kept  # no page went away


def test_one_changed_word_is_seen() -> None:
    """The measure is fine enough: another quantity on a page is more than may differ."""
    from dataclasses import replace

    from workstation.domain.documents import Table

    name, document = next(golden.documents("letter"))
    blocks = tuple(
        replace(
            block, rows=((block.rows[0][0], "90 (ninety) capsules", "30 days"), *block.rows[1:])
        )
        if isinstance(block, Table)
        else block
        for block in document.blocks
    )
    changed = golden.drawn(replace(document, blocks=blocks))[0]
    kept = Image.open(golden.path_of(name, "letter", 1))
    assert golden.unlike(changed, kept) > MOST
