"""JSON from strangers: what has no single meaning is refused, whatever its shape."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.adapters.inbox.manifest import MOST_BYTES, PIECE, read_manifest
from workstation.domain.errors import Refused


def code_of(raw):
    with pytest.raises(Refused) as error:
        read_manifest(raw)
    return error.value.code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"a": 1, "a": 2}', "intake.json.duplicate"),
        (b'{"o": {"pregnant": true, "pregnant": false}}', "intake.json.duplicate"),
        (b'{"a": 1, "\\u0061": 2}', "intake.json.duplicate"),
        (b'{"a": NaN}', "intake.json.number"),
        (b'{"a": Infinity}', "intake.json.number"),
        (b'{"a": -Infinity}', "intake.json.number"),
        (b'{"a": 1e999999999}', "intake.json.number"),
        (b'{"a": 1e999}', "intake.json.number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "intake.json.number"),
        (b'{"a": 0.' + b"1" * 5000 + b"}", "intake.json.number"),
        (b'{"a": "\xff"}', "intake.json.encoding"),
        (b'{"a": "\xc3\x28"}', "intake.json.encoding"),
        (b'{"a": "\xed\xa0\x80"}', "intake.json.encoding"),
        (b'\xef\xbb\xbf{"a": 1}', "intake.json.syntax"),
        ('{"a": 1}'.encode("utf-16"), "intake.json.encoding"),
        (b'{"a": 1} {"b": 2}', "intake.json.syntax"),
        (b'{"a": 1,}', "intake.json.syntax"),
        (b"{'a': 1}", "intake.json.syntax"),
        (b'{"a": 01}', "intake.json.syntax"),
        (b'{"a": "\x01"}', "intake.json.syntax"),
        (b'{"a": tru', "intake.json.syntax"),
        (b"", "intake.json.syntax"),
        (b"[]", "intake.json.object"),
        (b"null", "intake.json.object"),
        (b'"x"', "intake.json.object"),
    ],
)
def test_what_has_no_single_meaning_is_refused(raw, code):
    assert code_of(raw) == code


@pytest.mark.parametrize("opening", [b'{"a":', b"["])
@pytest.mark.parametrize("depth", [33, 5_000, 400_000])
def test_deep_nesting_is_refused(opening, depth):
    assert code_of(opening * depth) in ("intake.json.depth", "intake.json.size")


def test_depth_counts_brackets_outside_strings_only():
    at_limit = '{"a":' * 31 + '"[[[[[[[[\\"[[[["' + "}" * 31
    read_manifest(at_limit.encode())
    assert code_of(b'{"a":' * 33 + b"1" + b"}" * 33) == "intake.json.depth"


def test_size_without_inline_photos_is_limited():
    inline = json.dumps({"data": "QUJD" * 2_000_000}).encode()
    assert read_manifest(inline)["data"].startswith("QUJD")
    assert code_of(b'{"a": "' + b"x y" * MOST_BYTES + b'"}') == "intake.json.size"
    assert code_of(b'{"a": [' + b"1," * MOST_BYTES + b"1]}") == "intake.json.size"


def test_numbers_are_exact():
    read = read_manifest(b'{"a": 0.1, "b": 61, "c": 61.50}')
    assert read == {"a": Decimal("0.1"), "b": 61, "c": Decimal("61.50")}
    assert type(read["b"]) is int


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw):
    try:
        assert isinstance(read_manifest(raw), dict)
    except Refused as error:
        assert error.code.startswith("intake.json.")


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=40), max_size=6))
def test_valid_text_is_read_exactly(values):
    raw = json.dumps(values, ensure_ascii=True).encode()
    assert read_manifest(raw) == values


runs = st.integers(1000, 1100).map(lambda n: "QUJD" * (n // 4) + "=" * (n % 4))
words = st.one_of(
    st.text(max_size=6),
    runs,
    st.tuples(st.text(max_size=3), runs, st.text(max_size=3)).map('"'.join),
    st.tuples(runs, runs).map("\\".join),
)


@given(
    st.dictionaries(
        st.text(max_size=4),
        st.recursive(words, lambda inner: st.lists(inner, max_size=3), max_leaves=6),
        max_size=5,
    ),
    st.booleans(),
)
def test_what_is_set_aside_comes_back_where_it_was(value, indented):
    raw = json.dumps(value, ensure_ascii=False, indent=1 if indented else None)
    try:
        encoded = raw.encode()
    except UnicodeEncodeError:
        return
    assert read_manifest(encoded) == value


def test_places_of_faults_are_those_of_the_file():
    raw = b'{"a": "' + b"QUJD" * 5000 + b'", "b": tru}'
    for bad, place in ((raw, raw.index(b"tru")), (raw[:-4] + b"\xff}", len(raw) - 4)):
        with pytest.raises(Refused) as error:
            read_manifest(bad)
        assert error.value.context["at"] == place


def test_a_key_as_long_as_a_photo_is_refused():
    assert code_of(b'{"' + b"QUJD" * 5000 + b'": 1}') == "intake.key.unknown"


def test_no_call_holds_the_interpreter_for_a_whole_photo(monkeypatch):
    """Each step works on one piece: the window gets its turn between two."""
    longest = 0

    class Watched(bytes):
        def __getitem__(self, key):
            nonlocal longest
            found = super().__getitem__(key)
            longest = max(longest, len(found) if isinstance(found, bytes) else 0)
            return found

    raw = Watched(b'{"data": "' + b"QUJD" * 3_000_000 + b'"}')
    assert len(read_manifest(raw)["data"]) == 12_000_000
    assert 0 < longest <= PIECE
