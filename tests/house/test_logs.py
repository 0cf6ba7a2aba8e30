"""Logs: one form for all loggers, and nothing personal in them."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pytest
import structlog
from pydantic import BaseModel

from adapters.logs import PERSONAL_KEYS, SEALED, configure_logs, is_personal


class Petition(BaseModel):
    case: str
    petitioner: str


@dataclass
class Letter:
    to: str
    body: str


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, before = logging.getLogger(), logging.getLogger().level
    yield
    root.handlers = [handler for handler in root.handlers if handler.get_name() != "banjie"]
    root.setLevel(before)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def configured(fmt: Literal["console", "json"] = "json", level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    configure_logs(fmt, level, stream)
    return stream


def test_our_lines_and_a_librarys_have_the_same_form() -> None:
    stream = configured()
    structlog.contextvars.bind_contextvars(case="X3HN202406070069", command="accept")
    structlog.get_logger("banjie.door").info("accepted", seq=3)
    logging.getLogger("temporalio.worker").warning("poll failed %s", 3, extra={"attempt": 2})
    ours, theirs = lines(stream)
    assert ours.keys() - {"seq"} == theirs.keys() - {"attempt"}
    assert (ours["event"], ours["level"], ours["logger"], ours["seq"]) == (
        "accepted",
        "info",
        "banjie.door",
        3,
    )
    assert (theirs["event"], theirs["level"], theirs["attempt"]) == ("poll failed 3", "warning", 2)
    assert theirs["case"] == "X3HN202406070069"
    assert datetime.fromisoformat(str(ours["timestamp"])).tzinfo == UTC


def test_configuring_again_replaces_the_form_instead_of_doubling_lines() -> None:
    first = configured()
    second = configured("console")
    structlog.get_logger().info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1
    assert "\x1b" not in second.getvalue()  # no colours where nobody looks


def test_the_level_holds_for_all_loggers() -> None:
    stream = configured(level="warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("anything").info("quiet")
    logging.getLogger("alembic.runtime").info("quiet")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("fmt", ["json", "console"])
@pytest.mark.parametrize("key", sorted(PERSONAL_KEYS))
def test_a_personal_key_loses_its_value_and_is_named(key: str, fmt: Literal["console", "json"]) -> None:
    stream = configured(fmt)
    structlog.get_logger().info("x", **{key: "张三家住衡阳"})
    logging.getLogger("library").warning("x", extra={f"petition_{key}": "张三家住衡阳"})
    assert "张三" not in stream.getvalue()
    assert stream.getvalue().count(SEALED) == 2
    assert stream.getvalue().count("sealed_keys") == 2


def test_personal_keys_are_found_at_any_depth_and_inside_objects() -> None:
    stream = configured()
    structlog.get_logger().info(
        "x",
        batch=[{"Phone": "13800000000", "seq": 1}],
        petition=Petition(case="A1", petitioner="张三"),
        letter=Letter(to="unit-1", body="张三说"),
        thing=object(),
        raw_bytes=b"\xe5\xbc\xa0\xe4\xb8\x89",
    )
    (line,) = lines(stream)
    assert line["batch"] == [{"Phone": SEALED, "seq": 1}]
    assert line["petition"] == {"case": "A1", "petitioner": SEALED}
    assert line["letter"] == {"to": "unit-1", "body": SEALED}
    assert (line["thing"], line["raw_bytes"]) == ("<object>", "<bytes>")
    assert line["sealed_keys"] == ["Phone", "body", "petitioner"]


def test_an_errors_text_and_trace_show_no_refused_value_and_no_local_variable() -> None:
    stream = configured()
    words = "张三家住衡阳"
    try:
        Petition.model_validate({"case": {"said": words}, "petitioner": 1})
    except ValueError as error:
        structlog.get_logger().exception("refused", error=error)
        logging.getLogger("library").exception("refused")
    assert "ValidationError" in stream.getvalue()
    assert "张三" not in stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "(psycopg.Error) bad\n[SQL: INSERT INTO sealed VALUES (?)]\n[parameters: ('张三', '家住衡阳')]\n(See",
        "null value\nDETAIL:  Failing row contains (1, 张三).",
        "cannot reach postgresql+psycopg://desk:张三@db/ledger",
    ],
)
def test_what_databases_repeat_in_their_errors_is_left_out(text: str) -> None:
    stream = configured("console")
    logging.getLogger("library").error(text)
    assert "张三" not in stream.getvalue()
    assert SEALED in stream.getvalue()


@pytest.mark.parametrize("key", ["case", "seq", "status", "unit", "task_name", "file_name", "at", "event"])
def test_what_the_desk_needs_to_find_a_case_stays(key: str) -> None:
    assert not is_personal(key)
