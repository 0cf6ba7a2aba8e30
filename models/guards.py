"""The conditions that rows of the lifecycle name.

A guard knows only the case and who asks; a check sees the form too. Each raises the refusal that tells why,
or returns.
"""

import re

from models import authority, refusals, standing_guards
from models.campaign_rules import CAMPAIGN_CHECKS, CAMPAIGN_GUARDS
from models.counting import end_of, legal_day
from models.erasure_rules import ERASURE_CHECKS, ERASURE_GUARDS
from models.history import HISTORY_CHECKS, HISTORY_GUARDS
from models.instants import shown
from models.matter_guards import LONGEST_NUMBER, MATTER_CHECKS, MATTER_GUARDS
from models.meeting_rules import MEETING_CHECKS, MEETING_GUARDS
from models.organisation import COUNTY
from models.patrol_guards import PATROL_CHECKS, slot_clock
from models.personal import looks_personal
from models.situation import Guard, Situation
from models.vocabulary import Fate, Flag, Kind, Verdict

HEADS = frozenset({"unit_head", "deputy_county_head", "county_magistrate", "party_secretary"})
"""Posts whose holders may approve an extension (信访工作条例, art. 34: 本机关、单位负责人)."""

"""Characters in a petition's number."""
PLAIN_NUMBER = re.compile(r"[0-9A-Za-z-]+")
LAST_ROUND = 2
"""Rounds of reconsideration: 复查 and 复核."""
TASK_NUMBER = re.compile(r"-R\d+$")


def free(s: Situation, person: str, interests: tuple[str, ...]) -> None:
    """Nobody complained about takes part in a case (art. 30), nor anybody with an interest in it (art. 28).

    This is no row's condition: it holds for whatever a person does.
    """
    if person in s.case.named:
        raise refusals.NamedParty(person=person)
    if conflicts := s.case.parties & set(interests):
        raise refusals.Interest(person=person, party=min(conflicts))


def not_a_hand(s: Situation) -> None:
    """Whoever had a hand in the handling does not review it."""
    if s.actor.id in s.case.hands:
        raise refusals.FourEyes(**s.words)


def not_of_the_unit(s: Situation) -> None:
    """The unit that handled a case does not decide alone what is left of it."""
    if s.case.unit is not None and s.actor.unit == s.case.unit:
        raise refusals.OfTheUnit(**s.words)


def nothing_under_way(s: Situation) -> None:
    """Nothing of the case is being carried out: a letter under way to the petitioner needs their name."""
    if s.case.pending:
        raise refusals.UnderWay(**s.words)


def not_a_signer(s: Situation) -> None:
    """Each step of the sign-off is taken by somebody else."""
    if s.actor.id in s.case.signers:
        raise refusals.FourEyes(**s.words)


def is_head(s: Situation) -> None:
    """The head of the case's unit decides, or somebody above."""
    if not HEADS & set(s.actor.posts) or s.actor.unit not in {s.case.unit, COUNTY}:
        raise refusals.NotHead(**s.words)


def has_findings(s: Situation) -> None:
    """No closure without findings."""
    if not s.case.findings:
        raise refusals.NoFindings


def has_evidence(s: Situation) -> None:
    """No closure without evidence, unless the findings come from an imported table, which shows none."""
    if not s.case.imported and not all(finding.evidence for finding in s.case.findings):
        raise refusals.NoEvidence


def evidence_if_imported(s: Situation) -> None:
    """Only the findings of a table come without evidence; what is found later by the desk itself does not."""
    if s.case.imported and not all(finding.evidence for finding in s.given("findings")):
        raise refusals.NoEvidence


def something_to_rectify(s: Situation) -> None:
    """A petition unsubstantiated on every point needs no rectification."""
    if s.case.verdict is Verdict.UNSUBSTANTIATED:
        raise refusals.NothingToRectify


def nothing_to_rectify(s: Situation) -> None:
    """Only a petition unsubstantiated on every point goes to review without a rectification."""
    if s.case.verdict is not Verdict.UNSUBSTANTIATED:
        raise refusals.NotPlanned


def is_item(s: Situation) -> None:
    """Items of an action plan are signed off; a petition's tasks are so with the petition."""
    if not s.case.category:
        raise refusals.NoItem


