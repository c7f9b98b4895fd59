"""Two stations of a clinic with a server: what one does while the other signs, and a server that goes.

The gate's own tests stand in ``test_sign_gate.py``; here each step is another station's, with a
session, a clock and connections of its own, on PostgreSQL.
"""

from __future__ import annotations

import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from clinic_day import (
    OTHER_PASSWORD,
    OTHER_PIN,
    Clinic,
    DeskClock,
    During,
    Hand,
    copy_of,
    with_plain_pages,
)
from sqlalchemy import create_engine, make_url

from workstation import bootstrap, showcase
from workstation.adapters.backup import moving
from workstation.adapters.documents.keys import ClinicAuthority
from workstation.adapters.store.folder import open_store
from workstation.adapters.system import clinic_file
from workstation.adapters.system.clinic_file import ClinicPlace
from workstation.domain.accounts import Role
from workstation.domain.consultation import Status
from workstation.domain.errors import Conflict, NotAllowed, WorkstationError
from workstation.domain.safety import Level
from workstation.domain.triage import TriageLevel
from workstation.workflow import assess, queue, rule_levels, sign, triage
from workstation.workflow.ports import QueueFilter

_made = iter(range(1000))
WHEN = [pytest.param("before", marks=pytest.mark.long), "while signing"]


@dataclass(frozen=True)
class Served:
    """The small clinic on a server: its database, which is copied for each test, and a station."""

    server: str
    database: str
    station: Path

    def station_of(self, database: str, folder: Path, host: str | None = None) -> Path:
        """A station's folder whose way leads to ``database``, by another socket when told."""
        copy_of(self.station, folder)
        place = clinic_file.read(folder)
        assert place is not None
        url = make_url(place.server).set(database=database)
        url = url if host is None else url.update_query_dict({"host": host})
        place = ClinicPlace(url.render_as_string(hide_password=False), place.vault)
        (folder / clinic_file.FILE_NAME).write_text(clinic_file.text(place), "utf-8")
        return folder


@pytest.fixture(scope="module")
def served(
    server: str, base_store: Path, tmp_path_factory: pytest.TempPathFactory, worker: str
) -> Served:
    place, name = tmp_path_factory.mktemp("served"), f"day_{worker}"
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    (place / "vault").mkdir()
    url = make_url(server).set(database=name, password=None).render_as_string(hide_password=False)
    clock = DeskClock()
    own = copy_of(base_store, place / "own")
    found = bootstrap.open_desk(own, showcase.LOGIN, showcase.PASSWORD, clock=clock)
    Clinic(found, clock).colleague()
    found.close()
    opened = open_store(
        own, showcase.LOGIN, showcase.PASSWORD,
        authority=ClinicAuthority(clock), clock=clock,
    )  # fmt: skip
    moving.move(opened, ClinicPlace(url, place / "vault"), place / "station")
    opened.close()
    return Served(server, name, place / "station")


@dataclass
class Stations:
    """Two open stations; the first is the dermatologist's who signs."""

    one: Clinic
    two: Clinic

    def ready(self, family: str = "Nguyễn") -> tuple[Hand, sign.Previews]:
        """At the first station, with an open gate, as its preview shows it."""
        hand = self.one.take(family)
        hand.prescribe()
        assert hand.appraisal.gate.is_open, hand.appraisal.gate
        return hand, hand.preview()

    def while_signing(self, hand: Hand, shown: sign.Previews, meanwhile: Callable[[], Any]) -> Any:
        """The answer, when something happens between the PIN and what stores the documents."""
        hand.desk = replace(self.one.desk, signer=During(self.one.desk.signer, meanwhile))
        return hand.sign(shown)


Open = Callable[..., Clinic]


