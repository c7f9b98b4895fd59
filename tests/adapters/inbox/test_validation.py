"""The validator lists every fault, never calls good what the reader refuses, and says what is open."""

import copy
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inbox_builders import (
    ROOT,
    TESTS,
    bundle,
    concept,
    inline,
    lab,
    registry,
    resource,
    zipped,
)

from workstation.adapters.inbox.folder import sentence_for
from workstation.adapters.inbox.source import FolderReader
from workstation.adapters.inbox.validation import check, place
from workstation.assets import resource as file_of
from workstation.domain.errors import Refused


@pytest.fixture
def checked(tmp_path):
    reader = FolderReader(TESTS, registry())

    def run(content, name="package"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return check(path, reader)

    return run


def test_a_valid_package_has_no_fault_and_tells_what_is_open(checked):
    found = checked(zipped())
    assert found.faults == ()
    assert {view.value for view in found.missing_views} == {
        "right45", "chin_up", "hairline", "chest", "upper_back", "shoulders"
    }  # fmt: skip
    links = [link for link, _ in found.unanswered]
    assert "mood-ideation" in links and "lactation-now" not in links
    assert found.received is not None and len(found.received.photos) == 2


def test_every_fault_of_a_bundle_is_listed_with_its_place(checked):
    broken = bundle(
        photos=False,
        extra=(
            lab(effectiveDateTime="2026-13-01"),
            lab(code=concept("http://wrong", "1"), status="guessed"),
            {"resourceType": "Encounter"},
        ),
    )
    resource(broken, "Patient").update(gender="unheard", birthDate=None, extra=1)
    resource(broken, "ServiceRequest")["code"] = concept(ROOT + "request", "surgery")
    resource(broken, "QuestionnaireResponse")["item"] += [
        {"linkId": "patient-weight", "answer": [{"valueDecimal": 60}]},
        {"linkId": "nobody-asked", "answer": [{"valueBoolean": True}]},
        {"linkId": "pregnancy-now", "answer": [{"valueString": "maybe"}]},
    ]
    broken["type"] = "batch"
    found = {(place(f.context["where"]), f.code) for f in checked(broken).faults}
    expected = {
        ("Bundle.type", "intake.key.word"),
        ("entry 1: gender", "intake.key.word"),
        ("entry 1: birthDate", "intake.key.kind"),
        ("entry 1", "intake.key.unknown"),
        ("entry 2: code.coding", "intake.code.unknown"),
        ("entry 3: item[3].linkId", "intake.answer.twice"),
        ("entry 3: item[4].linkId", "intake.answer.unknown"),
        ("entry 3: item[5].answer[0].valueBoolean", "intake.key.missing"),
        ("entry 4: effectiveDateTime", "intake.date"),
        ("entry 5: code.coding[0].system", "intake.code.system"),
        ("entry 5: status", "intake.key.word"),
        ("entry 6: resourceType", "intake.bundle.resource"),
    }
    plain = {(re.sub(r"\.extra$", "", where), code) for where, code in found}
    assert {e for e in expected if e not in plain and e[1] != "intake.key.unknown"} == set()
    assert any(code == "intake.key.unknown" for _, code in found)


def test_every_bad_member_of_a_zip_is_listed(checked):
    members = {"photos/a.jpg": b"x", "../up.jpg": b"x", "photos/b.exe": b"x", "C:/c.jpg": b"x"}
    codes = [f.code for f in checked(zipped(members=members)).faults]
    assert codes.count("intake.package.name") == 3
    assert "intake.photo.missing" in codes  # b.jpg of the bundle is not there


def test_what_is_no_package_is_said(checked):
    for content, code in ((b"%PDF-1.7", "intake.file.kind"), (b"{]", "intake.json.syntax")):
        assert [f.code for f in checked(content).faults] == [code]


def test_photos_are_looked_at_as_intake_does(tmp_path):
    def examine(photo, on):
        del on
        if photo.content.endswith(b"b"):
            raise Refused("intake.photo.truncated")

    path = tmp_path / "p.zip"
    path.write_bytes(zipped())
    found = check(path, FolderReader(TESTS, registry()), examine)
    assert [(f.code, f.context["photo"]) for f in found.faults] == [("intake.photo.truncated", 2)]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_validator_and_the_reader_always_agree(data, tmp_path_factory):
    made = copy.deepcopy(inline())
    for _ in range(data.draw(st.integers(1, 3))):
        at = made
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if not isinstance(at[key], (dict, list)) or data.draw(st.integers(0, 4)) == 0:
                value = data.draw(st.sampled_from([None, 0, "", "x", [], {}, True, "remove"]))
                if value == "remove":
                    del at[key]
                else:
                    at[key] = value
                break
            at = at[key]
    path = tmp_path_factory.getbasetemp() / "agree"
    path.write_text(json.dumps(made))
    reader = FolderReader(TESTS, registry())
    found = check(path, reader)
    try:
        reader.read(path)
        taken = True
    except Refused:
        taken = False
    assert taken is (found.faults == ())
    for fault in found.faults:
        assert sentence_for(fault.code)


def test_the_published_page_is_true(checked):
    page = file_of("docs", "interoperability.md").read_text(encoding="utf-8")
    whole, photo = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.DOTALL))
    assert checked(whole).faults == ()
    from inbox_builders import PHOTO_A, hashlib

    digest = hashlib.sha256(PHOTO_A).hexdigest()
    photo["resource"]["content"]["extension"][0]["valueString"] = digest
    whole["entry"].append(photo)
    made = zipped(whole, {"photos/front.jpg": PHOTO_A})
    assert checked(made).faults == ()
