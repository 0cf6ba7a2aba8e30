"""Whether a text holds what looks like a person's telephone or identity number."""

import re

# \d is a full-width digit too, and so are the ones that are spelled out.
_TELEPHONE = re.compile(r"(?<!\d)[1１][3-9３-９]\d(?:[ -]?\d){8}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXxＸｘ](?!\d)")


def looks_personal(text: str) -> bool:
    """Tell whether a text holds what looks like a mobile number or a resident identity number."""
    return bool(_TELEPHONE.search(text) or _IDENTITY.search(text))


def masked(text: str) -> str:
    """Return a text our clerks did not type, with what looks like a mobile or identity number covered."""
    return _IDENTITY.sub("******************", _TELEPHONE.sub("***********", text))
