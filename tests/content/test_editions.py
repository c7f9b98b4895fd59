"""Editions side by side: what was signed years ago is explained with the content of its day."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.safety import cases
from workstation.assets import resource
from workstation.content.catalogue import fingerprint, load
from workstation.content.editions import Shelf, keep
from workstation.domain.draft import Draft, ItemKind, Key
from workstation.domain.errors import ContentError
from workstation.domain.safety import Level
from workstation.workflow.appraisal import Situation
from workstation.workflow.retold import retell


@pytest.fixture
def folder(tmp_path):
    """Content in which a synthetic older edition asked for a reason above 100 mg/kg, not 220."""
    copy = tmp_path / "clinical"
    shutil.copytree(resource("clinical"), copy)
    rules = copy / "rules" / "isotretinoin.toml"
    text = rules.read_text(encoding="utf-8")
    older = text.replace("mg_per_kg(220)", "mg_per_kg(100)")
    assert older != text
    for path in copy.rglob("*.toml"):
        words = path.read_text(encoding="utf-8")
        words = re.sub(r'(?m)^edition = "[^"]+"', 'edition = "2024-01-15"', words)
        path.write_text(words, encoding="utf-8")
    rules.write_text(re.sub(r'(?m)^edition = "[^"]+"', 'edition = "2024-01-15"', older), "utf-8")
    kept = keep(copy)
    for path in resource("clinical").rglob("*.toml"):
        shutil.copy(path, copy / path.relative_to(resource("clinical")))
    assert kept == copy / "editions" / "2024.01.15"
    return copy


def situation(content) -> Situation:
    return Situation(content, cases.PRESCRIBER, cases.CLINIC, cases.NOW, cases.TODAY)


def draft() -> Draft:
    items = {
        Key.of(ItemKind.REGIMEN, "isotretinoin"): cases.TWENTY_TWICE,
        Key.of(ItemKind.DECISION): cases.PRESCRIBE,
    }
    return Draft(cases.consultation().id, MappingProxyType(items))


def signed(stamp):
    """A course that has come to 120 mg/kg."""
    supplies = tuple(
        replace(cases.SUPPLY, on=cases.SUPPLY.on.replace(month=month), days=30)
        for month in (1, 2, 3, 4, 5)
    )
    return cases.consultation(dispensed=supplies, content_edition=stamp)


def codes(retold) -> set[str]:
    return {f.code for f in retold.appraisal.evaluation.findings if f.level is Level.OVERRIDE}


def test_both_editions_stand_side_by_side(folder) -> None:
    shelf = Shelf(folder)
    assert shelf.editions == ("2024.01.15", load(folder).edition)
    assert shelf.of("2024.01.15").catalogue.edition == "2024.01.15"
    assert shelf.of("2024.01.15").catalogue is shelf.of("2024.01.15").catalogue


def test_an_older_edition_does_not_change_the_one_in_force(folder) -> None:
    assert fingerprint(folder) == fingerprint(resource("clinical"))
    assert load(folder).digest == load(resource("clinical")).digest


def test_a_consultation_is_retold_with_the_edition_it_was_signed_with(folder) -> None:
    shelf = Shelf(folder)
    stamp = shelf.of("2024.01.15").catalogue.stamp
    now = load(folder)
    then = retell(signed(stamp), draft(), (), situation(now), shelf)
    today = retell(signed(now.stamp), draft(), (), situation(now), shelf)
    assert (then.edition, then.exact) == ("2024.01.15", True)
    assert (today.edition, today.exact) == (now.edition, True)
    assert "ISO-CUM-220" in codes(then)
    assert "ISO-CUM-220" not in codes(today)


def test_an_edition_whose_bytes_changed_is_said_not_to_be_exact(folder) -> None:
    shelf = Shelf(folder)
    edition = shelf.of("2024.01.15").catalogue.edition
    assert not retell(
        signed(f"{edition}+000000000000"), draft(), (), situation(load(folder)), shelf
    ).exact
    assert not retell(signed(edition), draft(), (), situation(load(folder)), shelf).exact


def test_an_edition_nobody_kept_is_said(folder) -> None:
    with pytest.raises(ContentError) as caught:
        Shelf(folder).of("2019.01.01+123456789abc")
    assert caught.value.code == "content.edition.unknown"


def test_unsigned_work_uses_the_content_in_force(folder) -> None:
    shelf = Shelf(folder)
    retold = retell(signed(None), draft(), (), situation(load(folder)), shelf)
    assert retold.edition == load(folder).edition


def test_an_edition_is_kept_once(folder) -> None:
    keep(folder)
    with pytest.raises(ContentError) as caught:
        keep(folder)
    assert caught.value.code == "content.edition.twice"


def test_the_command_keeps_the_edition_in_force_before_it_is_changed(
    folder, monkeypatch, capsys
) -> None:
    from workstation import assets, cli

    monkeypatch.setattr(assets, "resource", lambda *_: folder)
    assert cli.run(["check-content", "--keep"]) == 0
    edition = load(folder).edition
    assert (folder / "editions" / edition / "rules" / "isotretinoin.toml").exists()
    assert edition in capsys.readouterr().out
    assert cli.run(["check-content", "--keep"]) == 1
    assert "content.edition.twice" in capsys.readouterr().err
