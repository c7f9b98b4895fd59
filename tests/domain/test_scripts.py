"""Names of one script or of a usual combination pass; a lookalike of another script is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.store.names import sounds_like
from workstation.domain.scripts import Mixed, as_read, mixed, mixed_name


@pytest.mark.parametrize(
    "name",
    [
        ("O’Brien-Núñez", "Mª José"),
        ("Nguyễn", "Minh Đức"),
        ("Иванова", "Ольга"),
        ("Παπαδόπουλος", "Γιώργος"),
        ("Kahanamoku", "Kaʻiulani"),
        ("山田", "たろうタロウ々ー"),
        ("Yamada 山田", "Tarō"),
        ("Lee 이", "민호 民浩"),
        ("王", "ㄨㄤˊ Wang"),
        ("عبد الله", "مـحمد"),
        ("כהן", "נועה"),
        ("Ｙａｍａｄａ", "Taro"),  # full width is Latin
        ("Smith 3rd", "J. R."),
    ],
)
def test_names_as_people_write_them_are_not_warned_of(name: tuple[str, str]) -> None:
    assert mixed_name(*name) is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (("M\u0430rsh", "Elena"), Mixed(("Latin", "Cyrillic"), "\u0430")),
        (("\u041cARSH", "El\u0435na"), Mixed(("Latin", "Cyrillic"), "\u041c\u0435")),
        (("Иванoва", "Ольга"), Mixed(("Cyrillic", "Latin"), "o")),
        (("L\u03bfpez", "Ana"), Mixed(("Latin", "Greek"), "\u03bf")),
        (("Παπασ\u0430", "Ρ"), Mixed(("Greek", "Cyrillic"), "\u0430")),
        (("山田", "\u0410"), Mixed(("Han", "Cyrillic"), "\u0410")),
        (("이", "タ"), Mixed(("Hangul", "Katakana"), "タ")),
    ],
)
def test_a_letter_of_another_script_is_found(name: tuple[str, str], found: Mixed) -> None:
    assert mixed_name(*name) == found


def test_the_native_writing_is_a_text_of_its_own() -> None:
    assert mixed_name("Ivanova", "Olga", "Иванова Ольга") is None
    assert mixed_name("Ivanova", "Olga", "Иванова \u039fльга") == Mixed(
        ("Cyrillic", "Greek"), "\u039f"
    )


def test_a_lookalike_shares_the_key_of_the_name_it_looks_like() -> None:
    assert sounds_like("M\u0430rsh", "Elena") == sounds_like("Marsh", "Elena")
    assert sounds_like("\u041c\u0391rsh", "\u0415lena") == sounds_like("March", "Helena")
    assert sounds_like("Марш", "Елена") != sounds_like("Marsh", "Elena")  # a name of its own


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_judged_and_reading_keeps_its_length(one: str, two: str) -> None:
    found = mixed(one, two)
    assert found is None or (len(found.scripts) > 1 and found.others)
    assert len(as_read(one)) == len(one)
    assert mixed(*(c for c in (one + two) if c.isascii())) is None
