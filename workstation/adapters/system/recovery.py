"""The recovery key: a login of its own that opens the store when every password is lost."""

from __future__ import annotations

from workstation.domain.ids import UserId

LOGIN = "recovery-key"
USER = UserId("recovery-key")
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: none is read as another
_GROUP, _GROUPS = 5, 5


def new_code() -> str:
    """A new key: ``7K3QX-…``, five groups of five."""
    import secrets

    letters = [secrets.choice(_LETTERS) for _ in range(_GROUP * _GROUPS)]
    groups = ("".join(letters[at : at + _GROUP]) for at in range(0, len(letters), _GROUP))
    return "-".join(groups)


def normal(typed: str) -> str:
    """What was typed, as it was made: capitals, no spaces or hyphens, O as 0, I and L as 1."""
    kept = "".join(letter for letter in typed.upper() if letter.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))
