"""A consultation as DICOM: a VL Photographic object for each photo, and one measurement report.

Identifiers are made from the ids of the store, so that the same photo is the same object however
often it is written; a report is another object as soon as anything in it differs. An upright baseline
JPEG goes in as the frame it is, without EXIF; any other photo as its upright pixels.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

import workstation
from workstation.adapters.dicom import codes
from workstation.domain.consultation import Consultation
from workstation.domain.lesions import Annotation
from workstation.domain.patient import PatientSnapshot, Sex
from workstation.domain.photo import Photo
from workstation.domain.wrapped import Frame

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from workstation.domain.exchange import AnnotationSet

_MAKER = "Dermatology Workstation"
_SPACE = uuid.UUID("6f1d5a52-6f0c-5d0e-9a43-1b1f6b3a7d10")
_SEXES: Mapping[Sex, str] = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.OTHER: "O"}
_LOSSY = {"image/jpeg": "ISO_10918_1", "image/heic": "ISO_23008_2"}
_PART, _NUMBER = 30, 64  # characters of a part of a name, of an identifier


@dataclass(frozen=True, slots=True)
class Study:
    """What all objects of one consultation share."""

    consultation: Consultation
    reader: str
    """Who made the annotations."""


def available() -> bool:
    """Whether the optional libraries are installed."""
    return all(find_spec(name) is not None for name in ("pydicom", "highdicom"))


def photo_object(study: Study, photo: Photo, number: int, frame: Frame) -> Dataset:
    """The VL Photographic object of one photo; ``number`` counts from 1."""
    from pydicom.dataset import Dataset

    made = Dataset()
    _common(made, study)
    taken = (photo.taken_at or study.consultation.submitted_at).astimezone(UTC)
    made.SOPClassUID = codes.VL_PHOTOGRAPHIC
    made.SOPInstanceUID = _uid("photo", study.consultation.id, photo.id)
    made.Modality = "XC"
    made.SeriesInstanceUID = _uid("photos", study.consultation.id)
    made.SeriesNumber = 1
    made.InstanceNumber = number
    made.ContentDate, made.ContentTime = _day(taken), _time(taken)
    if photo.taken_at is not None:
        made.AcquisitionDateTime = f"{_day(taken)}{_time(taken)}+0000"
    made.PatientOrientation = None
    region, side = codes.VIEW_REGIONS[photo.view]
    made.AnatomicRegionSequence = [_region(region, side)]
    # Unpaired: a face and a trunk are one; the side of a view is its region's.
    made.ImageLaterality = {codes.LEFT: "L", codes.RIGHT: "R", None: "U"}[side]
    made.AcquisitionContextSequence = [
        _item(
            codes.IMAGE_VIEW, ValueType="CODE", ConceptCodeSequence=[_code(codes.view(photo.view))]
        )
    ]
    _pixels(made, photo, frame)
    return made


def report_object(
    study: Study, given: AnnotationSet, coco: str, objects: Sequence[Dataset]
) -> Dataset:
    """The measurement report (TID 1500) of the annotations on ``objects``, one for each photo.

    There is at least one annotation: the template has no report of nothing.

    ``coco`` carries what a region cannot hold to the last digit; a reader of it sees that both agree.
    """
    from highdicom import sr

    of_photo = dict(zip((p.id for p in given.photos), objects, strict=True))
    scale = {s.photo: s.mm_per_px for s in given.scales}
    observer = sr.ObserverContext(
        observer_type=_concept(codes.Coded("121006", codes.DICOM, "Person")),
        observer_identifying_attributes=sr.PersonObserverIdentifyingAttributes(
            name=f"{_plain(study.reader) or 'Unknown'}^"
        ),
    )
    made = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_person_context=observer),
        procedure_reported=_concept(codes.PROCEDURE),
        imaging_measurements=[
            _group(study, given, one, of_photo[one.photo], scale.get(one.photo))
            for one in given.annotations
        ],
        title=_concept(codes.Coded("126000", codes.DICOM, "Imaging Measurement Report")),
        referenced_images=list(objects),
    )
    text = sr.TextContentItem(
        name=_concept(codes.ANNOTATIONS),
        value=coco,
        relationship_type=sr.RelationshipTypeValues.CONTAINS,
    )
    made[0].ContentSequence.append(text)
    report = sr.ComprehensiveSR(
        evidence=list(objects),
        content=made[0],
        series_instance_uid=_uid("reports", study.consultation.id),
        series_number=2,
        sop_instance_uid=_uid("report", study.consultation.id, coco),
        instance_number=1,
        manufacturer=_MAKER,
        is_complete=True,
        is_final=False,
        is_verified=False,
    )
    _common(report, study)
    report.file_meta.ImplementationVersionName = "DERMWORKSTATION"
    return report


def encoded(made: Dataset) -> bytes:
    """The object as a DICOM file."""
    from pydicom.dataset import FileMetaDataset

    meta = getattr(made, "file_meta", None) or FileMetaDataset()
    meta.MediaStorageSOPClassUID = made.SOPClassUID
    meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    if "TransferSyntaxUID" not in meta:
        meta.TransferSyntaxUID = codes.EXPLICIT
    meta.ImplementationClassUID = _uid("implementation")
    meta.ImplementationVersionName = "DERMWORKSTATION"
    made.file_meta = meta
    made.preamble = b"\0" * 128
    out = BytesIO()
    made.save_as(out, enforce_file_format=True)
    return out.getvalue()


# -- the patient, the study and the pixels


def _common(made: Dataset, study: Study) -> None:
    found = study.consultation
    who = found.patient
    made.SpecificCharacterSet = "ISO_IR 192"
    made.PatientName = _name(who)
    made.PatientID = _plain(who.external_id, _NUMBER)
    made.PatientBirthDate = _day(who.born)
    made.PatientSex = _SEXES.get(who.sex, "")
    made.StudyInstanceUID = _uid("study", found.id)
    sent = found.submitted_at.astimezone(UTC)
    made.StudyDate, made.StudyTime = _day(sent), _time(sent)
    made.TimezoneOffsetFromUTC = "+0000"
    made.StudyID = found.id[:16]
    made.AccessionNumber = ""
    made.ReferringPhysicianName = ""
    made.Manufacturer = _MAKER
    made.ManufacturerModelName = _MAKER
    made.SoftwareVersions = workstation.__version__
    made.CodingSchemeIdentificationSequence = [_scheme()]


def _pixels(made: Dataset, photo: Photo, frame: Frame) -> None:
    from pydicom.dataset import FileMetaDataset
    from pydicom.encaps import encapsulate

    whole = frame.width * frame.height * frame.components
    made.Rows, made.Columns = frame.height, frame.width
    made.SamplesPerPixel = frame.components
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit = 7
    made.PixelRepresentation = 0
    made.BurnedInAnnotation = "NO"
    made.file_meta = FileMetaDataset()
    if frame.components > 1:
        made.PlanarConfiguration = 0
    made.LossyImageCompression = "00" if photo.media_type == "image/png" else "01"
    if photo.media_type in _LOSSY:
        made.LossyImageCompressionMethod = _LOSSY[photo.media_type]
        made.LossyImageCompressionRatio = f"{max(1.0, whole / max(1, len(frame.content))):.2f}"
    if frame.form == "jpeg":
        made.file_meta.TransferSyntaxUID = codes.JPEG_BASELINE
        made.ImageType = ["ORIGINAL", "PRIMARY"]
        colour = "RGB" if frame.transform == 0 else "YBR_FULL_422"
        made.PhotometricInterpretation = "MONOCHROME2" if frame.components == 1 else colour
        made.PixelData = encapsulate([frame.content])
        made["PixelData"].VR = "OB"
        made["PixelData"].is_undefined_length = True
    else:
        made.file_meta.TransferSyntaxUID = codes.EXPLICIT
        made.ImageType = ["DERIVED", "PRIMARY"]
        made.DerivationDescription = "Decoded, turned upright and brought to sRGB"
        made.PhotometricInterpretation = "RGB"
        made.PixelData = frame.content + (b"\0" if len(frame.content) % 2 else b"")
        made["PixelData"].VR = "OB"
    if frame.profile and frame.components > 1:
        made.ICCProfile = frame.profile + (b"\0" if len(frame.profile) % 2 else b"")


# -- one annotation


def _group(
    study: Study, given: AnnotationSet, one: Annotation, image: Dataset, mm_per_px: float | None
) -> Any:
    import numpy as np
    from highdicom import sr

    zone = given.zone_of(one)
    region, side = codes.ZONE_REGIONS[zone]
    if one.border:
        points = [[p.x, p.y] for p in (*one.border, one.border[0])]
        form = sr.GraphicTypeValues.POLYLINE
    else:
        points, form = [[one.at.x, one.at.y]], sr.GraphicTypeValues.POINT
    measured = []
    if one.radius is not None:
        measured.append(_measured(codes.RADIUS, one.radius, codes.PIXELS))
        if mm_per_px is not None:
            measured.append(_measured(codes.DIAMETER, 2 * one.radius * mm_per_px, codes.MILLIMETRE))
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            uid=_uid("annotation", study.consultation.id, one.id), identifier=one.id
        ),
        referenced_region=sr.ImageRegion(
            form,
            np.array(points, dtype=float),
            sr.SourceImageForRegion(image.SOPClassUID, image.SOPInstanceUID),
        ),
        finding_category=_concept(codes.FINDING_KIND),
        finding_type=_concept(codes.lesion(one.type)),
        finding_sites=[
            sr.FindingSite(anatomic_location=_concept(region), laterality=side and _concept(side))
        ],
        measurements=measured or None,
        qualitative_evaluations=[
            sr.QualitativeEvaluation(
                _concept(codes.ZONE),
                _concept(codes.Coded(zone.value, codes.OWN, zone.value.replace("_", " "))),
            )
        ],
    )


def _measured(name: codes.Coded, value: float, unit: codes.Coded) -> Any:
    from highdicom import sr

    return sr.Measurement(name=_concept(name), value=value, unit=_concept(unit))


# -- small parts


def _uid(*parts: str) -> str:
    """2.25 with the number of a UUID (PS3.5 B.2)."""
    return f"2.25.{uuid.uuid5(_SPACE, '/'.join(parts)).int}"


def _concept(coded: codes.Coded) -> Any:
    from highdicom.sr import CodedConcept

    return CodedConcept(coded.value, coded.scheme, coded.meaning)


def _code(coded: codes.Coded) -> Dataset:
    from pydicom.dataset import Dataset

    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = coded
    return made


def _scheme() -> Dataset:
    from pydicom.dataset import Dataset

    made = Dataset()
    made.CodingSchemeDesignator, made.CodingSchemeName = codes.OWN, _MAKER
    made.CodingSchemeResponsibleOrganization = _MAKER
    return made


def _region(region: codes.Coded, side: codes.Coded | None) -> Dataset:
    made = _code(region)
    if side is not None:
        made.AnatomicRegionModifierSequence = [_code(side)]
    return made


def _item(name: codes.Coded, **values: Any) -> Dataset:
    from pydicom.dataset import Dataset

    made = Dataset()
    made.ConceptNameCodeSequence = [_code(name)]
    for key, value in values.items():
        setattr(made, key, value)
    return made


def _name(who: PatientSnapshot) -> str:
    parts = (_plain(who.family), _plain(who.given), "", _plain(who.title or ""))
    written = "^".join(parts).rstrip("^")
    native = _plain(who.native_name or "")
    return f"{written}={native}" if native else written


def _plain(text: str, most: int = _PART) -> str:
    """Text without the signs that part a DICOM name or list."""
    return "".join(" " if c in "\\^=" else c for c in text)[:most].strip()


def _day(on: Any) -> str:
    return f"{on:%Y%m%d}"


def _time(at: datetime) -> str:
    return f"{at:%H%M%S}"
