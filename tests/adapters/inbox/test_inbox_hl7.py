"""HL7 v2 results: every value read exactly or the whole message refused with its place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.adapters.inbox.hl7 import read_segments
from workstation.adapters.inbox.hl7_results import read_results
from workstation.domain.errors import Refused
from workstation.workflow.ports.board import ReceivedResults

TESTS = {"1742-6": "alt", "2571-8": "tg", "2106-3": "hcg_urine"}
MSH = r"MSH|^~\&|LAB|HARBOR^1.2.3^ISO|DERM|CLINIC|20261120101500||ORU^R01^ORU_R01|C-1|P|2.5.1"
PID = "PID|1||MK-204817^^^CLINIC^MR||MARSH^ELENA||20030314|F"
OBR = "OBR|1|||24325-3^LFT^LN|||20261120081500"
ALT = "OBX|1|NM|1742-6^ALT^LN||96|U/L^^UCUM|10-40|H|||F"
TG = "OBX|2|SN|2571-8^TG^LN||=^164|mg/dL|<150|H|||F|||20261120083000"


def message(*lines: str, end: str = "\r") -> bytes:
    return (end.join(lines) + end).encode()


def read(raw: bytes) -> ReceivedResults:
    return read_results(raw, tests=TESTS, digest="d", kind="hl7-v2")


def code(raw: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(raw)
    return caught.value.code


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_a_message_is_read_with_units_limits_days_and_laboratory(end: str) -> None:
    got = read(message(MSH, PID, OBR, ALT, TG, end=end))
    assert (got.record_number, got.born) == ("MK-204817", date(2003, 3, 14))
    assert (got.source.system, got.source.external_id) == ("hl7:LAB:HARBOR", "C-1")
    alt, tg = got.results
    assert (alt.test, alt.value, alt.unit, alt.upper_limit) == (
        "alt",
        Decimal(96),
        "U/L",
        Decimal(40),
    )
    assert alt.recorded_at == datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
    assert (alt.collected, alt.drawn_minute) == (date(2026, 11, 20), 8 * 60 + 15)
    assert (tg.value, tg.upper_limit, tg.drawn_minute) == (Decimal(164), Decimal(150), 8 * 60 + 30)
    assert alt.laboratory == "HARBOR" and alt.fasting is None and got.left_out == ()


def test_a_code_counts_only_with_its_system() -> None:
    # 2106-3 is a pregnancy test in LOINC and a race in another system.
    race = "OBX|1|CWE|2106-3^White^CDCREC||260385009^Negative^SCT||||||F"
    got = read(message(MSH, PID, OBR, race, ALT))
    assert [r.test for r in got.results] == ["alt"] and got.left_out == ("White",)
    other = "OBX|1|CWE|L77^Preg^99LAB^2106-3^hCG^LN||260385009^Negative^SCT||||||F"
    assert read(message(MSH, PID, OBR, other)).results[0].value == "negative"


def test_fasting_corrections_comments_and_unfinished_lines() -> None:
    fasting = "OBX|3|CWE|49541-6^Fasting status^LN||Y^Yes^HL70136||||||F"
    early = "OBX|4|NM|1742-6^ALT^LN||99|U/L|10-40||||P"
    got = read(message(MSH, PID, OBR, ALT.replace("|F", "|C"), fasting, early, "NTE|1||call us"))
    (alt,) = got.results
    assert alt.fasting is True and got.corrections == {alt.id}
    assert got.left_out == ("ALT", "comment")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ((MSH.replace("ORU^R01^ORU_R01", "ORM^O01"), PID, OBR, ALT), "intake.hl7.message"),
        ((MSH.replace("|P|", "|T|"), PID, OBR, ALT), "intake.hl7.processing"),
        ((MSH.replace("2.5.1", "3.0"), PID, OBR, ALT), "intake.hl7.version"),
        ((MSH.replace("C-1", ""), PID, OBR, ALT), "intake.hl7.control"),
        ((MSH, PID, PID, OBR, ALT), "intake.hl7.patient"),
        ((MSH, OBR, ALT), "intake.hl7.patient"),
        ((MSH, PID.replace("MK-204817^^^CLINIC^MR", "1^^^A^MR~2^^^B^MR"), OBR, ALT), "intake.hl7.identifier"),
        ((MSH, PID.replace("20030314", "200303"), OBR, ALT), "intake.hl7.date"),
        ((MSH, PID, ALT), "intake.hl7.order"),
        ((MSH, PID, OBR, ALT.replace("|96|", "|96a|")), "intake.hl7.value"),
        ((MSH, PID, OBR, ALT.replace("|96|", "|-96|")), "intake.hl7.value"),
        ((MSH, PID, OBR, ALT.replace("|96|", "|96~97|")), "intake.hl7.repeats"),
        ((MSH, PID, OBR, ALT.replace("U/L^^UCUM", "")), "intake.hl7.unit"),
        ((MSH, PID, OBR, ALT.replace("UCUM", "L")), "intake.hl7.unit"),
        ((MSH, PID, OBR, ALT.replace("|F", "|W")), "intake.hl7.status"),
        ((MSH, PID, OBR, TG.replace("=^164", ">^1000")), "intake.hl7.comparator"),
        ((MSH, PID, OBR, TG.replace("=^164", "^100^-^200")), "intake.hl7.comparator"),
        ((MSH, PID, OBR, ALT.replace("|NM|", "|ED|")), "intake.hl7.type"),
        ((MSH, PID, OBR, ALT.replace("^ALT^", r"^A\Q\T^")), "intake.hl7.escape"),
        ((MSH, PID, OBR, ALT.replace("^ALT^", "^A\u202eT^")), "intake.hl7.charset"),
        ((MSH + "||||||UNICODE UTF-8", PID, OBR, ALT.replace("^ALT^", "^A\u202eT^")), "intake.text.direction"),
        ((MSH + "||||||KS X 1001", PID, OBR, ALT), "intake.hl7.charset"),
        ((MSH, PID, OBR, ALT, "EVN|x"), "intake.hl7.segment"),
        ((MSH, PID, OBR, ALT, MSH), "intake.hl7.batch"),
        (("FHS|^~\\&", MSH, PID, OBR, ALT), "intake.hl7.header"),
        (("MSH|^^\\&|", PID, OBR, ALT), "intake.hl7.header"),
        ((MSH, PID, OBR, ALT, *["NTE|1||x"] * 2000), "intake.hl7.limit"),
        ((MSH, PID, OBR, ALT + "|" * 250), "intake.hl7.limit"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_its_place(
    lines: tuple[str, ...], wanted: str
) -> None:
    assert code(message(*lines)) == wanted


def test_a_number_is_read_whole_or_not_at_all() -> None:
    largest = ALT.replace("|96|", "|123456789.123456|")
    assert read(message(MSH, PID, OBR, largest)).results[0].value == Decimal("123456789.123456")
    for more in ("1234567890", "1.1234567", "1e3", "1,5", "+96", ".5"):
        assert code(message(MSH, PID, OBR, ALT.replace("|96|", f"|{more}|"))) == "intake.hl7.value"


def test_a_message_over_the_limit_is_not_read() -> None:
    assert code(message(MSH, PID, OBR, ALT) + b"NTE|1||" + b"x" * 1024 * 1024) == "intake.hl7.limit"


SAFE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)


@given(SAFE)
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_through_the_escapes(text: str) -> None:
    escaped = "".join(
        {"|": r"\F\ ".strip(), "^": r"\S\ ".strip(), "~": r"\R\ ".strip(), "\\": r"\E\ ".strip(), "&": r"\T\ ".strip()}.get(c, c)
        for c in text
    )  # fmt: skip
    raw = message(MSH, PID, OBR, f"OBX|1|NM|X^{escaped}^99||1|U/L|||||F", ALT)
    assert read(raw).left_out == (("X",) if text == '""' else (text,))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_message_is_refused_or_says_only_what_it_holds(data: st.DataObject) -> None:
    raw = bytearray(message(MSH, PID, OBR, ALT, TG))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        what = data.draw(st.integers(0, 2))
        if what == 0:
            raw[at] = data.draw(st.integers(0, 255))
        elif what == 1:
            del raw[at : at + data.draw(st.integers(1, 12))]
        else:
            raw[at:at] = raw[at : at + 8]
        if not raw:
            return
    try:
        got = read(bytes(raw))
    except Refused as refused:
        assert refused.code.startswith("intake.")
        return
    held = bytes(raw).decode("latin-1")
    assert got.record_number in held and f"{got.born:%Y%m%d}" in held
    for one in got.results:
        assert f"{one.collected:%Y%m%d}" in held
        assert any(code in held and test == one.test for code, test in TESTS.items())
        if isinstance(one.value, Decimal):
            assert str(one.value) in held and one.unit
        assert one.upper_limit is None or str(one.upper_limit) in held


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(Refused):
        read_segments(b"MSX" + noise)
