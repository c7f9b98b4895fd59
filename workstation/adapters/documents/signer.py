"""Signing with pyHanko: one certifying PAdES B-B revision, validated before it is returned."""

from __future__ import annotations

import hashlib
import io
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from asn1crypto import algos
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import Signer as CmsSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from workstation.adapters.documents import timestamps
from workstation.adapters.documents.chain import asn1
from workstation.adapters.documents.frames import signature_rect
from workstation.adapters.documents.keys import HeldKey, LoadedKey
from workstation.adapters.documents.renderer import signature_block
from workstation.adapters.documents.signature import (
    DIGEST,
    FIELD,
    RESERVED,
    mechanism,
)
from workstation.adapters.documents.token import TokenKey
from workstation.adapters.documents.trust import Trust, authority_of
from workstation.adapters.documents.verifier import Verified, signing_certificate, verify
from workstation.content.documents import read_page_words
from workstation.domain.dates import Clock
from workstation.domain.errors import Corrupt, NotAllowed, Refused, WorkstationError
from workstation.domain.trust import TrustAdded
from workstation.workflow.ports import SigningKey, VisibleSignature
from workstation.workflow.written import day

_PROVED_KEPT = 8
_PROVED_FOR = timedelta(minutes=1)
_LONGEST_VALUE = 512  # of RSA with 4,096 bits


class _HeldKey(CmsSigner):
    """Signs with the one loaded key object, or its open token, instead of parsing a key each time."""

    def __init__(self, key: HeldKey) -> None:
        known: Any = _certificate_store()
        for one in key.above:
            known.register(asn1(one))
        named = mechanism(key.certificate.public_key())
        super().__init__(
            signing_cert=asn1(key.certificate),
            cert_registry=known,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": named}),
            embed_roots=True,
        )
        self._key = key

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return bytes(_LONGEST_VALUE) if dry_run else await self._key.value(data)


