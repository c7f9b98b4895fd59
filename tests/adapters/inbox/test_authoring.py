"""A folder of photos and answers becomes a package that the strict reader takes, or says what is wrong."""

import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from inbox_builders import PHOTO_A, PHOTO_B, TESTS, registry

from workstation.adapters.inbox import answers_file, authoring, writing
from workstation.adapters.inbox.questionnaire import ASKED, published
from workstation.adapters.inbox.source import FolderReader
from workstation.assets import resource
from workstation.domain.consultation import RequestKind
from workstation.domain.errors import Refused
from workstation.domain.photo import View

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
WHOLE = """
request = "isotretinoin_start"
visit = 2
sender = "urn:example:clinic"
package = "7"
medicines = ["Multivitamin, daily"]
allergies = []
[patient]
record = "MRN-9"
family = "O'Neill"
given = "Zoë"
born = 1999-02-28
sex = "female"
phone = "+1 503 555 0100"
address = { line = "1 Main", city = "Portland", state = "OR", zip = "97201" }
emergency = { name = "Ann", phone = "1" }
[photos]
"IMG_2.HEIC" = "chest"
[consents]
treatment = 2026-11-01
[[results]]
loinc = "1742-6"
value = 22
unit = "U/L"
upper = 40
on = 2026-11-18
[answers]
patient-weight = 61.5
mood-ideation = "declined"
pregnancy-last-period = 2026-11-03
symptoms-now = ["dry_lips", "dry_skin"]
pregnancy-potential = "yes"
own-words = \"\"\"Two
lines.\"\"\"
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "photos"
    made.mkdir()
    (made / "01-left45.jpg").write_bytes(PHOTO_A)
    (made / "IMG_2.HEIC").write_bytes(PHOTO_B)
    (made / "notes.txt").write_text("not a photo")
    return made


def no_dicom(content):
    raise AssertionError("no DICOM here")


def gathered(folder, text):
    answers = folder.parent / "answers.toml"
    answers.write_text(text, encoding="utf-8")
    reader = FolderReader(TESTS, registry())
    return *authoring.gather(folder, answers, NOW, reader.tests, no_dicom), reader


@pytest.mark.parametrize("write", [writing.zip_package, writing.json_package])
def test_everything_told_is_read_back(folder, write):
    out, faults, reader = gathered(folder, WHOLE)
    assert faults == ()
    path = folder.parent / "made"
    path.write_bytes(write(out))
    got = reader.read(path)
    assert got.request is RequestKind.ISOTRETINOIN_START and got.visit == 2
    assert (got.patient.family, got.patient.given, got.patient.born) == (
        "O'Neill", "Zoë", date(1999, 2, 28)
    )  # fmt: skip
    assert got.patient.address.state == "OR" and got.patient.contact.emergency_name == "Ann"
    assert got.patient.medicines == ("Multivitamin, daily",) and got.patient.allergies == ()
    facts = {f.name: f.value for f in got.facts}
    assert facts == {
        "patient.weight": Decimal("61.5"),
        "pregnancy.last_period": date(2026, 11, 3),
        "symptoms.now": ("dry_lips", "dry_skin"),
        "pregnancy.potential": "yes",
        "consent.patient_on": date(2026, 11, 1),
    }
    assert got.own_words == "Two\nlines."
    assert [(p.view, p.content) for p in got.photos] == [
        (View.LEFT45, PHOTO_A), (View.CHEST, PHOTO_B)
    ]  # fmt: skip
    (result,) = got.results
    assert (result.test, result.value, result.upper_limit) == ("alt", 22, 40)


def test_all_faults_are_told_at_once(folder):
    text = WHOLE.replace('family = "O\'Neill"', "").replace('"dry_lips"', '"dizzy"')
    text = text.replace("patient-weight = 61.5", 'patient-weight = "heavy"\nshoe-size = 9')
    text = text.replace('"chest"', '"knee"').replace("2026-11-18", '"soon"')
    _, faults, _ = gathered(folder, text)
    starts = [f.partition(":")[0] for f in faults]
    assert sorted(starts) == sorted(
        ["patient.family", "answers.symptoms-now", "answers.patient-weight", "answers.shoe-size",
         "photos.IMG_2.HEIC", "results[1].on"]
    )  # fmt: skip


def test_answers_that_are_not_toml_are_refused(folder):
    with pytest.raises(Refused) as error:
        gathered(folder, "request = ")
    assert error.value.code == "authoring.answers"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("request_kind", ASKED)
def test_every_template_is_a_valid_answers_file_when_uncommented(folder, request_kind, language):
    text = answers_file.template(request_kind, language)
    filled = text.replace('family = ""', 'family = "A"').replace('given = ""', 'given = "B"')
    head, _, questions = filled.partition("[answers]\n")
    form = answers_file.form_for(request_kind)
    lines = [
        line[2:]
        for line in questions.splitlines()
        if line[2:].partition(" = ")[0] in form.questions
    ]
    assert len(lines) == len(form.questions)
    table = tomllib.loads("\n".join(lines))
    assert list(table) == list(form.questions)
    for link, value in table.items():
        if value == "":
            lines[list(table).index(link)] = f'{link} = "x"'
    out, faults, reader = gathered(folder, head + "[answers]\n" + "\n".join(lines))
    assert faults == ()
    path = folder.parent / "made"
    path.write_bytes(writing.zip_package(out))
    assert len(reader.read(path).answers) == len(form.questions) - 1  # own words stand apart


def test_the_smallest_answers_file_of_the_page_is_valid(folder):
    page = resource("docs", "interoperability.md").read_text(encoding="utf-8")
    text = page.partition("```toml\n")[2].partition("```")[0]
    out, faults, reader = gathered(folder, text)
    assert faults == () and out.form is published()[out.form.canonical]
    path = folder.parent / "made"
    path.write_bytes(writing.zip_package(out))
    assert reader.read(path).own_words == "I would like help with my skin."
