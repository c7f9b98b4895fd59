"""The command that fetches packages from a FHIR server and sends results back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli_parts import FAILED, OK, USAGE, Told, text_of
from workstation.domain.errors import Refused

if TYPE_CHECKING:
    from workstation.adapters.inbox.server import FhirServer
    from workstation.bootstrap import Opened


TOLD_AFTER = 2.0  # seconds
PIECE = MB = 1024 * 1024


def verbs(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    on_store: Callable[[argparse.ArgumentParser], None],
    opened: Callable[[argparse.Namespace], Opened],
) -> None:
    """The parser of ``fhir-server``: the only command that goes out to a network by itself."""
    out = commands.add_parser(
        "fhir-server", help="fetch packages from a FHIR server, or send results back to it"
    )
    out.add_argument("what", choices=("pull", "send"))
    out.add_argument("--server", required=True, metavar="URL", help="its base address, https://…")
    out.add_argument("--token-file", type=Path, metavar="FILE", help="bearer token")
    out.add_argument("--authorities", type=Path, metavar="FILE.pem", help="whose certificates")
    out.add_argument("--consultation", action="append", default=[], metavar="ID")
    out.add_argument("--subject", metavar="Patient/ID", help="send: the patient on the server")
    on_store(out)
    out.set_defaults(command=lambda options: fhir_server(options, opened))


def fhir_server(options: argparse.Namespace, opened: Callable[[argparse.Namespace], Opened]) -> int:
    """Pull fills the inbox folder and takes in what came; send creates each result once."""
    import time

    from workstation.adapters.inbox.server import STATE, FhirServer, ServerPlace

    token = text_of(options.token_file).strip() if options.token_file else ""
    place = ServerPlace(options.server, token, options.authorities)
    server = FhirServer(place, time.sleep, _coming())
    if options.what == "send" and not (options.consultation and options.subject):
        print("Name --consultation and --subject.", file=sys.stderr)
        return USAGE
    with closing(opened(options)) as store:
        if options.what == "send":
            return _send(options, store, server)
        return _pull(store, server, store.folder / STATE)


def _pull(store: Opened, server: FhirServer, state: Path) -> int:
    from workstation.adapters.inbox.folder import Arrival, FolderInbox, sentence_for
    from workstation.domain.accounts import Permission
    from workstation.workflow import intake
    from workstation.workflow.desk import require

    require(store.session, Permission.IMPORT)  # before anybody's records are fetched
    inbox = FolderInbox(store.inbox)
    new = refused = number = 0
    for number, file in enumerate(server.pull(store.inbox, state), 1):
        if sys.stderr.isatty():
            print(f"\rFetched {number}", end="", file=sys.stderr)
        try:
            answer = intake.bring(store.desk, store.session, file)
        except Refused as refusal:
            refused += 1
            kept = inbox.refuse(Arrival(file), refusal)
            print(f"{kept.name}: refused. {sentence_for(refusal.code)}")
            continue
        new += not isinstance(answer, intake.AlreadyHere)
        inbox.accept(Arrival(file))
    print(f"{number} fetched, {new} new or changed, {refused} refused.")
    if server.too_large:
        print(f"{server.too_large} larger than 200 MB, left on the server: send them as a zip.")
    if server.gone:
        print(f"{server.gone} listed by the server and no longer there.")
    return FAILED if refused or server.too_large else OK


def _coming() -> Callable[[int, int], None]:
    """How far a package is that takes longer than two seconds, on a terminal."""
    import time

    begun = [0.0]

    def told(done: int, of: int) -> None:
        now = time.monotonic()
        if done <= PIECE:
            begun[0] = now
        if sys.stderr.isatty() and now - begun[0] >= TOLD_AFTER:
            whole = f" of {of / MB:,.0f}" if of else ""
            print(f"\rFetching {done / MB:,.0f}{whole} MB ", end="", file=sys.stderr)

    return told


def _send(options: argparse.Namespace, store: Opened, server: FhirServer) -> int:
    """Create what is not there; what no longer holds is changed where it was told before."""
    from workstation.adapters.exports import outcome
    from workstation.domain.ids import ConsultationId
    from workstation.workflow import handing_over

    created = there = changed = 0
    told = Told("Sending", len(options.consultation))
    for number, id in enumerate(options.consultation):
        told.at(number)
        given = handing_over.consultation(
            store.desk, store.session, ConsultationId(id), "fhir-server"
        )
        # What ended goes first: at no moment are the old and the new prescription both in force.
        for end in outcome.ended(given):
            of_document = (outcome.NUMBER, end.number)
            changed += server.change("DocumentReference", of_document, end.reference)
            if end.status:
                prescribed = (outcome.PRESCRIPTION, end.number)
                changed += server.change("MedicationRequest", prescribed, {"status": end.status})
        for resource in outcome.outcome_entries(given, {"reference": options.subject}):
            if server.send(resource):
                created += 1
            else:
                there += 1
    print(f"{created} sent, {there} there already, {changed} changed.")
    return OK
