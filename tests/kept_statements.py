"""SQL that a test's store compiled serves the stores of the tests after it.

Each store has an engine of its own, and SQLAlchemy keeps compiled statements by engine: a tenth of
the time of tests that open stores. The program opens one store, and keeps nothing of it for the next:
a kept statement holds the values that it was first made with.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine

from workstation.adapters.store import engine as engines


class _Kept(dict[Any, Any]):
    """Compiled statements by their key, of which a dialect of the same kind is as good as another."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_alike(key), default)

    def __setitem__(self, key: Any, made: Any) -> None:
        super().__setitem__(_alike(key), made)


def _alike(key: Any) -> Any:
    return (type(key[0]), key[0].dbapi, *key[1:])


_KEPT = _Kept()


def _create_engine(*where: Any, **how: Any) -> Engine:
    options = {**how.pop("execution_options", {}), "compiled_cache": _KEPT}
    return create_engine(*where, execution_options=options, **how)


def keep_statements() -> None:
    """From now on, in this process."""
    engines.create_engine = _create_engine