@pytest.fixture
def opened(quick_opening: None) -> Iterator[Open]:
    """Opens a station, with a clock of its own; closed after the test."""
    found: list[bootstrap.Opened] = []

    def open_station(folder: Path, login: str, password: str) -> Clinic:
        clock = DeskClock()
        found.append(bootstrap.open_desk(folder, login, password, clock=clock))
        clinic = Clinic(found[-1], clock)
        clinic.opened.desk = with_plain_pages(clinic.opened.desk)
        return clinic

    yield open_station
    for one in found:
        with suppress(WorkstationError):
            one.close()


@pytest.fixture
def database(served: Served) -> Iterator[str]:
    name = f"{served.database}_{next(_made)}"
    with create_engine(served.server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {served.database}")
    yield name
    with create_engine(served.server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def stations(served: Served, database: str, tmp_path: Path, opened: Open) -> Stations:
    one = opened(served.station_of(database, tmp_path / "one"), showcase.LOGIN, showcase.PASSWORD)
    two = opened(served.station_of(database, tmp_path / "two"), "second.reader", OTHER_PASSWORD)
    return Stations(one, two)


def same_user(
    stations: Stations, tmp_path: Path, served: Served, database: str, opened: Open
) -> Clinic:
    """A third station, where who signs at the first is signed in as well."""
    folder = served.station_of(database, tmp_path / "three")
    return opened(folder, showcase.LOGIN, showcase.PASSWORD)


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize(
    "change",
    [
        {"active": False},
        pytest.param({"role": Role.NURSE}, marks=pytest.mark.long),
        pytest.param({"certificate": "ab12"}, marks=pytest.mark.long),
    ],
    ids=str,
)
def test_what_an_administrator_takes_away_at_another_station_signs_nothing(
    stations: Stations, when: str, change: dict[str, Any]
) -> None:
    hand, shown = stations.ready()
    me = stations.one.session.user.id

    def taken_away() -> None:
        with stations.two.desk.store.writing("system", "two") as unit:
            user = unit.user(me)
            assert user is not None
            unit.set_user(replace(user, **change))

    answer: Any = None
    try:
        if when == "before":
            taken_away()
            answer = hand.sign(shown)
        else:
            answer = stations.while_signing(hand, shown, taken_away)
    except NotAllowed as refused:
        assert refused.code in (
            "session.user.inactive",
            "session.permission",
            "session.user.changed",
        )
    assert answer is None or isinstance(answer, sign.NoKey)
    stations.two.assert_unsigned(hand.id)
    if "certificate" not in change:
        with pytest.raises(NotAllowed):  # nor is anything else written in that name
            hand.annotate(1)


def test_a_lease_that_ran_out_and_was_taken_over_while_signing_signs_nothing(
    stations: Stations,
) -> None:
    hand, shown = stations.ready()
    held: list[Any] = []

    def taken_over() -> None:
        assert isinstance(
            queue.claim(stations.two.desk, stations.two.session, hand.id), queue.HeldBy
        )
        stations.two.clock.later(minutes=21)  # nobody renewed it
        held.append(queue.claim(stations.two.desk, stations.two.session, hand.id))

    with pytest.raises(Conflict) as lost:
        stations.while_signing(hand, shown, taken_over)
    assert lost.value.code == "consultation.claim.lost"
    stations.two.assert_unsigned(hand.id)
    assert isinstance(held[0], queue.Claimed) and not queue.renew(
        stations.one.desk, stations.one.session, hand.id, hand.token
    )
    # Whoever took over goes on with the draft as it stands, and signs it alone.
    other = Hand(stations.two.desk, stations.two.session, hand.id, held[0].claim.token)
    other.pin = OTHER_PIN
    assert isinstance(other.sign(), sign.Signed)
    assert len(stations.one.documents(hand.id)) == 3
    # Whoever still stands at the page is told that it is signed, not that somebody has it open.
    hand.desk = stations.one.desk
    for late in (hand.preview, lambda: hand.sign(shown)):
        with pytest.raises(Conflict) as signed:
            late()
        assert signed.value.code == "consultation.signed.already"


@pytest.mark.parametrize("when", WHEN)
def test_an_edit_at_another_station_of_the_same_user_asks_to_look_again(
    stations: Stations, served: Served, database: str, tmp_path: Path, opened: Open, when: str
) -> None:
    hand, shown = stations.ready()
    third = same_user(stations, tmp_path, served, database, opened)
    second = Hand(third.desk, third.session, hand.id, hand.token)

    def edits() -> None:
        second.annotate(1)

    if when == "before":
        edits()
        answer = hand.sign(shown)
    else:
        answer = stations.while_signing(hand, shown, edits)
    assert isinstance(answer, sign.Changed)
    stations.two.assert_unsigned(hand.id)
    hand.desk = stations.one.desk
    hand.reload()
    hand.reasons()
    assert isinstance(hand.sign(), sign.Signed)  # after another look


@pytest.mark.parametrize("when", WHEN)
def test_a_stricter_level_set_at_another_station_closes_the_gate(
    stations: Stations, when: str
) -> None:
    hand, shown = stations.ready()
    rules = {rule.code: rule for rule in stations.one.desk.catalogue.rulebook.rules}
    code = next(
        finding.code
        for finding in hand.appraisal.evaluation.findings
        if finding.level < Level.OVERRIDE
        and Level.OVERRIDE in rule_levels.choices(rules[finding.code])
    )

    def stricter() -> None:
        two = stations.two
        rule_levels.raise_level(
            two.desk, two.session, code, Level.OVERRIDE, "Asked first here", ("It was asked",)
        )

    if when == "before":
        stricter()
        answer = hand.sign(shown)
    else:
        answer = stations.while_signing(hand, shown, stricter)
    assert isinstance(answer, (sign.Blocked, sign.Changed)), answer
    stations.two.assert_unsigned(hand.id)


@pytest.mark.long
def test_a_station_with_another_edition_of_the_content_asks_to_look_again(
    stations: Stations, served: Served, database: str, tmp_path: Path, opened: Open
) -> None:
    """The page was made with one edition; a station that was updated meanwhile does not sign it."""
    hand, shown = stations.ready()
    third = same_user(stations, tmp_path, served, database, opened)
    newer = replace(third.desk, catalogue=replace(third.desk.catalogue, edition="2099.1"))
    second = Hand(newer, third.session, hand.id, hand.token)
    assert isinstance(second.sign(shown), sign.Changed)
    stations.two.assert_unsigned(hand.id)


def test_a_station_whose_clock_is_behind_the_others_does_not_sign(stations: Stations) -> None:
    hand, shown = stations.ready()
    stations.two.clock.later(minutes=30)
    with stations.two.desk.store.writing(stations.two.session.user.id, "two") as unit:
        unit.audit("consultation.viewed", "somebody", {})
    assert hand.sign(shown) == sign.Blocked((sign.CLOCK_BEHIND,))
    hand.annotate(1)  # its own entry, half an hour earlier, opens nothing
    hand.reasons()
    assert hand.sign() == sign.Blocked((sign.CLOCK_BEHIND,))
    stations.two.assert_unsigned(hand.id)
    stations.one.clock.later(minutes=31)
    assert isinstance(hand.sign(), sign.Signed)


def test_the_other_station_sees_a_red_flag_come_go_and_outlive_a_signature(
    stations: Stations,
) -> None:
    hand = stations.one.take("Nwosu")

    def seen() -> Any:
        page = queue.page(stations.two.desk, stations.two.session, QueueFilter(scope="all"))
        return next(row for row in page.rows if row.id == hand.id)

    calm = seen().level
    hand.fact("mood.ideation", True)
    assert seen().level == TriageLevel.EMERGENT
    hand.revision = assess.move_cursor(
        hand.desk, hand.session, hand.id, hand.token, hand.revision, -1
    )
    assert seen().level == calm
    stations.one.clock.later(days=3)
    stations.two.clock.later(days=3)
    triage.set_level(
        stations.two.desk, stations.two.session, hand.id, TriageLevel.URGENT, "Rang us"
    )
    known = seen().since
    assert known == stations.two.clock.now()
    hand.reload()
    hand.fact("pregnancy.category", "CGP")
    hand.work_up()
    stations.one.clock.later(minutes=10)
    hand.contact()
    assert isinstance(hand.sign(), sign.Signed), hand.appraisal.gate
    assert seen().status is Status.WAITING_FOR_WORK_UP and seen().since == known


@pytest.mark.long
def test_two_stations_sign_the_same_page_once(
    stations: Stations, served: Served, database: str, tmp_path: Path, opened: Open
) -> None:
    hand, shown = stations.ready()
    third = same_user(stations, tmp_path, served, database, opened)
    second = Hand(third.desk, third.session, hand.id, hand.token)
    start, answers = threading.Barrier(2), []

    def signs(one: Hand) -> None:
        start.wait()
        try:
            answers.append(one.sign(shown))
        except WorkstationError as error:
            answers.append(error)

    threads = [threading.Thread(target=signs, args=(one,)) for one in (hand, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, sign.Signed) for answer in answers) == 1, answers
    assert len(stations.two.documents(hand.id)) == 3
    assert stations.two.look(hand.id).status is Status.CLOSED


# -- the server goes away in the commit


class Line:
    """A line to the server that breaks at the commit of a signature, before or after it arrives."""

    def __init__(self, folder: Path, real: Path) -> None:
        self.folder, self.real = folder, real
        self.breaks: str | None = None
        folder.mkdir()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / real.name))
        self._listening.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            there = socket.socket(socket.AF_UNIX)
            there.connect(str(self.real))
            state = {"signs": False, "hold": False}
            for one, other, up in ((client, there, True), (there, client, False)):
                threading.Thread(
                    target=self._carry, args=(one, other, up, state), daemon=True
                ).start()

    def _carry(
        self, here: socket.socket, there: socket.socket, up: bool, state: dict[str, bool]
    ) -> None:
        with suppress(OSError):
            while content := here.recv(1 << 16):
                if up:
                    state["signs"] |= b"INSERT INTO document " in content
                    if state["signs"] and b"COMMIT" in content:
                        state["signs"] = False
                        state["hold"] = self.breaks is not None
                        if self.breaks == "before":
                            break
                elif state["hold"]:
                    break  # the server has committed, and nobody hears of it
                there.sendall(content)
        for end in (here, there):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a socket in the file system")
