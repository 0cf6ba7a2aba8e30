"""A corpus of broken, hostile and merely odd commands, and what must become of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field

OPEN = "XF2026000001"
"""A case assigned to a unit, at every office that the corpus is tried at."""
FRESH = "XF2026000002"
"""A case just registered."""

PARSING = "parsing"
"""What is no envelope at all: whoever reads it says which field is wrong."""
FINE = "fine"
Said = dict[str, object]
FIELDS: Said = {"channel": "system", "place": "河口村", "summary": "夜间臭味"}


@dataclass(frozen=True)
class Bad:
    """A command: ``becomes`` is the refusal's code, or PARSING, or FINE where it only looks broken."""

    name: str
    becomes: str
    envelope: Said = field(default_factory=dict)


def _nested(levels: int, inside: object = 1) -> object:
    value = inside
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def corpus() -> list[Bad]:
    return [
        *_envelopes(),
        *_registrations(),
        *_values(),
        *_commands(),
        *_organisations(),
        *_moments(),
        *_odd_but_good(),
    ]


def _register(name: str, becomes: str = "malformed", **data: object) -> Bad:
    return Bad(name, becomes, {"command": "register", "data": {**FIELDS, **data}})


def _act(name: str, becomes: str, command: str, actor: str = "clerk", case: str = OPEN, **data: object) -> Bad:
    return Bad(name, becomes, {"case": case, "actor": actor, "command": command, "data": data})


def _envelopes() -> Iterator[Bad]:
    fine: Said = {"command": "register", "data": FIELDS}

    def one(name: str, becomes: str = PARSING, **parts: object) -> Bad:
        return Bad(name, becomes, {**fine, **parts})

    yield one("id empty", id="")
    yield one("id of blanks", id=" \u3000\n")
    yield one("id too long", id="i" * 201)
    yield one("id of ten megabytes", id="i" * 10_000_000)
    yield one("id with a nul", id="a\0b")
    yield one("id turned around", id="a\u202eb")
    yield one("id with half a character", id="a\ud800")
    yield one("id that is a number", id=7)
    yield one("id that is a list", id=["a"])
    yield one("no id", id=None)
    yield one("actor that is an object", actor={"id": "clerk"})
    yield one("actor empty", actor="")
    yield one("actor with an escape", actor="\x1b[31mclerk")
    yield one("command that is nothing", command=None)
    yield one("command with a nul", command="register\0")
    yield one("data that is a list", data=[1])
    yield one("data that is a text", data="{}")
    yield one("a field too many", colour="red")
    yield one("way with a strange name", via={"Way-1": "x"})
    yield one("way with a nul", via={"way": "\0"})
    yield one("way too long", via={"way": "x" * 201})
    yield one("way that is a list", via=["cli"])
    yield one("told without a time zone", occurred_at="2026-01-01T00:00:00")
    yield one("told at no time", occurred_at="yesterday")
    yield one("told in the year 1", occurred_at="0001-01-01T00:00:00Z")
    yield one("told in 9999", occurred_at="9999-12-31T23:59:59Z")
    yield one("command nobody knows", "unknown_command", command="abolish", case=OPEN)
    yield one("command of another case of letters", "unknown_command", command="Register")
    yield one("command by its inside name", "unknown_command", command="__init__")
    yield one("actor nobody knows", "unknown_person", actor="nobody")
    yield one("actor of another case of letters", "unknown_person", actor="CLERK")
    yield one("actor that is the clock", "reserved", actor="clock")
    yield one("actor that is the engine", "reserved", actor="engine")
    yield one("registered by an auditor", "not_yours", actor="auditor")
    yield one("case number too long", "malformed", case="C" * 60)
    yield one("case number of two hundred", "malformed", case="案" * 200)
    yield one("case that is the organisation", "exists", case="organisation")
    yield one("case that is there", "exists", case=OPEN)


