"""The patient of a bundle: name in its writings, address, how to reach them; identity by sender."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workstation.adapters.inbox import vocabulary as v
from workstation.adapters.inbox.clinical import word
from workstation.adapters.inbox.node import Node
from workstation.domain.ids import PatientId
from workstation.domain.patient import Address, Contact, PatientSnapshot, Sex


@dataclass(frozen=True, slots=True)
class Identified:
    """A Patient resource as read, before the answers complete its contact data."""

    id: PatientId
    external_id: str
    family: str
    given: str
    title: str | None
    native_name: str | None
    born: date
    sex: Sex
    address: Address | None
    phone: str | None
    emergency_name: str | None
    emergency_phone: str | None
    rems_id: str | None

    def finished(
        self,
        contact: Mapping[str, str | bool],
        allergies: tuple[str, ...] | None,
        medicines: tuple[str, ...] | None,
    ) -> PatientSnapshot:
        """The snapshot; what the patient answered now comes before what the sender holds."""

        def said(name: str, otherwise: str | None) -> str | None:
            value = contact.get(name)
            return value if isinstance(value, str) else otherwise

        told = contact.get("emergency_may_be_told")
        return PatientSnapshot(
            id=self.id,
            external_id=self.external_id,
            family=self.family,
            given=self.given,
            title=self.title,
            native_name=self.native_name,
            born=self.born,
            sex=self.sex,
            address=self.address,
            contact=Contact(
                phone=said("phone", self.phone),
                emergency_name=said("emergency_name", self.emergency_name),
                emergency_phone=said("emergency_phone", self.emergency_phone),
                emergency_may_be_told=told if isinstance(told, bool) else None,
                present_location=said("present_location", None),
            ),
            allergies=allergies,
            medicines=medicines,
            rems_id=self.rems_id,
        )


def read_patient(node: Node, system: str) -> Identified:
    """The Patient resource of a package sent by ``system``.

    Raises:
        Refused: ``intake.patient.*`` or a fault of an element.
    """
    external_id, rems_id = _identifiers(node)
    family, given, title, native_name = _names(node)
    born = node.day("birthDate")
    sex = Sex(node.choice("gender", *(s.value for s in Sex)))
    phone = _phone(node)
    emergency_name, emergency_phone = _emergency(node)
    address = _address(node)
    if "active" in node and not node.flag("active"):
        raise node.refused("intake.patient.inactive", "active")
    node.done()  # a patient marked as deceased, or replaced by another, is refused here
    identity = hashlib.sha256(f"{system}\n{external_id}".encode()).hexdigest()[:32]
    return Identified(
        PatientId(identity),
        external_id,
        family,
        given,
        title,
        native_name,
        born,
        sex,
        address,
        phone,
        emergency_name,
        emergency_phone,
        rems_id,
    )


def _identifiers(node: Node) -> tuple[str, str | None]:
    record: str | None = None
    rems: str | None = None
    for identifier in node.nodes("identifier"):
        if "type" in identifier:
            word(identifier.node("type"), v.IDENTIFIER_TYPE, "MR")
            if record is not None:
                raise identifier.refused("intake.patient.identifier")
            identifier.text("system")
            record = identifier.text("value")
        else:
            if identifier.text("system") != v.REMS_ID or rems is not None:
                raise identifier.refused("intake.patient.identifier", "system")
            rems = identifier.text("value")
        identifier.done()
    if record is None:
        raise node.refused("intake.patient.identifier", "identifier")
    return record, rems


def _names(node: Node) -> tuple[str, str, str | None, str | None]:
    official: tuple[str, str, str | None] | None = None
    native: str | None = None
    for name in node.nodes("name"):
        if "extension" in name:
            extension = name.only("extension")
            if extension.text("url") != v.NAME_WRITING:
                raise extension.refused("intake.extension", "url")
            extension.choice("valueCode", "IDE", "SYL")
            extension.done()
            native = name.text("text")
        else:
            name.choice("use", "official")
            if official is not None:
                raise name.refused("intake.patient.name")
            prefix = " ".join(name.lines("prefix")) if "prefix" in name else None
            official = (name.text("family"), " ".join(name.lines("given")), prefix)
        name.done()
    if official is None or not official[1]:
        raise node.refused("intake.patient.name", "name")
    return (*official, native)


def _phone(node: Node) -> str | None:
    phone: str | None = None
    for telecom in node.maybe_nodes("telecom"):
        kind = telecom.choice("system", "phone", "email", "sms")
        value = telecom.text("value")
        telecom.maybe_text("use")
        telecom.done()
        if kind != "email" and phone is None:
            phone = value
    return phone


def _emergency(node: Node) -> tuple[str | None, str | None]:
    if "contact" not in node:
        return None, None
    contact = node.only("contact")
    word(contact.only("relationship"), v.RELATION, "C")
    name = contact.node("name")
    full = name.text("text")
    name.done()
    number = _phone(contact)
    contact.done()
    return full, number


def _address(node: Node) -> Address | None:
    if "address" not in node:
        return None
    home = node.only("address")
    home.maybe_text("use")
    home.maybe_text("type")
    if "country" in home:
        home.choice("country", "US", "USA")
    line = ", ".join(home.lines("line"))
    state = home.text("state")
    if len(state) != 2 or not state.isupper():
        raise home.refused("intake.patient.state", "state")
    address = Address(line, home.text("city"), state, home.text("postalCode"))
    home.done()
    return address
