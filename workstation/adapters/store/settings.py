"""Settings as text under a scope and a name; what they mean is the workflow's to say."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from workstation.adapters.store.schema import setting


def settings(connection: Connection, scope: str) -> dict[str, str]:
    """All settings of ``scope`` that were ever set."""
    rows = connection.execute(
        select(setting.c.name, setting.c.content).where(setting.c.scope == scope)
    )
    return {row.name: row.content for row in rows}


def set_setting(connection: Connection, scope: str, name: str, content: str | None) -> None:
    """Store one setting; ``None`` goes back to the shipped one."""
    here = (setting.c.scope == scope) & (setting.c.name == name)
    if content is None:
        connection.execute(delete(setting).where(here))
        return
    changed = connection.execute(update(setting).where(here).values(content=content))
    if changed.rowcount == 0:
        connection.execute(insert(setting).values(scope=scope, name=name, content=content))
