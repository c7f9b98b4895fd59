"""Making leaflets of a consultation: composed from the store, rendered, audited, never signed."""

from __future__ import annotations

from datetime import date

from workstation.assets import resource
from workstation.content.catalogue import Catalogue
from workstation.content.documents import read_texts
from workstation.content.handout import read_handouts
from workstation.content.own_leaflets import read_own_leaflets
from workstation.domain.accounts import Permission
from workstation.domain.consultation import Consultation
from workstation.domain.documents import DocumentKind
from workstation.domain.draft import Draft
from workstation.domain.errors import Conflict, Refused
from workstation.domain.ids import ConsultationId
from workstation.domain.own_leaflet import OwnLeaflet
from workstation.domain.visits import was_counted
from workstation.workflow.appraisal import ISOTRETINOIN, Appraisal, Situation, appraise
from workstation.workflow.desk import Desk, Session, require
from workstation.workflow.earlier import earlier_visits
from workstation.workflow.guardian_page import guardian_plan as guardian_of
from workstation.workflow.handout_page import handout as handout_of
from workstation.workflow.leaflet import Leaflet
from workstation.workflow.own_leaflet_page import own_leaflet as own_leaflet_of
from workstation.workflow.photo_sheet_page import photo_sheet as photo_sheet_of
from workstation.workflow.ports import WriteUnit
from workstation.workflow.record_severity import both_grades
from workstation.workflow.seal import Preview, rendered
from workstation.workflow.subject import LANGUAGE, MINOR

LANGUAGES = ("en", "es")
COUNSEL = "counsel"  # the group of rules that are counselled on


def handout(desk: Desk, session: Session, id: ConsultationId, language: str) -> Preview:
    """The patient's leaflet in ``language``; that it was made is audited with its code.

    Raises:
        Refused: ``leaflet.language``, ``document.*``.
        Conflict: ``consultation.gone``.
    """
    require(session, Permission.EXPORT)
    catalogue = desk.catalogue
    contents = read_handouts(
        resource("clinical", "handout"), catalogue.sources, catalogue.medicines[ISOTRETINOIN]
    )
    if language not in contents:
        raise Refused("leaflet.language")
    with desk.store.writing(session.user.id, desk.station) as unit:
        leaflet, appraisal = _leaflet(desk, session, unit, id, DocumentKind.HANDOUT, language)
        made = handout_of(
            leaflet,
            contents[language],
            catalogue.rems_on(leaflet.issued, _newer_from(leaflet)),
            ISOTRETINOIN,
            appraisal.rems.category if appraisal.rems is not None else None,
            [f.code for f in appraisal.evaluation.findings if f.group == COUNSEL],
        )
        _audit(unit, id, made.number, made.page_code, language)
    return rendered(desk, made)


def own_leaflets(content: Catalogue) -> tuple[OwnLeaflet, ...]:
    """The leaflets that data files of the content make, by name."""
    return tuple(read_own_leaflets(resource("clinical"), content.sources).values())


def own_leaflet(desk: Desk, session: Session, id: ConsultationId, name: str) -> Preview:
    """The leaflet of that name for one consultation; that it was made is audited with its code.

    Raises:
        Refused: ``leaflet.gone``, ``document.*``.
        Conflict: ``consultation.gone``.
    """
    require(session, Permission.EXPORT)
    content = next((one for one in own_leaflets(desk.catalogue) if one.name == name), None)
    if content is None:
        raise Refused("leaflet.gone")
    with desk.store.writing(session.user.id, desk.station) as unit:
        language = content.language
        leaflet, _ = _leaflet(desk, session, unit, id, DocumentKind.HANDOUT, language)
        made = own_leaflet_of(leaflet, content)
        _audit(unit, id, made.number, made.page_code, language)
    return rendered(desk, made)


