"""What programs read: cases, receipts and lists as plain objects whose keys stay."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from adapters.attachments.store import Attachment, Origin
from adapters.queries import Figures
from adapters.similar.finding import Found
from models.case import Case
from models.clocks import Clock
from models.envelope import Receipt
from models.event import ReactionKind
from models.progress import Progress
from models.statistics import Tally
from models.three_lists import ThreeLists
from models.vocabulary import Kind

if TYPE_CHECKING:
    from adapters.importing import ImportReport


def instant(at: datetime | None) -> str | None:
    """Write an instant in UTC, as the ledger does."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def alarm_view(case: Case) -> dict[str, object] | None:
    """Return a case's next alarm: which clock, which rung, and its legal instant."""
    alarm = case.alarm
    return {"clock": alarm.clock, "rung": alarm.rung, "at": instant(alarm.at)} if alarm else None


def clock_view(clock: Clock, now: datetime) -> dict[str, object]:
    """Return a clock of a case; ``remaining_seconds`` is negative where it is overdue."""
    return {
        "clock": clock.name,
        "due": instant(clock.due),
        "remaining_seconds": int((clock.due - now).total_seconds()),
        "started": instant(clock.started_at),
        "light": clock.light.value,
        "rung": clock.rung,
        "next": {"rung": clock.upcoming[0].rung, "at": instant(clock.upcoming[0].at)} if clock.upcoming else None,
        "paused_by": list(clock.paused_by),
        "provisional": clock.provisional,
        "hushed": clock.hushed,
        "lapses": clock.lapses,
    }


def row_view(case: Case) -> dict[str, object]:
    """Return a case as a row of a list."""
    return {
        "case": case.id,
        "kind": case.kind.value,
        "status": case.status.value,
        "stage": case.stage.value,
        "flags": [flag.value for flag in case.flags],
        "light": case.light.value,
        "is_open": case.is_open,
        "channel": case.channel,
        "place": case.place,
        "unit": case.unit,
        "handler": case.handler,
        "due": instant(case.due),
        "due_provisional": case.provisional,
        "registered_at": instant(case.registered_at),
        "closed_at": instant(case.closed_at),
        "seq": case.seq,
    }


def alike_view(found: Found) -> dict[str, object]:
    """Return a petition that may be about the same, with how alike it is and why."""
    return {
        **row_view(found.case),
        "summary": found.case.summary,
        "likeness": round(found.likeness, 3),
        "sure": found.sure,
        "reasons": [{"fact": each.fact.value, "words": each.words} for each in found.reasons],
    }


def storm_view(case: Case) -> dict[str, object]:
    """Return a watch with the filings it has seen and the thresholds that were crossed."""
    return {
        **row_view(case),
        "summary": case.summary,
        "filings": [{"case": each.case, "at": instant(each.at), "channel": each.channel} for each in case.sightings],
        "alerts": [{"threshold": each.threshold, "at": instant(each.at)} for each in case.alerts],
        "plan": case.plan,
    }


def site_view(case: Case) -> dict[str, object]:
    """Return a site with the numbers of the petitions there and what was ordered or punished; fines in 万元."""
    return {
        **row_view(case),
        "summary": case.summary,
        "title": case.title,
        "aliases": list(case.aliases),
        "trade": case.trade,
        "spot": case.spot,
        "petitions": list(case.petitions),
        "visits": case.visits,
        "visited": [{"day": each.day.isoformat(), "sound": each.sound} for each in case.visited],
        "enforced": [
            {"day": each.day.isoformat(), "measure": each.measure, "fine": each.fine} for each in case.enforced
        ],
    }


def progress_view(each: Progress) -> dict[str, object]:
    """Return how far an action plan, or a category of one, has come."""
    return {
        "total": each.total,
        "done": each.done,
        "in_time": each.in_time,
        "signed_off": each.signed_off,
        "left": each.left,
        "late": each.late,
        "cancelled": each.cancelled,
        "rate": each.rate,
    }


def plan_view(case: Case, so_far: Progress) -> dict[str, object]:
    """Return an action plan with how far it has come."""
    return {
        **row_view(case),
        "summary": case.summary,
        "title": case.title,
        "leader": case.leader,
        "target": case.target.isoformat() if case.target else None,
        "progress": progress_view(so_far),
    }


def three_lists_view(lists: ThreeLists) -> dict[str, object]:
    """Return the three lists."""
    return {
        "problems": [
            {
                "case": each.case.id,
                "what": each.what,
                "place": each.place,
                "verdict": each.verdict.value if each.verdict else None,
                "since": each.since.isoformat() if each.since else None,
                "unit": each.case.unit,
                "status": each.case.status.value,
            }
            for each in lists.problems
        ],
        "tasks": [
            {
                "case": each.case.id,
                "measure": each.measure,
                "standard": each.standard,
                "target": each.target.isoformat() if each.target else None,
                "late": each.late,
                "unit": each.case.unit,
                "status": each.case.status.value,
            }
            for each in lists.tasks
        ],
        "duties": [
            {
                "unit": each.unit or None,
                "leader": each.leader or None,
                "handler": each.handler or None,
                "cases": list(each.cases),
                "open": each.open,
                "late": each.late,
                "due": instant(each.due),
            }
            for each in lists.duties
        ],
    }