def tasks_done(s: Situation) -> None:
    """A petition closes when its tasks are done."""
    if s.case.open_tasks:
        raise refusals.TasksOpen(tasks="、".join(task.id for task in s.case.open_tasks))


def has_tasks(s: Situation) -> None:
    """There is some task."""
    if not s.case.tasks:
        raise refusals.NothingPlanned


def items_done(s: Situation) -> None:
    """A plan is concluded when every item is done or cancelled."""
    if s.case.open_tasks:
        raise refusals.ItemsOpen(count=str(len(s.case.open_tasks)))


def tasks_left(s: Situation) -> None:
    """Closing for now is for petitions with tasks still open."""
    if not s.case.open_tasks:
        raise refusals.NothingLeft


def not_extended(s: Situation) -> None:
    """The time is extended once."""
    if s.case.extended:
        raise refusals.OnceOnly


def not_the_approver(s: Situation) -> None:
    """Whoever approved the closure does not reconsider it."""
    if s.actor.id == s.case.approver:
        raise refusals.FourEyes(**s.words)


def not_reviewed(s: Situation) -> None:
    """After the second reconsideration (复核) the same facts and reasons are not accepted again (art. 36)."""
    if s.case.reconsiderations >= LAST_ROUND:
        raise refusals.ReviewedForGood


def _running(name: str, instead: str = "") -> Guard:
    def guard(s: Situation) -> None:
        # The common row: a channel may have the clock off, and is then refused like any that does not run.
        rule = next(rule for rule in s.policy.clock if rule.name == name)
        words = {**s.words, "clock": rule.zh, "clock_en": rule.en}
        clock = s.case.clock(name) or s.case.clock(instead)
        if clock is None:
            raise refusals.NotRunning(**words)
        if not clock.paused_by and s.at >= clock.due:
            raise refusals.TooLate(**words, due=shown(clock.due))

    guard.__doc__ = f"The clock “{name}” runs and its time is not up."
    return guard


def _pauses_left(flag: Flag) -> Guard:
    def guard(s: Situation) -> None:
        pause = next(pause for pause in s.policy.pause if pause.name == flag)
        often = max((sum(move.why == flag for move in clock.moves) for clock in s.case.clocks), default=0)
        if pause.times and often >= pause.times:
            raise refusals.AskedOften(pause=pause.zh, pause_en=pause.en, times=pause.times)

    guard.__doc__ = f"The time stands still for “{flag.en}” only as often as the policy says."
    return guard


pauses_left_asked, pauses_left_hearing = _pauses_left(Flag.ASKED), _pauses_left(Flag.HEARING)


def filings_waiting(s: Situation) -> None:
    """Some filing has a time of its own running."""
    if not any("#" in clock.name for clock in s.case.clocks):
        raise refusals.NothingOpen(**s.words, flag="其他渠道来件的时限", flag_en="a filing with a time of its own")


def filing_waiting(s: Situation) -> None:
    """That filing has a time of its own running."""
    if not any(clock.name.endswith(f"#{s.given('filing')}") for clock in s.case.clocks):
        raise refusals.UnknownFiling(filing=s.given("filing"))


def channel_known(s: Situation) -> None:
    """The channel is one of the policy's."""
    if s.given("channel") not in s.policy.channels:
        raise refusals.UnknownChannel(channel=s.given("channel"), known="、".join(s.policy.channels))


def _redacted(field: str) -> Guard:
    def check(s: Situation) -> None:
        if looks_personal(s.given(field) or ""):
            raise refusals.LooksPersonal(field=field)

    check.__doc__ = f"The field “{field}” holds no telephone or identity number."
    return check


def site_redacted(s: Situation) -> None:
    """No other name of a site, and no trade, holds a telephone or identity number."""
    if any(looks_personal(each) for each in (*s.given("aliases"), s.given("trade"))):
        raise refusals.LooksPersonal(field="aliases")


def anomaly_redacted(s: Situation) -> None:
    """No text of an anomaly holds a telephone or identity number."""
    for name in ("monitored", "value", "bound", "what_to_do"):
        if looks_personal(s.given(name)):
            raise refusals.LooksPersonal(field=name)


