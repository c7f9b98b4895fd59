"""The demo clinic's packages: written by a stranger to the reader, and read back as told."""

import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from workstation.adapters.inbox.source import FolderReader
from workstation.assets import resource
from workstation.content.facts import read_facts
from workstation.content.protocols import read_tests
from workstation.content.sources import read_sources
from workstation.demo import packages
from workstation.demo.histories import told
from workstation.demo.people import PEOPLE, person
from workstation.demo.records import NOT_KNOWN, UNSAID
from workstation.domain.facts import Origin
from workstation.domain.photo import View

TODAY = packages.BASE


@pytest.fixture(scope="module")
def reader():
    sources = read_sources(resource("clinical", "sources.toml"))
    tests = read_tests(resource("clinical", "monitoring", "tests.toml"), sources)
    facts = read_facts(resource("clinical", "facts.toml"), sources)
    return FolderReader(tests.values(), facts)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return packages.write_packages(tmp_path_factory.mktemp("packages"), TODAY)


@pytest.fixture(scope="module")
def received(written, reader):
    return {
        (who.key, visit.number): reader.read(path)
        for path, (who, visit) in zip(written, packages.visits_in_order(), strict=True)
    }


def last(received, key):
    return received[key, person(key).visits[-1].number]


def value(one, name):
    return {f.name: f.value for f in one.facts}.get(name)


def test_one_package_for_each_visit_in_order(written):
    paths = written
    assert len(paths) == sum(len(p.visits) for p in PEOPLE)
    assert [p.stem for p in paths] == sorted(p.stem for p in paths)
    days = [visit.day for _, visit in packages.visits_in_order()]
    assert days == sorted(days)
    assert {p.suffix for p in paths} == {".zip", ".json"}
    shapes = [p.suffix for p in paths]
    assert shapes.count(".zip") > shapes.count(".json") >= 4


def test_file_names_tell_nothing(written):
    for path in written:
        assert not any(who.family.lower() in path.name.lower() for who in PEOPLE)
        if path.suffix == ".zip":
            for name in zipfile.ZipFile(path).namelist():
                words = set(name.replace("/", "-").replace(".", "-").split("-"))
                assert not words & {who.key.split("-")[0] for who in PEOPLE}


def test_the_same_day_gives_the_same_bytes():
    for who, visit in packages.visits_in_order()[::7]:
        assert packages.package(who, visit, TODAY) == packages.package(who, visit, TODAY)


def test_everything_told_is_read_back(received):
    for (key, number), one in received.items():
        who = person(key)
        visit = who.visit(number)
        said = told(who, visit)
        patient = one.patient
        assert (patient.family, patient.given, patient.born) == (who.family, who.given, who.born)
        assert patient.native_name == (who.native_name or None)
        assert patient.contact.phone == who.phone
        assert (patient.allergies, patient.medicines) == (said.allergies, said.medicines)
        assert (one.visit, one.request.value) == (number, who.request)
        assert one.submitted_at.date() == visit.day
        assert one.own_words == said.own_words
        assert one.dispensed == said.supplies
        assert [p.view for p in one.photos] == [View(v) for v in visit.views]
        assert {(r.collected, r.value, r.role) for r in one.results} == {
            (lab.on, lab.value, lab.role) for lab in said.labs
        }
        assert len(one.results) == len(said.labs)
        facts = {f.name: f for f in one.facts}
        for name, answer in said.answers.items():
            if answer in (UNSAID, NOT_KNOWN):
                assert name not in facts, (key, name)
            elif name in facts:
                assert facts[name].value == answer, (key, name)
        for name, stated, on in said.chart:
            assert (facts[name].value, facts[name].as_of) == (stated, on)
            assert facts[name].origin is Origin.CHART


def test_no_told_answer_is_lost(received):
    """Every answer of the records reaches the package, unless its question is not shown."""
    for (key, number), one in received.items():
        who = person(key)
        names = {f.name for f in one.facts}
        for name, answer in told(who, who.visit(number)).answers.items():
            silent = answer in (UNSAID, NOT_KNOWN)
            elsewhere = who.request not in (
                "isotretinoin_start",
                "isotretinoin_month",
                "isotretinoin_end",
            )
            assert silent or name in names or elsewhere, (key, number, name)


@pytest.mark.parametrize("days", [-400, 1, 37, 800])
def test_all_dates_move_with_today(reader, tmp_path, days):
    by = timedelta(days=days)
    for key in ("marsh-elena", "iversen-bjorn", "lindqvist-astrid"):
        who = person(key)
        visit = who.visits[-1]
        pair = []
        for today in (TODAY, TODAY + by):
            kind, content = packages.package(who, visit, today)
            path = tmp_path / f"one.{kind}"
            path.write_bytes(content)
            pair.append(reader.read(path))
        base, moved = pair
        assert moved.submitted_at.date() - base.submitted_at.date() == by
        assert [r.collected - by for r in moved.results] == [r.collected for r in base.results]
        assert [d.on - by for d in moved.dispensed] == [d.on for d in base.dispensed]
        for one, other in zip(base.facts, moved.facts, strict=True):
            assert other.as_of - by == one.as_of
            is_day = isinstance(one.value, date)
            assert other.value == (one.value + by if is_day else one.value)
        assert moved.patient.born == base.patient.born
        for one, other in zip(base.photos, moved.photos, strict=True):
            assert taken(other.content) - by == taken(one.content)


