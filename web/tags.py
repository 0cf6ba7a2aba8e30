"""Versions of a case for programs: the ETag is the number of its latest event (RFC 9110, 8.8)."""

import re
from typing import Final

from fastapi.responses import Response

from models.case import Case
from models.refusals import Malformed

_TAG: Final = re.compile(r'"([0-9]{1,9})"')


def tag_of(case: Case) -> dict[str, str]:
    """Return the headers that name a case's version."""
    return {"ETag": f'"{case.seq}"'}


def unchanged(case: Case, if_none_match: str | None) -> Response | None:
    """Return the answer 304 where the asker has this version already."""
    known = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    return Response(status_code=304, headers=tag_of(case)) if known & {f'"{case.seq}"', "*"} else None


def expected(if_match: str | None) -> int | None:
    """Return the version that an If-Match names; None where any will do.

    Raises:
        Malformed: it is not the ETag of a case.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Malformed(field="If-Match", why="应为案件的 ETag / it is not the ETag of a case")
    return int(found[1])