def items_redacted(s: Situation) -> None:
    """No item of a plan holds a telephone or identity number."""
    for plan in s.given("task_plans"):
        if any(looks_personal(each) for each in (plan.category, plan.measure, plan.standard, plan.place)):
            raise refusals.LooksPersonal(field="task_plans")


def number_plain(s: Situation) -> None:
    """A chosen case number is plain (it names files), leaves room for what is numbered after it, and is no task's."""
    if len(s.case.id) > LONGEST_NUMBER:
        raise refusals.Malformed(field="case", why=f"≤ {LONGEST_NUMBER}")
    if not PLAIN_NUMBER.fullmatch(s.case.id) or TASK_NUMBER.search(s.case.id):
        raise refusals.Malformed(field="case", why="只用字母、数字、连字符 / only letters, digits, hyphens; no -R1")


def unit_known(s: Situation) -> None:
    """The unit exists and is not closed."""
    _unit_known(s, s.given("unit"))


def _unit_known(s: Situation, unit: str | None) -> None:
    found = s.world.organisation.unit(unit) if unit and s.world.organisation else None
    if unit and found is None:
        raise refusals.UnknownUnit(unit=unit)
    if found and found.closed:
        raise refusals.UnitClosed(unit=found.zh)


def _person_free(s: Situation, name: str | None) -> None:
    if not name:
        return
    person = s.world.organisation.person(name) if s.world.organisation else None
    if person is None:
        raise refusals.UnknownPerson(person=name)
    if person.retired:
        raise refusals.Gone(person=person.name)
    free(s, person.id, person.interests)


def _free_person(field: str) -> Guard:
    def check(s: Situation) -> None:
        _person_free(s, s.given(field))

    check.__doc__ = f"The {field} exists, is no party to the case and has no interest in it."
    return check


def targets_ahead(s: Situation) -> None:
    """A task's date is still to come."""
    for plan in s.given("task_plans"):
        if end_of(plan.target, s.policy.counting) <= s.at:
            raise refusals.DueInPast(due=plan.target.isoformat())


def by_when_ahead(s: Situation) -> None:
    """The day by which an anomaly is put right is still to come, and it was measured by now."""
    if end_of(s.given("by_when"), s.policy.counting) <= s.at:
        raise refusals.DueInPast(due=s.given("by_when").isoformat())
    on = s.given("on")
    if on is not None and on > legal_day(s.at):
        raise refusals.InFuture(at=on.isoformat())


def task_units_known(s: Situation) -> None:
    """A task's unit and handler exist, if they are named, and the handler is free."""
    for plan in s.given("task_plans"):
        _unit_known(s, plan.unit)
        _person_free(s, plan.handler)
        _person_free(s, getattr(plan, "leader", None))  # of an action plan's item


def task_known(s: Situation) -> None:
    """The petition has that task."""
    if s.case.task(s.given("task")) is None:
        raise refusals.UnknownTask(task=s.given("task"))


def extension_short(s: Situation) -> None:
    """An extension keeps to the limit."""
    if s.given("extension_days") > s.policy.extension_limit:
        raise refusals.TooLong(limit=s.policy.extension_limit)


def not_interim(s: Situation) -> None:
    """There is nothing to close only for now."""
    if s.given("interim"):
        raise refusals.NothingLeft


def tasks_done_or_interim(s: Situation) -> None:
    """Tasks are done, or closing for now is asked for with tasks still open."""
    if s.given("interim"):
        tasks_left(s)
    else:
        tasks_done(s)


def reaction_pending(s: Situation) -> None:
    """The reaction waits for its outcome."""
    if s.given("reaction") not in s.case.pending:
        raise refusals.NotPending(reaction=s.given("reaction"))


def has_unsettled(s: Situation) -> None:
    """Some letter did not arrive, or nobody knows."""
    if not s.case.unsettled:
        raise refusals.NothingUnsettled


def has_resendable(s: Situation) -> None:
    """Some such letter is not on its way again yet."""
    if all(each.fate is Fate.AGAIN for each in s.case.unsettled):
        raise refusals.NothingUnsettled


def letter_unsettled(s: Situation) -> None:
    """The letter is one that did not arrive, or of which nobody knows."""
    if s.case.unsettled_letter(s.given("letter")) is None:
        raise refusals.NotUnsettled(letter=s.given("letter"), waiting=_waiting(s))