def taken(content):
    exif = Image.open(BytesIO(content)).getexif().get_ifd(0x8769)
    return datetime.strptime(exif[0x9003], "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)


def test_nothing_is_sent_in_the_future():
    now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    for _, visit in packages.visits_in_order():
        sent = packages.sent_at(visit, TODAY, now)
        assert sent < now
        if (TODAY - visit.day).days <= 3:
            assert now - sent < timedelta(hours=48)
        assert packages.sent_at(visit, TODAY).date() == visit.day


# -- the stories -----------------------------------------------------------------------------------


def pregnancy_tests(one):
    return [(r.role, r.value, r.collected) for r in one.results if r.test.startswith("hcg")]


def test_marsh_is_ready_but_for_the_second_test(received):
    one = last(received, "marsh-elena")
    assert pregnancy_tests(one) == [("T1", "negative", date(2026, 10, 21))]
    assert (value(one, "alcohol.days"), value(one, "alcohol.most")) == (0, Decimal(0))
    assert value(one, "pregnancy.category") == "CGP"
    assert value(one, "contraception.started") + timedelta(days=30) <= TODAY
    assert date(2026, 10, 21) + timedelta(days=19) <= TODAY
    # The second test belongs into the first five days of the period: today is one of them.
    assert (TODAY - value(one, "pregnancy.last_period")).days in range(5)
    assert {r.test for r in one.results} >= {"alt", "tg"}


def test_nwosu_has_no_test_yet(received):
    one = last(received, "nwosu-ifeoma")
    assert one.results == ()
    assert value(one, "pregnancy.potential") == "yes"
    assert value(one, "pregnancy.category") is None
    assert value(one, "rems.patient_enrolled") is None


def test_lindqvist_tells_the_same_as_last_month(received):
    before, now = received["lindqvist-astrid", 4], received["lindqvist-astrid", 5]
    dated = {"pregnancy.last_period", "rems.questions_on", "patient.weight"}

    def told_by(one):
        return {
            f.name: f.value
            for f in one.facts
            if f.name not in dated and not f.name.startswith("follow_up")
        }

    assert told_by(before) == told_by(now)
    assert pregnancy_tests(now)[-1] == ("monthly", "negative", date(2026, 11, 20))
    weights = [value(one, "patient.weight") for one in (before, now)]
    assert abs(weights[1] - weights[0]) / weights[0] < Decimal("0.05")
    assert [(d.daily, d.days) for d in now.dispensed][-1] == (60, 30)


def test_red_flags(received):
    becker = last(received, "becker-jonas")
    assert value(becker, "mood.ideation") is True
    assert value(becker, "symptoms.self_harm") is True
    assert becker.patient.contact.emergency_phone
    halvorsen = last(received, "halvorsen-mia")
    assert pregnancy_tests(halvorsen)[-1][1] == "positive"
    assert halvorsen.dispensed
    assert value(halvorsen, "pregnancy.now") is None
    carter = last(received, "carter-amara")
    assert value(carter, "mood.item9") == 1
    assert value(carter, "mood.ideation") is False


def test_nguyen_lacks_nothing(received):
    one = last(received, "nguyen-minh-duc")
    assert value(one, "pregnancy.category") == "CNGP"
    assert value(one, "rems.consent_on") is not None
    assert value(one, "consent.patient_on") is not None
    for result in one.results:
        assert result.value < result.upper_limit
        assert (TODAY - result.collected).days <= 30


def test_what_stands_in_the_way_of_the_others(received):
    assert value(last(received, "abernathy-grace"), "medicines.now") == ("doxycycline",)
    oyelaran = last(received, "oyelaran-tunde")
    assert value(oyelaran, "consent.guardian_on") is None
    assert value(oyelaran, "consent.patient_on") is not None
    alt = [r for r in last(received, "de-souza-caio").results if r.test == "alt"]
    assert alt[-1].value / alt[-1].upper_limit > 2
    noor = pregnancy_tests(last(received, "al-hashimi-noor"))[-1]
    assert noor[2] + timedelta(days=6) - TODAY == timedelta(days=1)
    assert value(last(received, "reyes-mateo"), "pregnancy.potential") == "yes"
    mwangi = last(received, "mwangi-wanjiru")
    assert mwangi.patient.allergies is None
    assert mwangi.patient.contact.present_location is None
    for name in ("pregnancy.now", "medicines.now", "allergies.known", "mood.ideation"):
        assert value(mwangi, name) is None


def test_intervals_of_every_course_hold(received):
    """First supplies lie inside the window that a valid second test opened."""
    for one in (v for v in received.values() if v.dispensed):
        roles = pregnancy_tests(one)
        supplies = [d.on for d in one.dispensed]
        assert all((b - a).days == 30 for a, b in zip(supplies, supplies[1:], strict=False))
        if not roles:
            continue
        first, second = (next(day for role, _, day in roles if role == r) for r in ("T1", "T2"))
        assert (second - first).days >= 19
        assert (second - value(one, "contraception.started")).days >= 30
        assert 0 <= (supplies[0] - second).days <= 6


# -- a second opinion ------------------------------------------------------------------------------


def test_every_bundle_is_valid_fhir(written):
    from fhir.resources.R4B import bundle

    for path in written:
        raw = (
            zipfile.ZipFile(path).read("bundle.json")
            if path.suffix == ".zip"
            else path.read_bytes()
        )
        bundle.Bundle.model_validate_json(raw)
