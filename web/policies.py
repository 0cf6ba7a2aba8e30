"""Policies: those there are, each as it reads, two compared; and a proposed one checked, tried and published."""

import hashlib
from importlib import resources
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import JsonValue, ValidationError
from starlette.datastructures import FormData, UploadFile

from adapters.access.log import Deed
from adapters.policy_text import LIMIT, Document, document_of
from models.commands import COMMANDS
from models.instants import shown_due
from models.permissions import Sight
from models.policy import ClockRule, Policy
from models.policy_diff import diff
from models.policy_words import (
    Words,
    clock_words,
    event_words,
    length_words,
    moment_words,
    pause_words,
    post_words,
    rung_words,
)
from models.refusals import Malformed, Refused, Unknown
from models.standing import stream_of
from models.trial import Shift, Trial
from models.vocabulary import Kind, RungKind
from web.house import House, house_of
from web.pages import page
from web.people import Visitor, check_form, require, sent, text, visitor
from web.problems import trouble_of
from web.reading import act
from web.trials import few
from web.workbooks import xlsx

routes = APIRouter(include_in_schema=False)
REFRESH: Final = 2
"""Seconds after which a page with a trial under way is looked at again."""

Form = Annotated[FormData, Depends(sent)]
Who = Annotated[Visitor, Depends(visitor)]
At = Annotated[House, Depends(house_of)]


@routes.get("/policies")
def policies(request: Request, house: At, who: Who) -> Response:
    """List the published policies and tell what differs between two of them.

    Raises:
        Unknown: none is called that.
    """
    before, after = (_named(who, name) if (name := request.query_params.get(each, "")) else None for each in ("a", "b"))
    given = {
        "policies": sorted(who.world.policies.values(), key=lambda each: (each.effective, each.name), reverse=True),
        "current": who.world.policy_at(house.desk.moments.now()),
        "before": before,
        "after": after,
        "changes": diff(before, after) if before and after else (),
        "proposes": who.sees(Sight.ACCOUNTS) is not None,
    }
    return page(request, "policies.html", given, who=who)


def _named(who: Visitor, name: str) -> Policy:
    found = who.world.policies.get(name)
    if found is None:
        raise Unknown(case=name[:64])
    return found


@routes.get("/policies/new")
def new(request: Request, house: At, who: Who) -> Response:
    """Show the form for a proposed policy; ``?from=`` begins with the text of one that the program brought."""
    require(house, who, Sight.ACCOUNTS)
    shipped = (
        resources.files("policies") / f"{_named(who, name).name}.toml"
        if (name := request.query_params.get("from"))
        else None
    )
    typed = shipped.read_text(encoding="utf-8") if shipped and shipped.is_file() else ""
    return _new(request, house, who, typed=typed)


@routes.post("/policies/new")
def propose(request: Request, house: At, who: Who, form: Form) -> Response:
    """Check a proposed policy, try it on every case (``deed=try``), or publish it for good (``deed=publish``).

    What is wrong is told with its line, and nothing that was typed is lost.
    """
    check_form(form, who.csrf)
    require(house, who, Sight.ACCOUNTS)
    try:
        typed = _text(form)
    except Malformed as fault:
        return _new(request, house, who, 422, said=(fault.zh, fault.en), typed=text(form, "text"))
    read = document_of("", typed, who.world.calendars)
    deed, policy = text(form, "deed"), read.policy
    if policy is None:
        return _new(request, house, who, 422, typed=typed, read=read)
    if deed == "try":
        begun = house.trial.begin(house.desk, policy, who.actor.id)
        return RedirectResponse(f"/policies/trial?begun={int(begun)}", 303)
    said: Words | str = ""
    status = 200
    if deed == "publish":
        status, said = _published(house, who, policy, typed, sure=text(form, "sure"), key=text(form, "key"))
        if not said:
            return RedirectResponse(f"/policies/{policy.name}?done=published", 303)
    return _new(request, house, who, status, said=said, typed=typed, read=read)


def _published(
    house: House, who: Visitor, policy: Policy, typed: str, *, sure: str, key: str
) -> tuple[int, Words | str]:
    """Publish a policy; return why it was not, with the status of the answer."""
    if sure.strip() != policy.name:
        return 422, (
            "发布后不能更改：请填写规则名称以确认。",
            "Published is for good: write the policy's name to confirm.",
        )
    told: dict[str, JsonValue] = {
        "document": policy.model_dump(mode="json", exclude_defaults=True),
        "sha256": hashlib.sha256(typed.encode()).hexdigest(),
    }
    try:
        act(house, who, stream_of(Kind.POLICY, policy.name), "publish_policy", told, key=key[:60], door="console")
    except (Refused, ValidationError) as fault:
        trouble = trouble_of(fault)
        return trouble.status, (trouble.zh, trouble.en)
    return 303, ""