def _registrations() -> Iterator[Bad]:
    yield _register("channel nobody knows", "unknown_channel", channel="鸽子")
    yield _register("channel empty", channel=" ")
    yield _register("summary missing", summary=None)
    yield _register("summary a character too long", summary="臭" * 8001)
    yield _register("summary of ten megabytes", summary="臭" * 3_500_000)
    yield _register("summary with a nul", summary="臭\0味")
    yield _register("summary turned around", summary="臭\u202e味\u2066")
    yield _register("summary with half a character", summary="臭\udcff味")
    yield _register("summary of private use", summary="臭\ue000")
    yield _register("summary with a telephone", "looks_personal", summary="电话13800138000")
    yield _register("summary with an identity number", "looks_personal", summary="身份证43010219900101123X")
    yield _register("place too long", place="村" * 201)
    yield _register("place that is a number", place=17)
    yield _register("thirteen kinds", types=["水"] * 13)
    yield _register("kinds that are a text", types="水")
    yield _register("fifty-one filings", filings=[{"channel": "system", "number": str(n)} for n in range(51)])
    yield _register("filing without a number", filings=[{"channel": "system"}])
    yield _register("star that is neither", star="maybe")
    yield _register("two seals", sealed=["a", "b"])
    yield _register("an unknown field", telephone="1")
    yield _register("a field of the case", status="closed")
    yield _register("sequence number of one's own", seq=99)


def _values() -> Iterator[Bad]:
    yield _register("not a number", summary=float("nan"))
    yield _register("not a number in an unknown field", x=float("nan"))
    yield _register("beyond all numbers", x=float("inf"))
    yield _register("number of five thousand digits", x=10**5000)
    yield _register("number beyond the database", star=10**30)
    yield _register("two hundred levels", x=_nested(200))
    yield Bad("ten thousand levels", PARSING, {"command": "register", "data": {"x": _nested(10_000)}})
    many: Said = {f"f{number}": number for number in range(10_000)}
    for name, fields in (
        ("ten thousand fields", many),
        ("field with half a name", {"\ud800": 1}),
        ("field with a nul for a name", {"\0": 1}),
        ("field without a name", {"": 1}),
    ):
        yield Bad(name, "malformed", {"command": "register", "data": {**FIELDS, **fields}})
    yield _register("half a character deep inside", x=[{"a": ["\udfff"]}])
    yield Bad("bytes", PARSING, {"command": "register", "data": {"x": b"\xff"}})
    yield Bad("an object", PARSING, {"command": "register", "data": {"x": object()}})
    yield Bad("a set", PARSING, {"command": "register", "data": {"x": {1}}})


def _commands() -> Iterator[Bad]:
    yield _act("case nobody knows", "unknown", "accept", case="XF2026999999")
    yield _act("case that attacks", "unknown", "accept", case="x'; DROP TABLE events; --")
    yield Bad("no case", "unknown", {"command": "accept"})
    yield _act("not now", "not_now", "reply", opinion="support", text="已整改")
    yield _act("unit nobody knows", "unknown_unit", "reassign", "dispatcher", unit="海王星", reason="属地")
    yield _act(
        "handler nobody knows", "unknown_person", "reassign", "dispatcher", unit="liuxi", handler="x", reason="属地"
    )
    yield _act("handler of another unit", "other_unit", "record_findings", "other-handler", findings=[_finding()])
    yield _act("no findings", "malformed", "record_findings", "handler", findings=[])
    yield _act("fifty-one findings", "malformed", "record_findings", "handler", findings=[_finding()] * 51)
    yield _act(
        "verdict nobody knows", "malformed", "record_findings", "handler", findings=[_finding(verdict="perhaps")]
    )
    yield _act("evidence without a hash", "malformed", "record_findings", "handler",
               findings=[_finding(evidence=[{"sha256": "A" * 64}])])  # fmt: skip
    yield _act("findings that are an object", "malformed", "record_findings", "handler", findings=_finding())
    yield _act("rating out of range", "malformed", "rate", rating=6)
    yield _act(
        "extension of a thousand days", "malformed", "request_extension", "handler", extension_days=1000, reason="因"
    )
    yield _act("extension longer than the limit", "too_long", "request_extension", "handler",
               extension_days=31, reason="因")  # fmt: skip
    yield _act("extension of minus a day", "malformed", "request_extension", "handler", extension_days=-1, reason="因")
    yield _act("extension of half a day", "malformed", "request_extension", "handler", extension_days=0.5, reason="因")
    yield _act("joined to itself", "joined", "join", leading=OPEN)
    yield _act("a ring by a person", "not_yours", "ring", clock="verify", rung="blue", due_at="2026-03-02T01:00:00Z")
    yield _act("a ring at no time", "malformed", "ring", clock="verify", rung="blue", due_at="2026-13-01")
    yield _act("an outcome by a person", "not_yours", "record_outcome", reaction=f"{OPEN}#2.1.letter", outcome="done")
    yield Bad("a task by a person", "not_yours", {"command": "open_task", "case": f"{OPEN}-R1", "data": {
        "parent": OPEN, "channel": "system", "measure": "清理", "target": "2026-04-30"}})  # fmt: skip
    yield _act("history of a case that has its own", "not_now", "record_history", state="closed")
    yield _act("a text that is too long", "malformed", "note", text="很" * 8001)
    yield _act("a text of nothing but blanks", "malformed", "note", text="\u3000 \t\n")
    yield _act("a text that is an object", "malformed", "note", text={"zh": "备注"})


