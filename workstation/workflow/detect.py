"""Assisted detection: lesions proposed on one photo. Nothing here counts, stores or edits."""

from __future__ import annotations

from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation
from workstation.domain.detections import Detection
from workstation.domain.errors import Conflict
from workstation.domain.ids import PhotoId
from workstation.workflow import assess
from workstation.workflow.desk import Desk, Session, require


def propose(
    desk: Desk, session: Session, consultation: Consultation, photo: PhotoId
) -> tuple[Detection, ...]:
    """What the desk's detector proposes on a photo, in pixels of the full-size photo.

    The stored preview is enough: the detector works on fewer pixels than it has.

    Raises:
        NotAllowed: ``session.permission``.
        Conflict: ``detector.none`` when this desk has no detector.
    """
    require(session, Permission.ANNOTATE)
    if desk.detector is None:
        raise Conflict("detector.none")
    width = next((p.width for p in consultation.photos if p.id == photo), 0)
    pixels = assess.preview_pixels(desk, consultation, photo)
    return desk.detector.detect(pixels, width / pixels.width)