@pytest.mark.parametrize("breaks", ["before", "after"])
def test_a_line_that_breaks_in_the_commit_of_a_signature_leaves_the_truth_to_be_asked(
    served: Served, database: str, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path,
    opened: Open, breaks: str,
) -> None:  # fmt: skip
    host = Path(str(make_url(served.server).query["host"]))
    short = Path(shutil.os.path.realpath("/tmp")) / f"ws-line-{next(_made)}-{breaks}-{database}"
    line = Line(short, next(host.glob(".s.PGSQL.*[0-9]")))
    try:
        one = opened(
            served.station_of(database, tmp_path / "one", str(short)),
            showcase.LOGIN, showcase.PASSWORD,
        )  # fmt: skip
        hand = one.take("Nguyễn")
        hand.prescribe()
        shown = hand.preview()
        line.breaks = breaks
        with pytest.raises(WorkstationError) as gone:
            hand.sign(shown)
        assert gone.value.code == "store.commit.unconfirmed"
        line.breaks = None
        told = sign.confirm(one.desk, one.session, shown)
        assert isinstance(told, sign.Signed) == (breaks == "after")
        if told is None:
            one.assert_unsigned(hand.id)
            assert isinstance(hand.sign(shown), sign.Signed)
        else:
            with pytest.raises(Conflict):
                hand.sign(shown)
        assert len(one.documents(hand.id)) == 3
        assert one.actions()[-3:] == ["document.signed"] * 3
        assert one.opened.check() == ()
    finally:
        line.close()
        shutil.rmtree(short, ignore_errors=True)
