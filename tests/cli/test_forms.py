"""The form of a command is read off its model: what it shows, and how ``--set`` fills it in."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from adapters.forms import form, is_model, shape
from adapters.words import FIELDS
from cli.exits import UsageProblem
from cli.filling import body_of, checked, filled
from models.commands import COMMANDS, Command
from models.values import TaskOutcome


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_form_in_both_languages(name: str) -> None:
    for slot in form(COMMANDS[name]):
        leaf = [part for part in slot.path.split(".") if part != "N"][-1]
        assert leaf in FIELDS, f"{slot.path} has no name for people"
        assert slot.holds_zh
        assert slot.holds_en


@pytest.mark.parametrize("name", COMMANDS)
def test_every_slot_of_a_form_is_a_field_of_the_model(name: str) -> None:
    for slot in form(COMMANDS[name]):
        model: type = COMMANDS[name]
        for part in slot.path.split("."):
            if part != "N":
                field = model.model_fields[part]  # type: ignore[attr-defined]
                core = shape(field).core
                model = core if is_model(core) else model


def test_a_form_tells_what_must_be_filled_in_and_what_may_be_chosen() -> None:
    slots = {slot.path: slot for slot in form(COMMANDS["record_findings"])}
    assert slots["findings.N.point"].required
    assert slots["findings.N.point"].limit == 200
    assert not slots["findings.N.place"].required
    assert "基本属实" in slots["findings.N.verdict"].holds_zh
    assert slots["findings.N.verdict"].choices[0] == "substantiated"
    assert not slots["findings.N.evidence.N"].required


def test_nothing_inside_an_optional_list_is_required() -> None:
    slots = {slot.path: slot for slot in form(COMMANDS["supplement"])}
    assert slots["text"].required
    assert not slots["filings.N.channel"].required


def fill(name: str, *given: str, body: Any = None) -> dict[str, Any]:
    command: type[Command] = COMMANDS[name]
    return dict(checked(command, filled(command, given, body)))


def test_nested_fields_lists_and_chinese_choices_are_understood(tmp_path: Path) -> None:
    photo = tmp_path / "现场 照片.jpg"
    photo.write_bytes(b"photo")
    data = fill(
        "record_findings",
        "findings.0.point=恶臭",
        "findings.0.verdict=基本属实",
        "findings.0.text=属实",
        f"findings.0.evidence.0=@{photo}",
        "findings.1.point=噪声",
        "findings.1.verdict=unsubstantiated",
        "findings.1.text=未发现",
    )
    first, second = data["findings"]
    assert first["verdict"] == "mostly_substantiated"
    assert first["evidence"] == [{"sha256": hashlib.sha256(b"photo").hexdigest(), "name": "现场 照片.jpg"}]
    assert second["verdict"] == "unsubstantiated"


def test_plain_values_become_what_the_field_holds(tmp_path: Path) -> None:
    assert fill("request_extension", "extension_days=30", "reason=x")["extension_days"] == 30
    assert fill("submit_for_review", "interim=是")["interim"] is True
    assert fill("correct", "types=水，大气、噪声", "reason=x")["types"] == ["水", "大气", "噪声"]
    assert fill("finish_task", "task=T", "outcome=已完成")["outcome"] == TaskOutcome.DONE.value
    plans = fill("plan_rectification", "measures=x", "task_plans.0.measure=y", "task_plans.0.target=2026年12月1日")
    assert plans["task_plans"][0]["target"] == "2026-12-01"
    text = tmp_path / "reply.txt"
    text.write_text("处理意见", "utf-8")
    assert fill("note", f"text=@{text}")["text"] == "处理意见"
    assert fill("note", "text=@@li")["text"] == "@li"
    assert fill("note", "text=a=b")["text"] == "a=b"


def test_what_is_set_goes_before_the_body() -> None:
    assert fill("decline", "reason=new", body={"reason": "old"}) == {"reason": "new"}


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("note", ["text"], "--set"),
        ("note", ["=x"], "--set"),
        ("note", ["txt=x"], "txt"),
        ("note", ["text=x", "text=y"], "text"),
        ("note", ["text.0=x"], "text.0"),
        ("note", ["text=@/no/such/file"], "text"),
        ("record_findings", ["findings.1.point=x"], "findings.1.point"),
        ("record_findings", ["findings.x.point=x"], "findings.x.point"),
        ("record_findings", ["findings.0=x"], "findings.0"),
        ("record_findings", ["findings.0.evidence.0=@/no/such/photo"], "findings.0.evidence.0"),
        ("record_findings", ["findings.0.point=x", "findings.0.verdict=maybe"], "findings.0.verdict"),
        ("correct", ["types.0.x=y", "reason=z"], "types.0.x"),
        ("request_extension", ["extension_days=soon", "reason=x"], "extension_days"),
        ("request_extension", ["extension_days=0", "reason=x"], "extension_days"),
        ("plan_rectification", ["measures=x", "task_plans.0.measure=y", "task_plans.0.target=soon"], "target"),
        ("submit_for_review", ["interim=perhaps"], "interim"),
        ("note", ["text=" + "x" * 8001], "text"),
        ("note", ["text=a\x00b"], "text"),
        ("note", ["text=a\u202eb"], "text"),
        ("note", ["text=\udcff"], "text"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, given: list[str], field: str) -> None:
    with pytest.raises(UsageProblem) as wrong:
        fill(name, *given)
    assert wrong.value.field is not None
    assert field in wrong.value.field
    assert any("一" <= mark <= "龥" for mark in wrong.value.zh)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "1", '"x"', '{"rating": NaN}', "[" * 100_000, "@/no/such/file", '{"a": 1e999']
)
def test_a_body_that_is_no_object_is_refused(body: str) -> None:
    with pytest.raises(UsageProblem):
        body_of(body)


def test_a_body_may_come_from_a_file_json_or_toml(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"text": "甲"}', "utf-8")
    (tmp_path / "a.toml").write_text('text = "甲"', "utf-8")
    assert body_of(f"@{tmp_path / 'a.json'}") == body_of(f"@{tmp_path / 'a.toml'}") == {"text": "甲"}