def _text(form: FormData) -> str:
    """Return the proposed text: a file if one was sent, else what stands in the box.

    Raises:
        Malformed: it is too long, no text, or there is none.
    """
    # Published is what was checked and stands in the box, whatever file lies beside it.
    upload = None if text(form, "deed") == "publish" else form.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        raw = upload.file.read(4 * LIMIT + 1)
        try:
            found = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Malformed(field="file", why="须为 UTF-8 文本 / it has to be text in UTF-8") from None
    else:
        found = text(form, "text").replace("\r\n", "\n")
    if not found.strip():
        raise Malformed(field="file", why="请选择文件或粘贴内容 / choose a file or paste its text")
    if len(found) > LIMIT:
        raise Malformed(field="file", why=f"超过 {LIMIT} 个字符 / more than {LIMIT} characters")
    return found


def _new(
    request: Request,
    house: House,
    who: Visitor,
    status: int = 200,
    *,
    said: Words | str = "",
    typed: str = "",
    read: Document | None = None,
) -> Response:
    current = who.world.policies[who.world.policy_at(house.desk.moments.now())]
    policy = read.policy if read else None
    given = {
        "said": said,
        "typed": typed,
        "mistakes": read.mistakes if read else (),
        "policy": policy,
        "changes": diff(current, policy) if policy else (),
        "current": current,
        "trial": house.trial,
        "key": hashlib.sha256(typed.encode()).hexdigest()[:40],
    }
    return page(request, "policy_new.html", given, who=who, status=status)


@routes.get("/policies/trial")
def trial(request: Request, house: At, who: Who) -> Response:
    """Show how far a trial has come, and what came of it."""
    require(house, who, Sight.ACCOUNTS)
    run = house.trial
    known = (*([run.policy] if run.policy else []), *who.world.policies.values())
    found = run.summary
    given = {
        "run": run,
        "refresh": REFRESH if run.running else 0,
        "other": request.query_params.get("begun") == "0",
        "shifts": list(Shift),
        "dues": [
            (clock_words(clock, *known), [found.dues[clock, shift] for shift in Shift])
            for clock in sorted({clock for clock, _ in list(found.dues)})
        ],
        "rungs": [
            (kind, [found.rungs[kind, shift] for shift in Shift])
            for kind in RungKind
            if any(found.rungs[kind, shift] for shift in Shift)
        ],
        "denied": [
            ((COMMANDS[name].zh, COMMANDS[name].en), count, found.sentences[name, code])
            for (name, code), count in found.denied.most_common()
        ],
        "cases": [(each, _told(each, known, who.lang)) for each in list(run.first)],
    }
    return page(request, "policy_trial.html", given, who=who)


def _told(each: Trial, known: tuple[Policy, ...], lang: int) -> list[str]:
    lines = [
        f"{clock_words(due.clock, *known)[lang]}："
        f"{shown_due(due.before) if due.before else '—'} → {shown_due(due.after) if due.after else '—'}"
        for due in each.dues
    ]
    lines += [
        f"{clock_words(rung.clock, *known)[lang]}·{rung_words(rung.clock, rung.rung, *known)[lang]}："
        f"{rung.shift.en if lang else rung.shift.zh}"
        for rung in each.rungs
    ]
    lines += [f"✗ {denied.en if lang else denied.zh}" for denied in each.denied]
    return few(lines)


@routes.get("/policies/trial.xlsx")
def trial_file(house: At, who: Who) -> Response:
    """Give the last trial as a workbook; that it left the house is kept.

    Raises:
        Unknown: none was made by this console.
    """
    require(house, who, Sight.ACCOUNTS)
    run = house.trial
    if run.sheet is None or run.policy is None:
        raise Unknown(case="trial")
    house.log.tell(who.actor.id, Deed.EXPORT, granted=True, about=f"policy:{run.policy.name}", why="trial.xlsx")
    return xlsx(f"trial-{run.policy.name}.xlsx", run.sheet)


@routes.get("/policies/{name}")
def policy(request: Request, house: At, who: Who, name: str) -> Response:
    """Show a policy as it reads: clocks, channels, ladders.

    Raises:
        Unknown: none is called that.
    """
    found = _named(who, name)
    given = {
        "policy": found,
        "current": who.world.policy_at(house.desk.moments.now()),
        "kinds": [(kind, [_clock(row, found) for row in rows]) for kind in Kind if (rows := found.clocks(kind, ""))],
        "channels": [
            (
                (way.zh, way.en),
                [
                    ((row.zh, row.en), length_words(row.length))
                    for row in found.clocks(Kind.PETITION, key)
                    if row.name in way.clocks
                ],
                [(row.zh, row.en) for row in found.clock if row.name in way.off and row.kind is Kind.PETITION],
            )
            for key, way in found.channels.items()
        ],
        "ladders": [
            (
                key,
                ladder,
                [(rung, moment_words(rung.at), [post_words(post, found) for post in rung.to]) for rung in ladder.rungs],
            )
            for key, ladder in found.ladder.items()
        ],
        "done": request.query_params.get("done", ""),
    }
    return page(request, "policy.html", given, who=who)


def _clock(row: ClockRule, found: Policy) -> dict[str, object]:
    return {
        "words": (row.zh, row.en),
        "length": length_words(row.length),
        "by_hand": bool(row.due),
        "starts": [event_words(each) for each in row.starts_on],
        "stops": list(dict.fromkeys(event_words(each) for each in row.stops_on)),
        "paused": [pause_words(each, found) for each in row.paused_by],
        "ladder": row.ladder,
        "article": row.article,
    }
