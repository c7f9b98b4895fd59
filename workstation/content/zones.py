"""Reads the zone templates of the standard views."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType

from workstation import assets
from workstation.content.tables import Table, read
from workstation.domain.lesions import ZoneId
from workstation.domain.photo import View
from workstation.domain.zones import Corner, ZoneTemplate, ZoneTemplates


def read_zones(path: Path) -> ZoneTemplates:
    """The templates in ``zones.toml``.

    Raises:
        ContentError: ``content.zones.view``, ``content.zones.zone``, ``content.zones.twice`` or
            ``content.zones.polygon`` with file and line, or a fault of the file.
    """
    top = read(path)
    top.whole("schema")
    edition = top.text("edition")
    by_view: dict[View, dict[ZoneId, ZoneTemplate]] = {}
    for table in top.tables("zone"):
        view, template = _template(table)
        of_view = by_view.setdefault(view, {})
        if template.zone in of_view:
            raise table.wrong("content.zones.twice", "zone")
        of_view[template.zone] = template
    top.done()
    return ZoneTemplates(
        edition,
        MappingProxyType(
            {
                view: tuple(found[zone] for zone in ZoneId if zone in found)
                for view, found in by_view.items()
            }
        ),
    )


def _template(table: Table) -> tuple[View, ZoneTemplate]:
    views = {view.value: view for view in View if view is not View.OTHER}
    zones = {zone.value: zone for zone in ZoneId if zone is not ZoneId.OTHER}
    view, zone = table.text("view"), table.text("zone")
    if view not in views:
        raise table.wrong("content.zones.view", "view")
    if zone not in zones:
        raise table.wrong("content.zones.zone", "zone")
    corners = _corners(table)
    table.done()
    return views[view], ZoneTemplate(zones[zone], corners)


def _corners(table: Table) -> tuple[Corner, ...]:
    numbers = [float(n) for n in table.decimals("polygon")]
    if len(numbers) % 2 or len(numbers) < 6 or not all(0 <= n <= 1 for n in numbers):
        raise table.wrong("content.zones.polygon", "polygon")
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


@cache
def standard() -> ZoneTemplates:
    """The templates that ship with the program."""
    return read_zones(assets.resource("zones.toml"))
