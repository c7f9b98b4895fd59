"""Signing keys on a token, with SoftHSM2 in the place of the card."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from clinic_day import Clinic
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from own_authority import Outside
from test_amend_and_void import make_void, signed

from workstation import showcase
from workstation.domain.errors import Refused, WorkstationError
from workstation.presenters import wording
from workstation.workflow import accounts, sign, signing_keys
from workstation.workflow.ports import TokenPlace
from workstation.workflow.verify import verify_stored

MODULE = next(
    (p for p in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so") if Path(p).exists()),
    "/usr/lib/softhsm/libsofthsm2.so",
)  # fmt: skip
PIN = "730194"
pytestmark = pytest.mark.needs("softhsm2-util")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], TokenPlace]]:
    """Makes tokens; the module reads its settings once in a process."""
    folder = tmp_path_factory.mktemp("tokens")
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)

    def make(label: str) -> TokenPlace:
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "00000000",
             "--pin", PIN],
            check=True, capture_output=True,
        )  # fmt: skip
        from pkcs11 import lib

        lib(MODULE).reinitialize()
        return TokenPlace(MODULE, label)

    yield make
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def with_key(place: TokenPlace, outside: Outside | None, name: str, kind: str = "EC") -> None:
    """A key on the token; with ``outside`` also its certificate and chain."""
    from pkcs11 import Attribute, CertificateType, KeyType, ObjectClass, lib
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
    from pkcs11.util.rsa import encode_rsa_public_key

    token = lib(place.module).get_token(token_label=place.label)
    with token.open(rw=True, user_pin=PIN) as session:
        if kind == "EC":
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            parameters = session.create_domain_parameters(KeyType.EC, curve, local=True)
            public, _ = parameters.generate_keypair(store=True, label=name, id=b"\x01")
            der = encode_ec_public_key(public)
        else:
            public, _ = session.generate_keypair(KeyType.RSA, 2048, store=True, label=name, id=b"\x01")  # fmt: skip
            der = encode_rsa_public_key(public)
        if outside is None:
            return
        key: Any = load_der_public_key(der)

        class Held:
            def public_key(self) -> Any:
                return key

        leaf = outside.leaf(Held(), name)
        for number, one in enumerate((leaf, outside.middle, outside.root), 1):
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.LABEL: f"certificate {number}",
                    Attribute.ID: bytes([number]),
                    Attribute.SUBJECT: one.subject.public_bytes(),
                    Attribute.VALUE: one.public_bytes(Encoding.DER),
                }
            )


def use(clinic: Clinic, place: TokenPlace, pin: str = PIN) -> None:
    clinic.opened.session = signing_keys.use_token(
        clinic.desk, clinic.session, showcase.PASSWORD, place, pin
    )


def test_a_key_on_a_token_signs_while_its_pin_is_typed(
    clinic: Clinic, tokens: Callable[[str], TokenPlace], open_clinic: Callable[..., Clinic]
) -> None:
    place = tokens("certified here")
    with_key(place, None, clinic.session.user.name)
    use(clinic, place)
    assert clinic.session.key is not None and clinic.session.key.on_token
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    shown = hand.preview()
    wrong = hand.sign(shown, pin=showcase.PIN)  # the PIN before is the PIN no more
    assert isinstance(wrong, sign.PinNotAccepted)
    clinic.clock.later(seconds=2)
    answer = hand.sign(shown, pin=PIN)
    assert isinstance(answer, sign.Signed), answer
    rx = answer.documents[0]
    assert verify_stored(clinic.desk, clinic.session, rx).holds
    (row,) = [r for r in signing_keys.listed(clinic.desk, clinic.session) if r.mine]
    assert (row.where, row.issuer) == ("certified here", "")
    with pytest.raises(Refused) as caught:
        accounts.change_own_pin(clinic.desk, clinic.session, showcase.PASSWORD, "864209")
    assert caught.value.code == "token.pin.change"
    # After a restart the key is known without the token, and signs with it.
    folder, clock = clinic.opened.folder, clinic.clock
    clinic.opened.close()
    again = open_clinic(folder, clock)
    from workstation.workflow import void

    shown_void = void.preview_void(
        again.desk, again.session, rx.id, void.EndReason("writing_error")
    )
    assert isinstance(void.void(again.desk, again.session, shown_void, PIN), void.Voided)
    assert again.opened.check() == ()
    # Back to a key of the clinic: the token's PIN stays the signing PIN until it is changed.
    again.opened.session = signing_keys.renew(again.desk, again.session, showcase.PASSWORD)
    accounts.change_own_pin(again.desk, again.session, showcase.PASSWORD, showcase.PIN)
    _, later = signed(again, "Al-Hashimi")
    make_void(again, later[0].id)


def test_an_rsa_key_with_its_own_chain_on_the_token(
    clinic: Clinic, tokens: Callable[[str], TokenPlace]
) -> None:
    place = tokens("own chain")
    with_key(place, Outside(clinic.clock.now()), clinic.session.user.name, kind="RSA")
    use(clinic, place)
    hand = clinic.take("Nguyễn")
    hand.prescribe()
    answer = hand.sign(pin=PIN)
    assert isinstance(answer, sign.Signed), answer
    found = verify_stored(clinic.desk, clinic.session, answer.documents[0])
    assert found.holds and clinic.session.user.name in found.signer
    (row,) = [r for r in signing_keys.listed(clinic.desk, clinic.session) if r.mine]
    assert (row.where, row.issuer) == ("own chain", "Health Issuing")


def test_what_a_token_cannot_do_is_said_and_nothing_is_signed(
    clinic: Clinic, tokens: Callable[[str], TokenPlace]
) -> None:
    place = tokens("careful")
    told = []

    def refused(code: str, run: Callable[[], object]) -> None:
        with pytest.raises(WorkstationError) as caught:
            run()
        assert caught.value.code == code
        told.append(wording.message_for(caught.value).title)

    refused("token.key.none", lambda: use(clinic, place))
    refused("token.pin", lambda: use(clinic, place, "998877"))
    refused("token.absent", lambda: use(clinic, TokenPlace(MODULE, "not here")))
    refused("token.library", lambda: use(clinic, TokenPlace("/nowhere/module.so", "x")))
    refused("token.library", lambda: use(clinic, TokenPlace(__file__, "x")))
    refused("session.pin.form", lambda: use(clinic, place, "1234"))
    with_key(place, Outside(clinic.clock.now()), "Somebody Else")
    refused("key.import.name", lambda: use(clinic, place))
    assert len(set(told)) == 6 and "Something did not work." not in told
    assert signed(clinic)  # the clinic's key still signs

    with_key(second := tokens("taken out"), None, clinic.session.user.name)
    use(clinic, second)
    hand = clinic.take("Al-Hashimi")
    hand.prescribe()
    shown = hand.preview()
    gone = replace(
        clinic.session, key=replace(clinic.session.key, place=TokenPlace(MODULE, "gone"))
    )
    hand.session = gone
    refused("token.absent", lambda: hand.sign(shown, pin=PIN))
    clinic.assert_unsigned(hand.id)
    hand.session = clinic.session
    clinic.clock.later(seconds=1)
    assert isinstance(hand.sign(shown, pin=PIN), sign.Signed)
    assert timedelta(0) < clinic.session.key.expires - clinic.clock.now()


def test_without_the_library_tokens_are_refused_with_a_sentence(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(WorkstationError) as caught:
        use(clinic, TokenPlace(MODULE, "any"))
    assert caught.value.code == "token.library.missing"