def _finding(**changes: object) -> dict[str, object]:
    return {"point": "臭味", "verdict": "substantiated", "text": "现场有臭味", **changes}


def _organisations() -> Iterator[Bad]:
    admin = {"id": "a", "name": "甲", "unit": "u", "roles": ["administrator"]}
    fine = {"name": "县", "units": [{"id": "u", "zh": "局"}], "people": [admin]}

    def one(name: str, becomes: str = "malformed", actor: str = "administrator", **changes: object) -> Bad:
        return _act(name, becomes, "define_organisation", actor, "organisation", organisation={**fine, **changes})

    yield one("organisation by a clerk", "not_yours", "clerk")
    yield one("organisation without people", people=[])
    yield one("organisation without an administrator", people=[{**admin, "roles": ["clerk"]}])
    yield one("the same person twice", people=[admin, admin])
    yield one("a person who is the clock", people=[admin, {**admin, "id": "b", "roles": ["clock"]}])
    yield one("a person of no unit", people=[admin, {**admin, "id": "b", "unit": "nowhere"}])
    yield one("a delegate who is not there", people=[{**admin, "delegate": "nobody"}])
    yield _act("organisation of a petition", "exists", "define_organisation", "administrator", organisation=fine)
    yield _act("a note on the organisation", "unknown_command", "note", "clerk", "organisation", text="备注")


def _moments() -> Iterator[Bad]:
    def planned(name: str, becomes: str, target: object) -> Bad:
        plans = [{"measure": "清理", "target": target}]
        return _act(name, becomes, "plan_rectification", "handler", measures="立行立改", task_plans=plans)

    yield planned("a date in 1900", "malformed", "1900-01-01")
    yield planned("a date in 9999", "malformed", "9999-12-31")
    yield planned("a day that no month has", "malformed", "2026-02-30")
    yield planned("a date the other way round", "malformed", "31.12.2026")
    yield planned("a date that is true", "malformed", True)
    fine: Said = {"command": "register", "data": FIELDS}
    yield Bad("told of tomorrow", "in_future", {**fine, "occurred_at": "2026-03-03T01:00:00Z"})
    yield Bad("told of 2999", "in_future", {**fine, "occurred_at": "2999-12-31T00:00:00Z"})
    told: Said = {"case": FRESH, "command": "accept", "occurred_at": "2026-03-01T01:00:00Z"}
    yield Bad("told late where that is not allowed", "backdated", told)


def _odd_but_good() -> Iterator[Bad]:
    yield _register("text that would be a formula", FINE, summary="=cmd|'/C calc'!A0", place="@SUM(1+1)")
    yield _register(
        "text that would be markup", FINE, summary="<script>alert(1)</script>&amp;", place="[red]{{x}}%s{0}"
    )
    yield _register("text that would be a statement", FINE, summary="'); DROP TABLE events; --", place="\\';\"")
    yield _register("the longest summary", FINE, summary="臭" * 4000, place="村" * 200, types=["水"] * 12)
    yield _register("characters beyond the first plane", FINE, summary="𠮷野家😀臭味👨‍👩‍👧", place="①Ⅳ㈱")
    yield _register(
        "a number that stands for many characters", FINE, filings=[{"channel": "system", "number": "ﷺ" * 200}]
    )
    yield _register("a filing without a number in it", FINE, filings=[{"channel": "system", "number": ""}])
    yield _register("two thousand levels of brackets", FINE, summary="[" * 2000 + "]" * 2000)
    yield Bad("told in 1901", FINE, {"command": "register", "occurred_at": "1901-01-02T00:00:00+08:00",
              "data": {"channel": "system", "place": "河口村", "summary": "百年积案"}})  # fmt: skip