class _DatedSigner(PdfSigner):
    """Takes the signing time from the caller's clock, not from the library's."""

    def __init__(self, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


class _Appending(IncrementalPdfFileWriter):
    """Adds the signature alone: no modification date from the library's clock, no metadata."""

    def _update_meta(self) -> None:
        """Leave the document's information as previewed."""


class _Drawn(PdfContent):
    """The page of a small PDF as the appearance of the signature."""

    def __init__(self, pdf: bytes, wide: float, high: float) -> None:
        super().__init__(box=BoxConstraints(width=wide, height=high))
        self._pdf = pdf

    def render(self) -> bytes:
        source = PdfFileReader(io.BytesIO(self._pdf))
        self.resources.xobject["/Block"] = self._ensure_writer.import_page_as_xobject(source)
        return b"/Block Do"


class PadesSigner:
    """Signs and checks the documents of one store.

    ``time_zone`` is the clinic's IANA zone, in which the visible time is written; ``added`` tells
    what the clinic's records say of trust at the moment.
    """

    def __init__(
        self,
        trust: Trust,
        clock: Clock,
        time_zone: str,
        language: str = "en",
        added: Callable[[], TrustAdded] = TrustAdded,
    ) -> None:
        self._own = trust
        self._added = added
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._language = language
        # Verdicts on the newest files of this signer, by their own digest: the same bytes need
        # not be taken apart again a moment later.
        self._proved: OrderedDict[bytes, tuple[Verified, datetime]] = OrderedDict()

    def sign(
        self,
        pdf: bytes,
        key: SigningKey,
        block: VisibleSignature,
        reason: str,
        location: str,
        at: datetime,
    ) -> bytes:
        """One incremental PAdES B-B revision on ``pdf``, which the result starts with.

        The signature certifies the document and allows no later change; its field is made in the
        same step, with ``block`` and the signing time drawn in the box the template left empty.

        Raises:
            NotAllowed: ``signing.key.missing``, ``signing.key.foreign`` (another store's, or a
                demonstration's in a clinic's store), ``signing.key.expired``.
            Refused: ``document.pdf.unreadable``, ``document.signed.already``,
                ``document.overflow``, ``document.glyph.missing``.
            Corrupt: ``signing.output.invalid`` when the new file does not verify.
        """
        trust = self._trust
        held = self._usable(key, at, trust)
        local = at.astimezone(self._zone)
        writer, last_page, wide = _opened(pdf)
        box = signature_rect(wide, coded=block.coded)
        lines = (*block.lines, self._signed_line(local))
        style = StaticStampStyle(
            background=_Drawn(
                signature_block(lines, wide, coded=block.coded),
                box.right - box.left,
                box.top - box.bottom,
            ),
            background_layout=SimpleBoxLayoutRule(
                x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins()
            ),
            border_width=0,
        )
        signer = _DatedSigner(
            local,
            PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm=DIGEST,
                subfilter=SigSeedSubFilter.PADES,
                certify=True,
                docmdp_permissions=MDPPerm.NO_CHANGES,
                reason=reason,
                location=location,
                name=block.lines[0] if block.lines else None,
                contact_info=block.witness or None,
            ),
            signer=_HeldKey(held),
            stamp_style=style,
            new_field_spec=SigFieldSpec(
                FIELD,
                on_page=last_page,
                box=(box.left, box.bottom, box.right, box.top),  # type: ignore[arg-type]  # points
            ),
        )
        made: bytes = signer.sign_pdf(writer, bytes_reserved=2 * RESERVED).getvalue()
        if not made.startswith(pdf):
            raise Corrupt("signing.output.invalid", because="signing.prefix")
        verdict = verify(made, trust, at, held.serial)
        if verdict.state != "valid":
            raise Corrupt("signing.output.invalid", because=" ".join(verdict.because))
        self._proved[hashlib.sha256(made).digest()] = (verdict, held.expires)
        while len(self._proved) > _PROVED_KEPT:
            self._proved.popitem(last=False)
        return made

    def _counts(self, known: Verified) -> bool:
        return self._trust.revoked_at(known.serial) is None

    @property
    def _trust(self) -> Trust:
        """The clinic's authority with what its records say now."""
        return self._own.with_added(self._added())

    def stamp(self, pdf: bytes, server: str, revocations: bytes) -> tuple[bytes, Verified]:
        """``pdf`` with validation data and a time stamp of the server at ``server``.

        ``revocations`` is the clinic authority's list, DER. The result starts with ``pdf`` and is
        checked before it is returned.

        Raises:
            WorkstationError: ``timestamp.server``, ``timestamp.answer``, ``timestamp.refused``,
                ``timestamp.file`` (not a file this program signed), ``timestamp.untrusted`` (of
                an authority that the clinic does not trust for times).
        """
        trust, now = self._trust, self._clock.now()
        leaf = signing_certificate(pdf)
        if leaf is None:
            raise WorkstationError("timestamp.file")
        made = timestamps.stamp(pdf, server, leaf, trust, revocations)
        verdict = verify(made, trust, now)
        if "signature.timestamp.foreign" in verdict.because:
            raise WorkstationError("timestamp.untrusted")
        if not made.startswith(pdf) or verdict.state != "valid":
            raise WorkstationError("timestamp.answer", because=" ".join(verdict.because))
        return made, verdict

    def verify(
        self, pdf: bytes, expected_serial: str | None = None, *, as_of: datetime | None = None
    ) -> Verified:
        """The strict verdict against this store's authority, as of now or another moment."""
        if as_of is not None:
            return verify(pdf, self._trust, as_of, expected_serial)
        now = self._clock.now()
        known, expires = self._proved.get(hashlib.sha256(pdf).digest(), (None, now))
        if known is not None and known.signed_at is not None and now <= expires:
            same = expected_serial in (None, known.serial)
            if (
                same
                and timedelta(0) <= now - known.signed_at <= _PROVED_FOR
                and self._counts(known)
            ):
                return known
        return verify(pdf, self._trust, now, expected_serial)

    def authority_of(self, certificate: bytes) -> tuple[str, str, datetime]:
        """(fingerprint, name, end) of an authority's certificate, DER.

        Raises:
            Refused: ``trust.anchor.unreadable``, ``trust.anchor.kind`` (not an authority's),
                ``trust.anchor.expired``.
        """
        return authority_of(certificate, self._clock.now())

    def _usable(self, key: SigningKey, at: datetime, trust: Trust) -> HeldKey:
        if not isinstance(key, (LoadedKey, TokenKey)):
            raise NotAllowed("signing.key.missing")
        if (
            key.above != trust.above(key.certificate)
            or key.demonstration != trust.demonstration
            or trust.issued(key.certificate)
        ):
            raise NotAllowed("signing.key.foreign")
        if not key.certificate.not_valid_before_utc <= at <= key.expires:
            raise NotAllowed("signing.key.expired")
        return key

    def _signed_line(self, local: datetime) -> str:
        offset = local.strftime("%z")
        when = f"{day(local.date())} {local:%H:%M} {local.tzname()} (UTC{offset[:3]}:{offset[3:5]})"
        return read_page_words(self._language)["signed"].format(when=when)


def _opened(pdf: bytes) -> tuple[_Appending, int, float]:
    """An incremental writer, the index of the last page and its width in points."""
    try:
        writer = _Appending(io.BytesIO(pdf), strict=True)
        reader = writer.prev
        signed = "/AcroForm" in reader.root  # nothing else here makes a form
        count = int(reader.root["/Pages"]["/Count"])
        page = _page(reader, count - 1)
        left, _, right, _ = (float(x) for x in page["/MediaBox"])
    except MemoryError:
        raise  # says nothing of the file
    except Exception as error:  # the library raises many kinds on a file that is none of ours
        raise Refused("document.pdf.unreadable") from error
    if signed:
        raise Refused("document.signed.already")
    return writer, count - 1, right - left


# pyHanko leaves these two without types; here they get one.
_certificate_store: Callable[[], Any] = SimpleCertificateStore


def _page(reader: Any, number: int) -> Any:
    return reader.find_page_for_modification(number)[0].get_object()
