"""Logs: structlog and the standard library's loggers rendered the same way, to standard error.

`configure_logs` is called once by each door. Everything a library says through `logging` (Temporal's SDK,
Alembic) passes the same processors as our own lines. The last of them is a defence in depth: a key known to
carry a person or a person's words loses its value before anything is written. Not handing such things to a
logger is the rule; this only limits the damage of breaking it.
"""

import dataclasses
import datetime as dt
import decimal
import enum
import logging
import re
import sys
import uuid
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import PurePath
from typing import Final, Literal, TextIO

import structlog
from pydantic import BaseModel
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.typing import EventDict, Processor, WrappedLogger

from adapters.observing import tracing

SEALED: Final = "[sealed]"
"""What is written in the place of a value that must not be."""

PERSONAL_KEYS: Final = frozenset(
    {
        # who
        *("petitioner", "complainant", "person", "contact", "identity", "full_name", "real_name"),
        *("person_name", "petitioner_name", "respondent_name"),
        *("phone", "mobile", "telephone", "email", "wechat", "home_address", "id_card", "id_number"),
        # in whose words: the petitioner's, and what officials write
        *("text", "raw_text", "raw", "words", "summary", "body", "content", "answer", "payload"),
        *("finding", "findings", "instruction", "opinion", "note", "comment", "reply"),
        # what opens a door
        *("query_code", "password", "secret", "token", "api_key", "data_key", "wrapping_key", "database_url"),
    }
)
"""Keys, in lower case, whose values never reach a log; a key that ends in `_` and one of them likewise."""

# A bare `name` is a person's; `task_name` and the like are not.
_PERSONAL_ALONE: Final = frozenset({"name"})

_HARMLESS: Final = (bool, int, float, decimal.Decimal, dt.date, dt.time, dt.timedelta)
_TEXTUAL: Final = enum.Enum | uuid.UUID | PurePath

# Libraries repeat refused values inside the text of their errors.
_LEAKS: Final = (
    (
        re.compile(r"input_value=.*?, input_type=", re.DOTALL),
        f"input_value={SEALED}, input_type=",
    ),  # pydantic
    (re.compile(r"^\[parameters: .*$", re.MULTILINE), f"[parameters: {SEALED}]"),  # SQLAlchemy
    (re.compile(r"^DETAIL: .*$", re.MULTILINE), f"DETAIL: {SEALED}"),  # PostgreSQL shows the offending row
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@]+@"), rf"\1:{SEALED}@"),  # the password of a database's address
)

# Our handler is known by its name, so that configuring again replaces it and leaves others (pytest's) alone.
_HANDLER: Final = "banjie"

# Lines of these say nothing at "info" that anyone at the desk can use.
_QUIET: Final = ("alembic", "asyncio", "sqlalchemy", "uvicorn")


def configure_logs(
    fmt: Literal["console", "json"] = "console", level: str = "info", stream: TextIO | None = None
) -> None:
    """Send every log line of this process to `stream` (standard error), in one form. May be called again.

    Args:
        fmt: `console` for people, `json` for one object a line (`event`, `level`, `logger`, `timestamp`, …).
        level: least severe level that is written, `debug` to `error`.
        stream: where to; tests hand in their own.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_trace,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    foreign: list[Processor] = [structlog.stdlib.ExtraAdder(), _without_copies, *shared]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # A cached logger would keep the processors of the first call, and tests configure more than once.
        cache_logger_on_first_use=False,
    )
    target = stream or sys.stderr
    # Tracebacks come without local variables (either renderer would show them) and are sealed like the rest.
    rendered: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        seal_personal,
    ]
    if fmt == "json":
        rendered.append(structlog.processors.JSONRenderer(ensure_ascii=False, default=str))
    else:
        rendered.append(ConsoleRenderer(colors=target.isatty(), exception_formatter=plain_traceback))
    handler = logging.StreamHandler(target)
    handler.set_name(_HANDLER)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=foreign, processors=rendered))
    root = logging.getLogger()
    for old in [each for each in root.handlers if each.get_name() == _HANDLER]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for quiet in _QUIET:
        logging.getLogger(quiet).setLevel(max(logging.WARNING, root.level))


def _with_trace(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    # What one request set off is found by this, over all processes, where traces are kept.
    if (trace := tracing.trace_id()) is not None:
        event_dict.setdefault("trace", trace)
    return event_dict


def new_request() -> str:
    """Bind an id of this process's own making to every line logged from here on, and return it."""
    made = uuid.uuid4().hex
    structlog.contextvars.bind_contextvars(request=made)
    return made


def _without_copies(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    # Another handler leaves its own rendering of the line on the record, which ExtraAdder takes for an extra.
    for copy in ("message", "asctime"):
        event_dict.pop(copy, None)
    return event_dict


def seal_personal(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """A structlog processor: empty every personal key, at any depth, and list them under `sealed_keys`."""
    sealed: set[str] = set()
    clean = {key: _sealed(key, value, sealed) for key, value in event_dict.items()}
    if sealed:
        clean["sealed_keys"] = sorted(sealed)
    return clean


def is_personal(key: str) -> bool:
    """Whether the values of this key never reach a log."""
    folded = key.lower()
    return folded in PERSONAL_KEYS | _PERSONAL_ALONE or any(folded.endswith(f"_{each}") for each in PERSONAL_KEYS)


def _sealed(key: str, value: object, sealed: set[str]) -> object:
    if is_personal(key):
        sealed.add(key)
        return SEALED
    return _cleaned(value, sealed)


def _cleaned(value: object, sealed: set[str]) -> object:  # noqa: PLR0911 - one line for each kind of value
    if value is None or isinstance(value, _HARMLESS):
        return value
    if isinstance(value, str | BaseException | _TEXTUAL):
        return _without_leaks(str(value))
    if isinstance(value, BaseModel):
        return _cleaned(dict(value), sealed)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _cleaned({each.name: getattr(value, each.name) for each in dataclasses.fields(value)}, sealed)
    if isinstance(value, Mapping):
        return {str(key): _sealed(str(key), inner, sealed) for key, inner in value.items()}
    if isinstance(value, Sequence | AbstractSet) and not isinstance(value, bytes | bytearray | memoryview):
        return [_cleaned(inner, sealed) for inner in value]
    # Anything else would be written by its repr, and nobody knows what that shows.
    return f"<{type(value).__name__}>"


def _without_leaks(text: str) -> str:
    for pattern, replacement in _LEAKS:
        text = pattern.sub(replacement, text)
    return text
