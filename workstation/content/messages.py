"""Words of the messages to patients, by language."""

from __future__ import annotations

from functools import lru_cache

from workstation.assets import resource
from workstation.content.documents import Texts, texts_of
from workstation.domain.errors import ContentError

LANGUAGES = ("en", "es")


@lru_cache(maxsize=4)
def read_messages(language: str) -> Texts:
    """The words of one language, read once.

    Raises:
        ContentError: ``content.language.unknown``, or a fault of the file.
    """
    if language not in LANGUAGES:
        raise ContentError("content.language.unknown", file=f"{language}.toml", line=1)
    return texts_of(resource("messages", f"{language}.toml"))