def indicator_view(case: Case) -> dict[str, object]:
    """Return an indicator with its readings, each with its rate."""
    return {
        "indicator": case.id,
        "title": case.title,
        "counted_in": case.counted_in,
        "unit": case.unit,
        "readings": [
            {
                "period": each.period,
                "assessed": each.assessed,
                "compliant": each.compliant,
                "rate": each.compliant / each.assessed if each.assessed else None,
            }
            for each in case.readings
        ],
    }


def patrol_view(case: Case) -> dict[str, object]:
    """Return a patrol with the slot it owes and those that ended last."""
    return {
        **row_view(case),
        **{name: getattr(case, name) for name in ("title", "site", "station", "leader", "slots_done", "slots_missed")},
        "sky": case.sky.value if case.sky else None,
        "slot": case.slot.model_dump(mode="json") if case.slot else None,
        "slots": [each.model_dump(mode="json") for each in case.slots],
        "patrolled_at": case.patrolled_at.isoformat() if case.patrolled_at else None,
    }


def station_view(case: Case) -> dict[str, object]:
    """Return a weather station with its weather."""
    return {
        "station": case.id,
        "title": case.title,
        "place": case.place,
        "spot": case.spot,
        "observed": case.observed.model_dump(mode="json") if case.observed else None,
        "observations": [each.model_dump(mode="json") for each in case.observations],
        "listeners": len(case.listeners),
    }


def without_listeners(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event as JSON, a station's without which cases go by it: whoever sees it need not see those."""
    if event["kind"] != Kind.STATION.value:
        return event
    told = event["event"]
    parts: dict[str, Any] = {
        name: {key: value for key, value in told[name].items() if key not in {"listener", "listeners"}}
        for name in ("said", "sets")
        if name in told
    }
    if "reactions" in told:
        parts["reactions"] = [
            {**each, "case": None} if each["kind"] == ReactionKind.HEAR_WEATHER.value else each
            for each in told["reactions"]
        ]
    via = {key: value for key, value in event.get("via", {}).items() if key != "case"}
    return {**event, "via": via, "event": {**told, **parts}}


def case_view(case: Case, now: datetime) -> dict[str, object]:
    """Return a whole case: its row, everything it holds, and its clocks as they stand now.

    Of the cases that go by a station's weather it tells how many there are.
    """
    whole = case.model_dump(mode="json", exclude={"id", "clocks", "listeners"})
    return {
        **row_view(case),
        **whole,
        "clocks": [clock_view(clock, now) for clock in case.clocks],
        "listeners": len(case.listeners),
        "next_alarm": alarm_view(case),
        "now": instant(now),
    }


def receipt_view(receipt: Receipt, case: Case) -> dict[str, object]:
    """Return the door's answer: what happened, and where the case stands now."""
    return {
        "case": receipt.case,
        "seq": receipt.seq,
        "event": receipt.event,
        "at": instant(receipt.at),
        "envelope": receipt.envelope,
        "repeated": receipt.repeated,
        "status": case.status.value,
        "stage": case.stage.value,
        "due": instant(case.due),
        "next_alarm": alarm_view(case),
    }


def attachment_view(each: Attachment) -> dict[str, object]:
    """Return a file of a case; the name of one that the petitioner brought may say who they are, and is left out."""
    return {
        "sha256": each.sha256,
        "name": each.name if each.origin is Origin.DESK else None,
        "sort": each.sort.value,
        "size": each.size,
        "origin": each.origin.value,
        "added_by": each.added_by,
        "added_at": instant(each.added_at),
        "taken_at": each.taken_at or None,
    }


def tally_view(each: Tally) -> dict[str, JsonValue]:
    """Return a period's figures; shares are None where there is nothing to divide by."""
    shares = {"rate": each.rate, "on_time_rate": each.on_time_rate}
    return {**asdict(each), **{name: None if share is None else round(share, 4) for name, share in shares.items()}}


def figures_view(figures: Figures) -> dict[str, object]:
    """Return the counts a leader asks for first; ``rate`` is a share, None while nothing was received."""
    return {
        "received": figures.received,
        "closed": figures.closed,
        "open": figures.open,
        "overdue": figures.overdue,
        "blue": figures.blue,
        "yellow": figures.yellow,
        "red": figures.red,
        "rate": None if figures.rate is None else round(figures.rate, 4),
    }


def import_view(report: "ImportReport") -> dict[str, object]:
    """Return what came of a table's rows: the counts, each row's fate, and each doubt with its cell."""
    counts = {name: getattr(report, name) for name in ("total", "registered", "advanced", "known", "doubtful")}
    fates = [
        {"sheet": each.sheet, "row": each.row, "receipt": each.receipt, "fate": each.fate.value, "case": each.case}
        for each in report.fates
    ]
    told = ("sheet", "row", "cell", "column", "receipt", "value", "zh", "en")
    doubts = [{name: getattr(each, name) for name in told} for each in report.doubts]
    return {**counts, "dry_run": report.dry_run, "fates": fates, "doubts": doubts}