def letter_resendable(s: Situation) -> None:
    """The letter is such a one, and not on its way again yet."""
    letter_unsettled(s)
    found = s.case.unsettled_letter(s.given("letter"))
    if found and found.fate is Fate.AGAIN:
        raise refusals.OnItsWay(letter=s.given("letter"))


def _waiting(s: Situation) -> str:
    return "、".join(each.number for each in s.case.unsettled)


GUARDS: dict[str, Guard] = {
    "slot_clock": slot_clock,
    "not_a_hand": not_a_hand,
    "not_a_signer": not_a_signer,
    "not_of_the_unit": not_of_the_unit,
    "nothing_under_way": nothing_under_way,
    "is_head": is_head,
    "has_findings": has_findings,
    "has_evidence": has_evidence,
    "something_to_rectify": something_to_rectify,
    "nothing_to_rectify": nothing_to_rectify,
    "tasks_done": tasks_done,
    "has_tasks": has_tasks,
    "items_done": items_done,
    "is_item": is_item,
    "tasks_left": tasks_left,
    "not_extended": not_extended,
    "not_reviewed": not_reviewed,
    "not_the_approver": not_the_approver,
    **ERASURE_GUARDS,
    **MATTER_GUARDS,
    **CAMPAIGN_GUARDS,
    **MEETING_GUARDS,
    **HISTORY_GUARDS,
    "close_running": _running("close", "put_right"),
    "rectify_running": _running("rectify"),
    "pauses_left_asked": pauses_left_asked,
    "pauses_left_hearing": pauses_left_hearing,
    "answers_for_unit": authority.answers_for_unit,
    "above_unit": authority.above_unit,
    "instruction_running": authority.instruction_running,
    "filings_waiting": filings_waiting,
    "proposals_left": authority.proposals_left,
    "window_object": _running("object"),
    "window_reconsider": _running("reconsider_window"),
    "has_unsettled": has_unsettled,
    "has_resendable": has_resendable,
}
"""Conditions known before a form is filled in, by the name the rows use."""

CHECKS: dict[str, Guard] = {
    "channel_known": channel_known,
    "number_plain": number_plain,
    "summary_redacted": _redacted("summary"),
    "title_redacted": _redacted("title"),
    "site_redacted": site_redacted,
    "items_redacted": items_redacted,
    "place_redacted": _redacted("place"),
    "answer_redacted": _redacted("summary_of_answer"),
    "text_redacted": _redacted("text"),
    "unit_known": unit_known,
    "handler_free": _free_person("handler"),
    "leader_free": _free_person("leader"),
    "targets_ahead": targets_ahead,
    "by_when_ahead": by_when_ahead,
    "anomaly_redacted": anomaly_redacted,
    **PATROL_CHECKS,
    "reason_redacted": _redacted("reason"),
    "source_redacted": _redacted("by_whom"),
    "task_units_known": task_units_known,
    "evidence_if_imported": evidence_if_imported,
    "task_known": task_known,
    "extension_short": extension_short,
    "not_interim": not_interim,
    "tasks_done_or_interim": tasks_done_or_interim,
    **ERASURE_CHECKS,
    **MATTER_CHECKS,
    **CAMPAIGN_CHECKS,
    **MEETING_CHECKS,
    **HISTORY_CHECKS,
    "reaction_pending": reaction_pending,
    "instruction_ahead": authority.instruction_ahead,
    "instruction_near": authority.instruction_near,
    "instruction_sooner": authority.instruction_sooner,
    "filing_waiting": filing_waiting,
    "proposal_open": authority.proposal_open,
    "named_as_document": standing_guards.named_as(Kind.POLICY, lambda s: s.given("document").name),
    "named_as_calendar": standing_guards.named_as(Kind.CALENDAR, lambda s: s.given("calendar").name),
    "named_as_campaign": standing_guards.named_as_campaign,
    "tables_newer": standing_guards.tables_newer,
    "order_dated": standing_guards.order_dated,
    "order_signed": standing_guards.order_signed,
    "order_short": standing_guards.order_short,
    "order_seen": standing_guards.order_seen,
    "lifted_within": standing_guards.lifted_within,
    "letter_unsettled": letter_unsettled,
    "letter_resendable": letter_resendable,
}
"""Conditions on what was filled in, by the name the rows use."""
