"""The wall between an activity and Temporal's history: a failure tells its type and place, never its message.

Messages repeat what somebody wrote: an SQL error shows its parameters, a validation error its input, a refusal a name.
"""

import functools
import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import structlog
from temporalio.exceptions import ApplicationError

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger()


def discreet(work: Callable[P, R]) -> Callable[P, R]:
    """Wrap an activity so that whatever it raises reaches Temporal, and the log, without its message."""

    @functools.wraps(work)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with structlog.contextvars.bound_contextvars(**_about(args)):
                return work(*args, **kwargs)
        except ApplicationError:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it was: Temporal tries again, the log tells where
            name = type(fault).__name__
            where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)]
            log.warning("activity_failed", activity=work.__name__, fault=name, where=where[-3:], **_about(args))
        raise ApplicationError(f"{work.__name__}: {name}", type=name)

    return guarded


def _about(args: tuple[object, ...]) -> dict[str, str]:
    """Return the case that an activity is called for, for its log lines: what it is handed, or that one's own case."""
    for each in args[1:2]:
        case = each if isinstance(each, str) else getattr(each, "case", None)
        if isinstance(case, str):
            return {"case": case}
    return {}
