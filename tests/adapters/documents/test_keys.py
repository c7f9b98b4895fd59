"""The clinic's authority: what it issues, what opens it, and how a demonstration is marked."""

from __future__ import annotations

import os

import document_cases as cases
import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from signing_office import Office, open_office

from workstation.adapters.documents.keys import DEMONSTRATION_UNIT, ClinicAuthority
from workstation.adapters.documents.trust import Trust, is_demonstration
from workstation.domain.errors import Corrupt, Refused


def test_the_serial_of_an_issued_key_is_that_of_the_loaded_one(office: Office) -> None:
    secret = os.urandom(32)
    packed, serial = office.authority.issue(office.blob, office.secret, cases.prescriber(), secret)
    loaded = office.authority.load(packed, secret)
    assert loaded.serial == serial
    assert loaded.expires > cases.NOW


def test_keys_are_p256_and_may_sign_documents_but_not_certificates(office: Office) -> None:
    leaf = office.key.certificate
    assert leaf.public_key().curve.name == "secp256r1"
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_neither_blob_nor_key_file_shows_names_or_opens_with_another_secret(office: Office) -> None:
    secret = os.urandom(32)
    packed, _ = office.authority.issue(office.blob, office.secret, cases.prescriber(), secret)
    for content in (packed, office.blob):
        assert b"Kessler" not in content
        assert b"Northlake" not in content
    with pytest.raises(Corrupt) as closed:
        office.authority.load(packed, os.urandom(32))
    assert closed.value.code == "signing.key.closed"
    with pytest.raises(Corrupt) as shut:
        office.authority.trust_anchor(office.blob, os.urandom(32))
    assert shut.value.code == "signing.authority.closed"
    with pytest.raises(Corrupt):
        office.authority.load(packed[:-40], secret)


def test_a_demonstration_is_marked_in_name_unit_and_policy() -> None:
    demo = open_office(demonstration=True)
    for certificate in (demo.trust.authority, demo.key.certificate):
        assert is_demonstration(certificate)
        unit = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        assert unit[0].value == DEMONSTRATION_UNIT
    name = demo.trust.authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert str(name).startswith("DEMONSTRATION")
    assert not is_demonstration(open_office(demonstration=False).key.certificate)


@pytest.mark.parametrize("demonstration", [True, False])
def test_an_authority_of_the_other_kind_is_refused(demonstration: bool) -> None:
    other = open_office(demonstration=not demonstration)
    with pytest.raises(Refused) as refused:
        Trust.of(other.trust.der, demonstration=demonstration)
    assert refused.value.code == "signing.authority.kind"


def test_a_leaf_or_junk_is_no_authority(office: Office) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    for der in (b"", b"junk", office.key.certificate.public_bytes(Encoding.DER)):
        with pytest.raises(Refused) as refused:
            Trust.of(der, demonstration=False)
        assert refused.value.code == "signing.authority.unreadable"


def test_the_private_key_is_not_printed(office: Office) -> None:
    assert "private" not in repr(office.key)


def test_a_certificate_never_outlives_its_authority() -> None:
    clock = cases.FixedClock()
    authority = ClinicAuthority(clock)
    secret, leaf = os.urandom(32), os.urandom(32)
    blob = authority.create("Northlake", False, secret)
    clock.moment = clock.moment.replace(year=clock.moment.year + 19)
    packed, _ = authority.issue(blob, secret, cases.prescriber(), leaf)
    loaded = authority.load(packed, leaf)
    assert loaded.expires == loaded.authority.not_valid_after_utc


def test_very_long_names_fit_into_a_certificate(office: Office) -> None:
    secret = os.urandom(32)
    user = cases.prescriber(name="Maximiliane " * 12)
    packed, _ = office.authority.issue(office.blob, office.secret, user, secret)
    assert office.authority.load(packed, secret).serial
