"""Commands about trust: the time stamp server, its authority, and signing keys out of use."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.cli_parts import credentials, typed
from workstation.domain.errors import Refused
from workstation.domain.trust import REVOCATION_REASONS

if TYPE_CHECKING:
    from workstation.bootstrap import Opened
    from workstation.workflow.desk import Session

OK, USAGE = 0, 2
Opener = Callable[[argparse.Namespace], "Opened"]


def verbs(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    on_store: Callable[[argparse.ArgumentParser], None],
    opener: Opener,
) -> None:
    """The parsers of these commands; ``opener`` opens the store that the options name."""
    stamps = commands.add_parser(
        "timestamps", help="set the clinic's time stamp server and trust its authority"
    )
    stamps.add_argument("--server", metavar="URL", help='https://..., or "" for none')
    stamps.add_argument(
        "--trust", type=Path, metavar="FILE", help="the authority's certificate, PEM or DER"
    )
    on_store(stamps)
    stamps.set_defaults(command=lambda options: timestamps(options, opener))

    keys = commands.add_parser("keys", help="list signing keys, or take one out of use for good")
    keys.add_argument("--revoke", metavar="SERIAL", help="serial number of its certificate")
    keys.add_argument("--reason", choices=REVOCATION_REASONS, default="replaced")
    keys.add_argument(
        "--since", metavar="YYYY-MM-DDThh:mm", help="UTC; now when left out, earlier when stolen"
    )
    keys.add_argument(
        "--qr-certificate",
        type=Path,
        metavar="FILE",
        help="write the certificate with which anybody can check the clinic's QR codes",
    )
    taken = keys.add_mutually_exclusive_group()
    taken.add_argument(
        "--import",
        dest="import_file",
        type=Path,
        metavar="FILE.p12",
        help="sign with your own key and its chain (its password is asked)",
    )
    taken.add_argument(
        "--token",
        metavar="MODULE",
        help="sign with the key on a token, by its PKCS#11 module (its PIN is asked)",
    )
    taken.add_argument(
        "--renew", action="store_true", help="sign with a new key of the clinic's own authority"
    )
    keys.add_argument("--token-label", metavar="LABEL", default="", help="which token")
    keys.add_argument("--token-key", metavar="LABEL", default="", help="which key on it")
    on_store(keys)
    keys.set_defaults(command=lambda options: signing_keys(options, opener))


def timestamps(options: argparse.Namespace, opener: Opener) -> int:
    """Change what is asked for, then say how it stands."""
    from workstation.workflow import settings
    from workstation.workflow import timestamps as stamping

    certificate = None
    if options.trust is not None:
        try:
            certificate = _der(options.trust.read_bytes())
        except OSError:
            print(f"{options.trust.name}: cannot be read", file=sys.stderr)
            return USAGE
    with closing(opener(options)) as opened:
        desk, session = opened.desk, opened.session
        if certificate is not None:
            stamping.trust_times_of(desk, session, certificate)
        if options.server is not None:
            settings.change(desk, session, stamping.SERVER, options.server or None)
        with desk.store.reading() as unit:
            server, anchors = stamping.server(unit), unit.anchors()
    print(f"Time stamp server: {server or 'none'}")
    for one in anchors:
        print(f"Trusted for times: {one.name}, to {one.ends:%Y-%m-%d}, SHA-256 {one.fingerprint}")
    return OK


def signing_keys(options: argparse.Namespace, opener: Opener) -> int:
    """Revoke when asked, then list."""
    from workstation.workflow import signing_keys as keys

    since = None
    if options.since is not None:
        try:
            since = datetime.fromisoformat(options.since).replace(tzinfo=UTC)
        except ValueError:
            print("--since: not a date and time", file=sys.stderr)
            return USAGE
    with closing(opener(options)) as opened:
        opened.session = _taken(options, opened)
        if options.revoke is not None:
            keys.revoke(opened.desk, opened.session, options.revoke, options.reason, since)
        if options.qr_certificate is not None:
            try:
                options.qr_certificate.write_bytes(opened.desk.keys.document_certificate())
            except OSError:
                print(f"{options.qr_certificate.name}: cannot be written", file=sys.stderr)
                return USAGE
            print(f"Written: {options.qr_certificate}")
        rows = keys.listed(opened.desk, opened.session)
    for row in rows:
        name = row.owner.name if row.owner is not None else "nobody any more"
        until = f", to {row.expires:%Y-%m-%d}" if row.expires is not None else ""
        until += f", issued by {row.issuer}" if row.issuer else ""
        until += f", on token {row.where}" if row.where else ""
        ended = row.revocation
        state = f"revoked since {ended.since:%Y-%m-%d %H:%M} UTC" if ended else "in use"
        print(f"{row.serial}  {name}{until}: {state}")
    return OK


def _taken(options: argparse.Namespace, opened: Opened) -> Session:
    """The session with the key that is asked for."""
    from workstation.workflow import signing_keys as keys
    from workstation.workflow.ports import TokenPlace

    desk, session = opened.desk, opened.session
    if options.import_file is not None:
        try:
            content = options.import_file.read_bytes()
        except OSError as error:
            raise Refused("key.import.unreadable") from error
        secret = typed("Password of the key file: ", secret=True)
        return keys.import_file(desk, session, credentials(options)[1], content, secret)
    if options.token is not None:
        pin = typed("PIN of the token: ", secret=True)
        place = TokenPlace(options.token, options.token_label, options.token_key)
        return keys.use_token(desk, session, credentials(options)[1], place, pin)
    if options.renew:
        return keys.renew(desk, session, credentials(options)[1])
    return session


def _der(content: bytes) -> bytes:
    """A certificate file as DER; what is no PEM is taken as it is."""
    import binascii

    begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    if begin not in content or end not in content:
        return content
    body = content[content.index(begin) + len(begin) : content.index(end)]
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        return b""