def guardian_plan(desk: Desk, session: Session, id: ConsultationId, language: str) -> Preview:
    """A minor's signed plan for a guardian, without anything private; audited with its code.

    Raises:
        Refused: ``leaflet.language``, ``leaflet.guardian.adult``.
        Conflict: ``consultation.gone``, ``export.plan.none`` when no plan of it was signed.
    """
    require(session, Permission.EXPORT)
    if language not in LANGUAGES:
        raise Refused("leaflet.language")
    with desk.store.writing(session.user.id, desk.station) as unit:
        leaflet, appraisal = _leaflet(desk, session, unit, id, DocumentKind.GUARDIAN_PLAN, language)
        if appraisal.facts.value(MINOR) is not True:
            raise Refused("leaflet.guardian.adult")
        signed = unit.board.plan_of(leaflet.consultation.patient.id)
        plans = [
            d
            for d in unit.documents(id)
            if d.kind is DocumentKind.MONITORING_PLAN and unit.document_end(d.id) is None
        ]
        if signed is None or signed.consultation != id or not plans:
            raise Conflict("export.plan.none")
        made = guardian_of(leaflet, signed.plan, plans[-1].number)
        _audit(unit, id, made.number, made.page_code, language)
    return rendered(desk, made)


def photo_sheet(desk: Desk, session: Session, id: ConsultationId) -> Preview:
    """Every photo with its annotations as they stand in the store; audited.

    Raises:
        Conflict: ``consultation.gone``.
        Corrupt: ``vault.blob.*``.
    """
    require(session, Permission.EXPORT)
    with desk.store.writing(session.user.id, desk.station) as unit:
        leaflet, appraisal = _leaflet(desk, session, unit, id, DocumentKind.PHOTO_SHEET, LANGUAGE)
        seen = leaflet.consultation
        pictures = {photo.id: desk.vault.get(photo.preview) for photo in seen.photos}
        signed = bool(unit.documents(id)) and unit.amendment(id) is None
        grades = _grades(desk.catalogue, appraisal, unit.history(id).draft)
        made = photo_sheet_of(leaflet, appraisal.tally, pictures, grades=grades, signed=signed)
        _audit(unit, id, made.number, made.page_code, LANGUAGE)
    return rendered(desk, made)


def _grades(catalogue: Catalogue, appraisal: Appraisal, draft: Draft) -> list[str]:
    """Both grades as the record says them; nothing where acne is not judged or nobody counted."""
    override, grade = draft.override, appraisal.grade
    if not appraisal.acne or not (was_counted(draft, appraisal.tally) or override is not None):
        return []
    texts = read_texts(DocumentKind.RECORD.value, LANGUAGE)
    return both_grades(grade, override, catalogue.rubrics.get(grade.rubric), texts)


def _newer_from(leaflet: Leaflet) -> date | None:
    confirmed = leaflet.clinic.rems_2026_effective
    return date.fromisoformat(confirmed) if confirmed else None


def _leaflet(
    desk: Desk,
    session: Session,
    unit: WriteUnit,
    id: ConsultationId,
    kind: DocumentKind,
    language: str,
) -> tuple[Leaflet, Appraisal]:
    seen: Consultation | None = unit.consultation(id)
    if seen is None:
        raise Conflict("consultation.gone", consultation=id)
    today = desk.clock.today()
    past = unit.past_visits(seen.patient.id, seen.submitted_at)
    clinic = unit.clinic()
    earlier = earlier_visits(unit, past)
    situation = Situation(
        desk.catalogue,
        session.user,
        clinic,
        desk.clock.now(),
        today,
        earlier.reasons,
        earlier.entries,
    )
    appraisal = appraise(seen, unit.history(id).draft, past, situation)
    number = unit.reserve_number(id, kind.value, today.year)
    leaflet = Leaflet(
        consultation=seen,
        prescriber=session.user,
        clinic=clinic,
        numbers={kind: number},
        issued=today,
        catalogue=desk.catalogue,
        demonstration=desk.store.is_demonstration,
        language=language,
    )
    return leaflet, appraisal


def _audit(unit: WriteUnit, id: ConsultationId, number: str, code: str, language: str) -> None:
    unit.audit("leaflet.made", number, {"consultation": id, "code": code, "language": language})
