"""The lifecycle, as one table for each kind of case.

A row says: this command, at these statuses, by these roles, is this event and leads there. Everything else is derived
from the rows: what ``decide`` allows, which actions are offered, the flow chart, the documentation and the tests.
"""

from dataclasses import replace

from models.fault_rows import FAULT
from models.rows import PETITIONER as PETITIONER  # noqa: PLC0414 - whoever reads the table finds its words here
from models.rows import Letter as Letter  # noqa: PLC0414 - likewise
from models.rows import Row as Row  # noqa: PLC0414 - likewise
from models.vocabulary import AT_WORK, ENDS, NO_CASES, Flag, Kind, Role, RungKind, Status

S, R, F = Status, Role, Flag
ALIVE = tuple(s for s in Status if s not in {*ENDS, *NO_CASES})
EVERY = tuple(s for s in Status if s not in NO_CASES)
HANDLED = (S.ASSIGNED, S.VERIFIED, S.RECTIFYING)
OPEN = (S.REGISTERED, *AT_WORK, S.INTERIM)
TOLD = (S.REGISTERED, S.RECTIFYING, S.INTERIM)
"""Where an imported case stands until the desk takes it in hand."""
OVER = (S.DECLINED, S.REFERRED, S.WITHDRAWN, S.SIGNED_OFF)
"""Where the petitioner has had the answer, or is owed none."""
UNITS_PEOPLE = (R.HANDLER, R.INSPECTOR)
DESK = (R.CLERK, R.DISPATCHER)
POST_ROOM = (*DESK, R.ADMINISTRATOR)
ANYBODY = (R.CLERK, R.DISPATCHER, R.HANDLER, R.INSPECTOR, R.REVIEWER, R.LEADER)
SIGN_OFF_FLAGS = (F.APPLIED, F.INSPECTED, F.COUNTERSIGNED, F.NOTICED)
KEPT_OR_NOT = (F.ERASURE, F.ERASED)
PAUSES = (F.HEARING, F.ASKED, F.OBJECTION)

SIGN_OFF = (
    Row("apply_sign_off", (S.CLOSED,), UNITS_PEOPLE, "sign_off_applied", bars=(F.APPLIED,), raises=(F.APPLIED,), effects=("first_signer",)),
    Row("accept_on_site", (S.CLOSED,), (R.INSPECTOR, R.REVIEWER), "accepted_on_site", needs=(F.APPLIED,), bars=(F.INSPECTED,), raises=(F.INSPECTED,), own_unit=False, guards=("not_a_signer",), effects=("signers",)),
    Row("countersign", (S.CLOSED,), (R.REVIEWER, R.LEADER), "countersigned", needs=(F.INSPECTED,), bars=(F.COUNTERSIGNED,), raises=(F.COUNTERSIGNED,), guards=("not_a_signer", "not_a_hand"), effects=("signers",)),
    Row("publish_notice", (S.CLOSED,), (R.CLERK,), "notice_published", needs=(F.COUNTERSIGNED,), bars=(F.NOTICED,), raises=(F.NOTICED,), guards=("not_a_signer",), effects=("signers",)),
    Row("strike_off", (S.CLOSED,), (R.DISPATCHER, R.LEADER), "struck_off", S.SIGNED_OFF, needs=(F.NOTICED,), lowers=SIGN_OFF_FLAGS, guards=("not_a_signer", "not_a_hand"), effects=("signed_off_at",), does=("tell_followers",)),
    Row("refuse_sign_off", (S.CLOSED,), (R.INSPECTOR, R.REVIEWER, R.LEADER), "sign_off_refused", needs=(F.APPLIED,), lowers=SIGN_OFF_FLAGS, own_unit=False),
)  # fmt: skip
"""The sign-off: of a petition, and of an action plan's item, five steps by different people, or none."""

LOOK_BACK = (
    Row("order_look_back", (S.SIGNED_OFF,), (R.DISPATCHER, R.LEADER), "look_back_ordered", checks=("text_redacted",), effects=("other_station",)),
    Row("hear_weather", (S.SIGNED_OFF,), (R.ENGINE,), "weather_struck", when="struck", effects=("weather_struck",), letters=(Letter("look_back_notice", "handler"), Letter("look_back_notice", "case_leader"))),
    Row("hear_weather", (S.SIGNED_OFF,), (R.ENGINE,), "weather_heard", when="heard", effects=("unmoved",), idle=True),
    Row("look_back", (S.SIGNED_OFF,), (*UNITS_PEOPLE, R.DISPATCHER, R.LEADER), "looked_back", when="kept", checks=("text_redacted",)),
    Row("look_back", (S.SIGNED_OFF,), (*UNITS_PEOPLE, R.DISPATCHER, R.LEADER), "came_back", when="back", checks=("text_redacted",), does=("reopen_itself",)),
)  # fmt: skip
"""The look-back (回头看) after the sign-off: on the weather, and what was found; what came back is opened again."""

PETITION = (
    # ── intake ──
    Row("register", (), (R.CLERK, R.ENGINE), "registered", S.REGISTERED, checks=("channel_known", "summary_redacted", "place_redacted", "number_plain"), effects=("registered_at", "orders_in_force", "starred"), backdated=True),
    Row("record_history", TOLD, (R.CLERK,), "closed", S.CLOSED, when="closed", guards=("is_imported",), effects=("verdict", "closed_at", "in_time", "told_in_time"), backdated=True),
    Row("record_history", TOLD, (R.CLERK,), "interim_closed", S.INTERIM, when="interim", guards=("is_imported",), effects=("verdict", "in_time"), backdated=True),
    Row("record_history", TOLD, (R.CLERK,), "rectification_told", S.RECTIFYING, when="rectifying", guards=("is_imported",), checks=("told_by_whom_and_when", "unit_known", "leader_free"), effects=("verdict", "planned"), backdated=True),
    Row("record_history", TOLD, (R.CLERK,), "history_recorded", when="open", guards=("is_imported",), effects=("verdict",), backdated=True),
    Row("record_sign_off", (S.CLOSED,), (R.CLERK,), "struck_off", S.SIGNED_OFF, bars=(F.APPLIED,), lowers=SIGN_OFF_FLAGS, guards=("is_told",), effects=("signed_off_at",), backdated=True),
    Row("accept", (S.REGISTERED,), DESK, "accepted", S.ACCEPTED, effects=("accepted_at",), letters=(Letter("acceptance_notice", PETITIONER),)),
    Row("decline", (S.REGISTERED,), DESK, "declined", S.DECLINED, letters=(Letter("decline_notice", PETITIONER),), does=("tell_followers",)),
    Row("refer", (S.REGISTERED, S.ACCEPTED), DESK, "referred", S.REFERRED, lowers=(*PAUSES, F.EXTENSION), letters=(Letter("referral", PETITIONER),), does=("cancel_tasks", "tell_followers")),
    # ── assignment ──
    Row("assign", (S.ACCEPTED,), (R.DISPATCHER,), "assigned", S.ASSIGNED, fills=("route",), checks=("unit_known", "handler_free", "leader_free"), effects=("assignment",), letters=(Letter("assignment_order", "handler"),)),
    Row("reassign", HANDLED, (R.DISPATCHER,), "reassigned", bars=(F.OBJECTION,), checks=("unit_known", "handler_free", "leader_free"), effects=("assignment",), letters=(Letter("assignment_order", "handler"),)),
    Row("reassign", (S.INTERIM, S.CLOSED), (R.DISPATCHER,), "handed_over", checks=("unit_known", "handler_free", "leader_free"), effects=("assignment",), letters=(Letter("assignment_order", "handler"),)),
    Row("object", (S.ASSIGNED,), (R.HANDLER,), "objected", bars=PAUSES, raises=(F.OBJECTION,), guards=("window_object",), effects=("hands",)),
    Row("agree_return", (S.ASSIGNED,), (R.DISPATCHER,), "return_agreed", S.ACCEPTED, needs=(F.OBJECTION,), lowers=(F.OBJECTION, F.EXTENSION), effects=("unassigned",)),
    Row("refuse_return", (S.ASSIGNED,), (R.DISPATCHER,), "return_refused", needs=(F.OBJECTION,), lowers=(F.OBJECTION,)),
    # ── on-site verification ──
    Row("record_findings", (S.ASSIGNED, S.VERIFIED), UNITS_PEOPLE, "findings_recorded", S.VERIFIED, bars=(F.OBJECTION,), checks=("evidence_if_imported",), effects=("verdict", "hands"), does=("tell_followers",)),
    Row("record_findings", (S.RECTIFYING,), UNITS_PEOPLE, "findings_recorded", checks=("evidence_if_imported",), effects=("verdict", "hands"), does=("tell_followers",)),
    # ── rectification ──
    Row("plan_rectification", (S.VERIFIED, S.RECTIFYING), UNITS_PEOPLE, "rectification_planned", S.RECTIFYING, guards=("something_to_rectify",), checks=("targets_ahead", "task_units_known"), effects=("planned", "tasks", "hands"), does=("open_tasks", "tell_followers")),
    Row("report_progress", (*HANDLED, S.INTERIM), UNITS_PEOPLE, "progress_reported", effects=("hands",)),
    Row("finish_task", EVERY, (R.ENGINE,), "task_finished", checks=("task_known",), effects=("task_outcome",), does=("tell_followers",)),
    Row("request_extension", AT_WORK, (R.HANDLER, R.DISPATCHER), "extension_requested", bars=(F.EXTENSION, *PAUSES), raises=(F.EXTENSION,), guards=("close_running", "not_extended"), checks=("extension_short",), effects=("hands_of_unit",)),
    Row("grant_extension", AT_WORK, (R.LEADER,), "extension_granted", needs=(F.EXTENSION,), lowers=(F.EXTENSION,), guards=("is_head", "not_a_hand"), effects=("extended",), letters=(Letter("extension_notice", PETITIONER),)),
    Row("refuse_extension", AT_WORK, (R.LEADER,), "extension_refused", needs=(F.EXTENSION,), lowers=(F.EXTENSION,), guards=("is_head",)),
    # ── review ──
    Row("tally_enforcement", (S.VERIFIED, S.RECTIFYING, S.REVIEWING, S.INTERIM, S.CLOSED, S.SIGNED_OFF), (R.CLERK, *UNITS_PEOPLE), "enforcement_tallied", checks=("text_redacted",), effects=("hands_of_unit",)),
    Row("submit_for_review", (S.VERIFIED,), UNITS_PEOPLE, "submitted", S.REVIEWING, guards=("nothing_to_rectify",), checks=("not_interim",), effects=("hands",), does=("tell_followers",)),
    Row("submit_for_review", (S.RECTIFYING, S.INTERIM), UNITS_PEOPLE, "submitted", S.REVIEWING, checks=("tasks_done_or_interim",), effects=("hands",), does=("tell_followers",)),
    Row("send_back", (S.REVIEWING,), (R.REVIEWER,), "sent_back", S.RECTIFYING, when="planned", guards=("not_a_hand",), does=("tell_followers",)),
    Row("send_back", (S.REVIEWING,), (R.REVIEWER,), "sent_back", S.VERIFIED, when="unplanned", guards=("not_a_hand",), does=("tell_followers",)),
    Row("approve", (S.REVIEWING,), (R.REVIEWER,), "closed", S.CLOSED, bars=(F.EXTENSION, F.HEARING, F.ASKED), guards=("not_a_hand", "has_findings", "has_evidence", "tasks_done"), effects=("closed_at", "in_time", "approver"), does=("tell_followers",)),
    Row("approve_interim", (S.REVIEWING,), (R.REVIEWER,), "interim_closed", S.INTERIM, bars=(F.EXTENSION, F.HEARING, F.ASKED), guards=("not_a_hand", "has_findings", "has_evidence", "tasks_left"), effects=("in_time",), does=("tell_followers",)),
    Row("close_with_lead", (S.ACCEPTED, *HANDLED, S.INTERIM), (R.REVIEWER,), "closed", S.CLOSED, bars=(F.EXTENSION, F.HEARING, F.ASKED, F.OBJECTION), guards=("is_joined", "lead_closed", "not_a_hand", "not_a_hand_there", "tasks_done"), effects=("from_lead", "closed_at", "in_time", "approver")),
    # ── closure ──
    Row("reply", (S.CLOSED,), (R.CLERK, R.LEADER), "replied", bars=(F.REPLIED,), raises=(F.REPLIED,), letters=(Letter("reply", PETITIONER),)),
    Row("ask_reconsideration", (S.CLOSED, S.SIGNED_OFF), (R.CLERK,), "reconsideration_asked", S.RECONSIDERING, lowers=(*SIGN_OFF_FLAGS, *KEPT_OR_NOT), guards=("window_reconsider", "not_reviewed"), effects=("reconsidered",), letters=(Letter("reconsideration_receipt", PETITIONER),)),
    Row("decide_reconsideration", (S.RECONSIDERING,), (R.LEADER,), "reconsideration_decided", S.CLOSED, when="upheld", bars=(F.HEARING,), lowers=(F.REPLIED,), guards=("not_a_hand", "not_the_approver"), effects=("hands",), letters=(Letter("reconsideration_opinion", PETITIONER),)),
    Row("decide_reconsideration", (S.RECONSIDERING,), (R.LEADER,), "overturned", S.ASSIGNED, when="overturned", bars=(F.HEARING,), lowers=(F.REPLIED,), guards=("not_a_hand", "not_the_approver"), effects=("reopened",), letters=(Letter("reconsideration_opinion", PETITIONER),)),
    # ── sign-off, five steps by different people ──
    *SIGN_OFF,
    Row("reopen", (S.CLOSED, S.INTERIM, S.SIGNED_OFF), (R.DISPATCHER, R.LEADER, R.ENGINE), "reopened", S.ASSIGNED, when="assigned", lowers=(F.REPLIED, *SIGN_OFF_FLAGS, *KEPT_OR_NOT), effects=("reopened",), does=("tell_followers",)),
    Row("reopen", (S.CLOSED, S.INTERIM, S.SIGNED_OFF), (R.DISPATCHER, R.LEADER, R.ENGINE), "reopened", S.ACCEPTED, when="unassigned", lowers=(F.REPLIED, *SIGN_OFF_FLAGS, *KEPT_OR_NOT), effects=("reopened",), does=("tell_followers",)),
    # ── who complained is erased: asked for by the desk, decided by a leader of another unit without a hand in it ──
    Row("propose_erasure", (S.CLOSED, *OVER), DESK, "erasure_proposed", bars=(F.ERASED, F.ERASURE), raises=(F.ERASURE,), guards=("reply_given", "nothing_under_way"), checks=("time_is_over",), effects=("erasure_proposed",)),
    Row("erase", (S.CLOSED, *OVER), (R.LEADER,), "erased", needs=(F.ERASURE,), bars=(F.ERASED,), raises=(F.ERASED,), lowers=(F.ERASURE,), guards=("not_the_proposer", "not_of_the_unit", "not_a_hand", "nothing_under_way"), checks=("grounds_as_proposed",), does=("erase",)),
    Row("refuse_erasure", (S.CLOSED, *OVER), (R.LEADER, *DESK), "erasure_refused", needs=(F.ERASURE,), lowers=(F.ERASURE,), checks=("reason_redacted",)),
    # ── pauses ──
    Row("begin_hearing", (*AT_WORK, S.RECONSIDERING), (R.DISPATCHER, R.LEADER), "hearing_begun", bars=(F.HEARING, F.OBJECTION), raises=(F.HEARING,), guards=("pauses_left_hearing",)),
    Row("end_hearing", (*AT_WORK, S.RECONSIDERING), (R.DISPATCHER, R.LEADER), "hearing_ended", needs=(F.HEARING,), lowers=(F.HEARING,)),
    Row("ask_petitioner", AT_WORK, (R.CLERK, R.HANDLER), "petitioner_asked", bars=(F.ASKED, F.OBJECTION), raises=(F.ASKED,), guards=("pauses_left_asked",), letters=(Letter("question", PETITIONER),)),
    Row("petitioner_answered", AT_WORK, (R.CLERK,), "petitioner_answered", needs=(F.ASKED,), lowers=(F.ASKED,), checks=("answer_redacted",), effects=("sealed_more",)),
    # ── at any time ──
    Row("supplement", OPEN, (R.CLERK,), "supplemented", checks=("text_redacted",), effects=("sealed_more", "filings_more")),
    Row("correct", ALIVE, DESK, "corrected", checks=("summary_redacted", "place_redacted")),
    Row("acknowledge", (*AT_WORK, S.INTERIM), (R.HANDLER, R.INSPECTOR, R.LEADER), "acknowledged"),
    Row("instruct", ALIVE, (R.LEADER,), "instructed", when="first", guards=("answers_for_unit",), checks=("instruction_ahead", "instruction_near"), effects=("instruction_by",), letters=(Letter("instruction", "handler"),)),
    Row("instruct", ALIVE, (R.LEADER,), "instruction_hastened", when="sooner", guards=("answers_for_unit",), checks=("instruction_ahead", "instruction_sooner"), effects=("instruction_by",), letters=(Letter("instruction", "handler"),)),
    Row("answer_instruction", ALIVE, (*UNITS_PEOPLE, R.DISPATCHER), "instruction_answered", guards=("instruction_running",), effects=("hands_of_unit",)),
    Row("answer_source", (*AT_WORK, S.INTERIM), (R.CLERK,), "source_answered", guards=("filings_waiting",), checks=("filing_waiting",)),
    Row("adopt_proposal", ALIVE, (R.LEADER,), "proposal_adopted", guards=("above_unit", "proposals_left"), checks=("proposal_open",), effects=("proposal_adopted",), does=("proposal_letter",)),
    Row("dismiss_proposal", ALIVE, (R.LEADER,), "proposal_dismissed", guards=("above_unit", "proposals_left"), checks=("proposal_open",), effects=("proposal_dismissed",)),
    Row("urge", (*AT_WORK, S.INTERIM), (R.DISPATCHER, R.LEADER), "urged", letters=(Letter("urging", "handler"),)),
    Row("list_for_supervision", (*AT_WORK, S.INTERIM), (R.LEADER,), "listed", bars=(F.SUPERVISED,), raises=(F.SUPERVISED,), letters=(Letter("supervision_letter", "unit_head"),)),
    # ── the site it is about, and what comes back there ──
    Row("place_at_site", EVERY, (*DESK, *UNITS_PEOPLE), "placed", guards=("at_no_site",), does=("look_for_recurrence",)),
    Row("take_off_site", EVERY, (*DESK, *UNITS_PEOPLE), "taken_off", guards=("at_a_site",), effects=("off_site",)),
    Row("know_recurrence", EVERY, (R.ENGINE,), "recurrence_known"),
    Row("hear_of_recurrence", EVERY, (R.ENGINE,), "recurred", effects=("recurrences_more",)),
    Row("check_alike_sites", (S.CLOSED, S.SIGNED_OFF), (R.DISPATCHER, R.LEADER), "alike_checked", checks=("targets_ahead", "task_units_known"), effects=("tasks",), does=("open_tasks",)),
    # ── several petitions on one matter, and several matters in one receipt ──
    Row("join", OPEN, DESK, "joined", guards=("not_joined", "leads_nobody"), checks=("another_leading",)),
    Row("part", EVERY, DESK, "parted", guards=("is_joined",), effects=("parted",)),
    Row("take_lead", OPEN, (R.ENGINE,), "took_lead", guards=("not_joined",), effects=("follower_more",), does=("tell_newest",)),
    Row("let_go", EVERY, (R.ENGINE,), "let_go", guards=("leads_some",), checks=("follower_there",), effects=("follower_less",)),
    Row("hear_of_lead", EVERY, (R.ENGINE,), "lead_moved", guards=("is_joined",), checks=("news_newer",)),
    Row("split", (S.REGISTERED, *AT_WORK), DESK, "split", guards=("parts_fit",), checks=("parts_redacted",), effects=("parts_more",), does=("open_parts",)),
    Row("mark_repeat", (S.REGISTERED, S.ACCEPTED), DESK, "repeat_marked", S.DECLINED, when="ends", lowers=(*PAUSES, F.EXTENSION), guards=("no_repeat_yet",), checks=("another_repeat_of",), effects=("ends_as_repeat",), does=("cancel_tasks", "tell_followers"), letters=(Letter("repeat_notice", PETITIONER),), shelves=True),
    Row("mark_repeat", (S.REGISTERED, S.ACCEPTED), DESK, "repeat_marked", when="reopens", guards=("no_repeat_yet",), checks=("another_repeat_of", "may_reopen"), does=("reopen_earlier",)),
    Row("take_back_repeat", (S.DECLINED,), (R.DISPATCHER, R.LEADER), "registered_again", S.REGISTERED, when="registered", guards=("is_repeat",), effects=("no_repeat",), letters=(Letter("repeat_correction", PETITIONER),), restores=True),
    Row("take_back_repeat", (S.DECLINED,), (R.DISPATCHER, R.LEADER), "accepted_again", S.ACCEPTED, when="accepted", guards=("is_repeat",), effects=("no_repeat",), letters=(Letter("repeat_correction", PETITIONER),), restores=True),
    Row("take_back_repeat", EVERY, (R.DISPATCHER, R.LEADER), "repeat_taken_back", when="going", guards=("is_repeat",), effects=("no_repeat",)),
    Row("forget_repeat", EVERY, (R.ENGINE,), "repeat_forgotten", guards=("has_repeats",), effects=("repeats_less",)),
    Row("take_task", (S.VERIFIED, S.RECTIFYING), (R.ENGINE,), "task_taken", S.RECTIFYING, guards=("something_to_rectify",), checks=("task_not_open",), effects=("task_taken",), does=("tell_followers",)),
    Row("hear_of_repeat", tuple(s for s in EVERY if s is not S.WITHDRAWN), (R.ENGINE,), "repeated", guards=("no_repeat_yet",), checks=("repeat_later",), effects=("repeats_more",)),
    Row("not_same", EVERY, DESK, "said_not_same", checks=("another_other", "other_unsaid"), effects=("not_same_more",)),
    Row("hear_not_same", EVERY, (R.ENGINE,), "said_not_same", effects=("not_same_more",)),
    Row("maybe_same", EVERY, DESK, "said_maybe_same", guards=("said_of_some",), checks=("other_said",), effects=("not_same_less",)),
    Row("hear_maybe_same", EVERY, (R.ENGINE,), "said_maybe_same", effects=("not_same_less",)),
    Row("rate", (S.CLOSED, S.SIGNED_OFF), (R.CLERK, R.ENGINE), "rated"),
    Row("note", EVERY, ANYBODY, "noted"),
    Row("withdraw", (S.REGISTERED, *AT_WORK), (R.CLERK,), "withdrawn", S.WITHDRAWN, lowers=(*PAUSES, F.EXTENSION), does=("cancel_tasks", "tell_followers")),
)  # fmt: skip

CLOCKWORK = (
    # ── the clock and the engine ──
    Row("ring", EVERY, (R.CLOCK,), RungKind.REMIND, when=RungKind.REMIND),
    Row("ring", EVERY, (R.CLOCK,), RungKind.WARN, when=RungKind.WARN),
    Row("ring", EVERY, (R.CLOCK,), RungKind.ESCALATE, when=RungKind.ESCALATE),
    Row("ring", EVERY, (R.CLOCK,), RungKind.LAPSE, when=RungKind.LAPSE, effects=("lapse",)),
    Row("ring", EVERY, (R.CLOCK,), RungKind.LOOK_BACK, when=RungKind.LOOK_BACK),
    Row("record_outcome", EVERY, (R.ENGINE,), "carried_out", when="done", checks=("reaction_pending",), effects=("letter_home",)),
    Row("record_outcome", EVERY, (R.ENGINE,), "not_carried_out", when="failed", checks=("reaction_pending",)),
    # ── what every decision rests on has changed ──
    Row("recount", ALIVE, (R.ENGINE,), "recounted", recounts=True, idle=True),
    Row("move_to_all_days", ALIVE, (R.ENGINE,), "moved_to_all_days", bars=(F.ALL_DAYS,), raises=(F.ALL_DAYS,), recounts=True, idle=True),
    Row("move_back", ALIVE, (R.ENGINE,), "moved_back", needs=(F.ALL_DAYS,), lowers=(F.ALL_DAYS,), recounts=True, idle=True),
    # ── letters that did not arrive, or of which nobody knows: one event when the first is lost, one when none is left ──
    Row("record_outcome", EVERY, (R.ENGINE,), "letter_failed", when="undelivered", checks=("reaction_pending",), effects=("letter_lost",)),
    Row("record_outcome", EVERY, (R.ENGINE,), "letter_unknown", when="unknown", checks=("reaction_pending",), effects=("letter_lost",)),
    Row("record_outcome", EVERY, (R.ENGINE,), "letters_settled", when="last", checks=("reaction_pending",), effects=("letter_home",)),
    Row("resend_letter", EVERY, POST_ROOM, "letter_resent", guards=("has_resendable",), checks=("letter_resendable",), effects=("letter_again",), does=("resend",)),
    Row("settle_letter", EVERY, POST_ROOM, "letter_settled", when="one", guards=("has_unsettled",), checks=("letter_unsettled",), effects=("letter_settled",)),
    Row("settle_letter", EVERY, POST_ROOM, "letters_settled", when="last", guards=("has_unsettled",), checks=("letter_unsettled",), effects=("letter_settled",)),
)  # fmt: skip

RECTIFICATION = (
    Row("open_task", (), (R.ENGINE,), "task_opened", S.RECTIFYING, effects=("registered_at", "orders_in_force"), letters=(Letter("task_order", "handler"),)),
    Row("reassign", (S.RECTIFYING,), (R.DISPATCHER,), "reassigned", checks=("unit_known", "handler_free", "leader_free"), effects=("assignment",), letters=(Letter("assignment_order", "handler"),)),
    Row("report_progress", (S.RECTIFYING,), UNITS_PEOPLE, "progress_reported", effects=("hands",)),
    Row("request_extension", (S.RECTIFYING,), (R.HANDLER,), "extension_requested", bars=(F.EXTENSION,), raises=(F.EXTENSION,), guards=("rectify_running", "not_extended"), checks=("extension_short",), effects=("hands_of_unit",)),
    Row("grant_extension", (S.RECTIFYING,), (R.LEADER,), "extension_granted", needs=(F.EXTENSION,), lowers=(F.EXTENSION,), guards=("is_head", "not_a_hand"), effects=("extended",)),
    Row("refuse_extension", (S.RECTIFYING,), (R.LEADER,), "extension_refused", needs=(F.EXTENSION,), lowers=(F.EXTENSION,), guards=("is_head",)),
    Row("submit_for_review", (S.RECTIFYING,), UNITS_PEOPLE, "task_submitted", S.REVIEWING, lowers=(F.EXTENSION,), checks=("not_interim",), effects=("in_time", "hands")),
    Row("send_back", (S.REVIEWING,), (R.REVIEWER,), "task_sent_back", S.RECTIFYING, guards=("not_a_hand",)),
    Row("approve", (S.REVIEWING,), (R.REVIEWER,), "task_done", S.CLOSED, guards=("not_a_hand",), effects=("closed_at",), does=("tell_parent",)),
    Row("acknowledge", (S.RECTIFYING,), (R.HANDLER, R.INSPECTOR, R.LEADER), "acknowledged"),
    Row("instruct", (S.RECTIFYING, S.REVIEWING), (R.LEADER,), "instructed", when="first", guards=("answers_for_unit",), checks=("instruction_ahead", "instruction_near"), effects=("instruction_by",), letters=(Letter("instruction", "handler"),)),
    Row("instruct", (S.RECTIFYING, S.REVIEWING), (R.LEADER,), "instruction_hastened", when="sooner", guards=("answers_for_unit",), checks=("instruction_ahead", "instruction_sooner"), effects=("instruction_by",), letters=(Letter("instruction", "handler"),)),
    Row("answer_instruction", (S.RECTIFYING, S.REVIEWING), (*UNITS_PEOPLE, R.DISPATCHER), "instruction_answered", guards=("instruction_running",), effects=("hands_of_unit",)),
    Row("adopt_proposal", (S.RECTIFYING, S.REVIEWING), (R.LEADER,), "proposal_adopted", guards=("above_unit", "proposals_left"), checks=("proposal_open",), effects=("proposal_adopted",), does=("proposal_letter",)),
    Row("dismiss_proposal", (S.RECTIFYING, S.REVIEWING), (R.LEADER,), "proposal_dismissed", guards=("above_unit", "proposals_left"), checks=("proposal_open",), effects=("proposal_dismissed",)),
    Row("urge", (S.RECTIFYING, S.REVIEWING), (R.DISPATCHER, R.LEADER), "urged", letters=(Letter("urging", "handler"),)),
    Row("note", EVERY, ANYBODY, "noted"),
    Row("cancel_task", (S.RECTIFYING, S.REVIEWING), (R.DISPATCHER, R.LEADER, R.ENGINE), "task_cancelled", S.WITHDRAWN, lowers=(F.EXTENSION,), does=("tell_parent",)),
    # ── items of an action plan are signed off in two tiers, five steps by different people ──
    *(replace(row, guards=("is_item", *row.guards), does=("tell_parent",) if row.does else ()) for row in SIGN_OFF),
    Row("reopen", (S.CLOSED, S.SIGNED_OFF), (R.DISPATCHER, R.LEADER, R.ENGINE), "task_reopened", S.RECTIFYING, lowers=SIGN_OFF_FLAGS, guards=("is_item",), effects=("reopened",), does=("tell_parent",)),
    # ── one task for several petitions ──
    Row("share_task", (S.RECTIFYING, S.REVIEWING), (R.DISPATCHER, R.LEADER), "task_shared", checks=("not_served",), effects=("serves_more",)),
    Row("heed", (S.RECTIFYING, S.REVIEWING), (R.ENGINE,), "heeded", checks=("heeds_more",), effects=("heeded",)),
    Row("unshare_task", (S.RECTIFYING, S.REVIEWING), (R.DISPATCHER, R.LEADER), "task_unshared", guards=("serves_others",), checks=("served_with_others",), effects=("serves_less",), does=("tell_released",)),
    Row("release_task", (S.RECTIFYING, S.REVIEWING), (R.ENGINE,), "task_cancelled", S.WITHDRAWN, when="alone", lowers=(F.EXTENSION,), does=("tell_parent",)),
    Row("release_task", (S.RECTIFYING, S.REVIEWING), (R.ENGINE,), "task_unshared", when="shared", checks=("served_with_others",), effects=("serves_less",), does=("tell_released",)),
)  # fmt: skip

ORGANISATION = (
    Row("define_organisation", (), (R.ENGINE,), "organisation_defined", S.IN_FORCE, effects=("staffing",)),
    Row("define_organisation", (S.IN_FORCE,), (R.ADMINISTRATOR,), "organisation_defined", S.IN_FORCE, fills=("differences",), effects=("staffing",)),
    Row("add_unit", (S.IN_FORCE,), (R.ADMINISTRATOR,), "unit_added", effects=("staffing",)),
    Row("change_unit", (S.IN_FORCE,), (R.ADMINISTRATOR,), "unit_changed", effects=("staffing",)),
    Row("close_unit", (S.IN_FORCE,), (R.ADMINISTRATOR,), "unit_closed", effects=("staffing",)),
    Row("add_person", (S.IN_FORCE,), (R.ADMINISTRATOR,), "person_added", effects=("staffing",)),
    Row("change_person", (S.IN_FORCE,), (R.ADMINISTRATOR,), "person_changed", effects=("staffing",)),
    Row("retire_person", (S.IN_FORCE,), (R.ADMINISTRATOR,), "person_retired", effects=("staffing",)),
    Row("appoint", (S.IN_FORCE,), (R.ADMINISTRATOR,), "appointed", effects=("staffing",)),
    Row("relieve", (S.IN_FORCE,), (R.ADMINISTRATOR,), "relieved", effects=("staffing",)),
    Row("take_leave", (S.IN_FORCE,), (R.ADMINISTRATOR, R.DISPATCHER), "leave_taken", effects=("staffing",)),
    Row("end_leave", (S.IN_FORCE,), (R.ADMINISTRATOR, R.DISPATCHER), "leave_ended", effects=("staffing",)),
    Row("define_grid", (S.IN_FORCE,), (R.ADMINISTRATOR,), "grid_defined", effects=("staffing",)),
    Row("drop_grid", (S.IN_FORCE,), (R.ADMINISTRATOR,), "grid_dropped", effects=("staffing",)),
    Row("set_duty", (S.IN_FORCE,), (R.ADMINISTRATOR, R.DISPATCHER), "duty_set", effects=("staffing",)),
)  # fmt: skip

POLICY = (
    # One document is one stream, and nothing follows its publication: that is why it never changes.
    Row("publish_policy", (), (R.ENGINE, R.ADMINISTRATOR), "policy_published", S.IN_FORCE, checks=("named_as_document",)),
)  # fmt: skip

CALENDAR = (
    Row("publish_calendar", (), (R.ENGINE, R.ADMINISTRATOR), "calendar_published", S.IN_FORCE, checks=("named_as_calendar",)),
    Row("publish_table", (S.IN_FORCE,), (R.ENGINE, R.ADMINISTRATOR), "table_published", checks=("tables_newer",), effects=("calendar",), does=("recount_cases",)),
    Row("record_outcome", (S.IN_FORCE,), (R.ENGINE,), "carried_out", when="done", checks=("reaction_pending",)),
)  # fmt: skip

CAMPAIGN = (
    Row("open_campaign", (), (R.DISPATCHER, R.ADMINISTRATOR, R.ENGINE), "campaign_opened", S.IN_FORCE, checks=("named_as_campaign", "campaign_dated", "number_form_fits")),
    Row("order_all_days", (S.IN_FORCE,), (R.DISPATCHER, R.LEADER), "all_days_ordered", bars=(F.ALL_DAYS,), raises=(F.ALL_DAYS,), checks=("order_dated", "order_short", "order_signed", "order_seen"), effects=("order",), does=("move_cases",)),
    Row("lift_order", (S.IN_FORCE,), (R.DISPATCHER, R.LEADER), "order_lifted", needs=(F.ALL_DAYS,), lowers=(F.ALL_DAYS,), checks=("lifted_within",), effects=("order_lifted",), does=("move_back",)),
    Row("ring", (S.IN_FORCE,), (R.CLOCK,), RungKind.LAPSE, when=RungKind.LAPSE, effects=("lapse",), does=("move_back",)),
    Row("correct_campaign", (S.IN_FORCE,), (R.DISPATCHER, R.ADMINISTRATOR), "campaign_corrected", checks=("campaign_dated", "number_form_fits"), effects=("record",)),
    Row("set_group", (S.IN_FORCE,), (R.DISPATCHER, R.LEADER), "group_set", checks=("group_people_known",), effects=("group_set",)),
    Row("drop_group", (S.IN_FORCE,), (R.DISPATCHER, R.LEADER), "group_dropped", guards=("has_groups",), checks=("group_there",), effects=("group_dropped",)),
    Row("publish_results", (S.IN_FORCE,), (R.DISPATCHER, R.LEADER), "results_published", checks=("next_version", "rows_once"), effects=("edition",)),
    Row("begin_look_back", (S.IN_FORCE,), (R.DISPATCHER, R.LEADER), "look_back_begun", guards=("rounds_over",), effects=("look_back_begun",)),
    Row("record_look_back", (S.IN_FORCE,), (R.DISPATCHER, R.LEADER, R.INSPECTOR), "look_back_held", when="held", own_unit=False, guards=("round_open",), checks=("in_round", "text_redacted"), effects=("looked_back",)),
    Row("record_look_back", (S.IN_FORCE,), (R.DISPATCHER, R.LEADER, R.INSPECTOR), "look_back_failed", when="back", own_unit=False, guards=("round_open",), checks=("in_round", "text_redacted"), effects=("looked_back",), does=("reopen_checked",)),
    Row("record_outcome", (S.IN_FORCE,), (R.ENGINE,), "carried_out", when="done", checks=("reaction_pending",)),
    Row("record_outcome", (S.IN_FORCE,), (R.ENGINE,), "not_carried_out", when="failed", checks=("reaction_pending",)),
)  # fmt: skip

WATCHED = (S.WATCHING, S.STORM)
WATCH = (
    Row("observe", (), (R.ENGINE,), "watched", S.WATCHING, when="counted", effects=("registered_at", "sightings")),
    Row("observe", (), (R.ENGINE,), "storm_raised", S.STORM, when="crossed", effects=("registered_at", "sightings"), letters=(Letter("storm_notice", "deputy_leader"),)),
    Row("observe", (S.WATCHING,), (R.ENGINE,), "watched", when="counted", checks=("sightings_new",), effects=("sightings",)),
    Row("observe", (S.STORM,), (R.ENGINE,), "storm_grew", when="counted", checks=("sightings_new",), effects=("sightings",)),
    Row("observe", WATCHED, (R.ENGINE,), "storm_raised", S.STORM, when="crossed", checks=("sightings_new",), effects=("sightings",), letters=(Letter("storm_notice", "deputy_leader"),)),
    Row("let_filing_go", WATCHED, (R.ENGINE,), "filing_left", checks=("filing_seen",), effects=("sightings_less",)),
    Row("answer_storm", (S.STORM,), (R.LEADER,), "storm_answered"),
    Row("adopt_plan", (S.STORM,), (R.LEADER,), "plan_adopted", fills=("storm_plan",)),
    Row("end_watch", WATCHED, (R.ENGINE,), "watch_merged", S.MERGED, effects=("unraised",)),
    Row("note", (*WATCHED, S.MERGED), ANYBODY, "noted"),
    Row("ring", WATCHED, (R.CLOCK,), RungKind.LAPSE, when=RungKind.LAPSE, effects=("calmed",)),
    *(Row("ring", WATCHED, (R.CLOCK,), kind, when=kind) for kind in (RungKind.REMIND, RungKind.WARN, RungKind.ESCALATE, RungKind.LOOK_BACK)),
    Row("record_outcome", (*WATCHED, S.MERGED), (R.ENGINE,), "carried_out", when="done", checks=("reaction_pending",)),
    Row("record_outcome", (*WATCHED, S.MERGED), (R.ENGINE,), "not_carried_out", when="failed", checks=("reaction_pending",)),
    *(replace(row, at=(*WATCHED, S.MERGED)) for row in CLOCKWORK if "letter" in row.event or "letter" in row.command),
)  # fmt: skip

SITE = (
    Row("register_site", (), (*DESK, *UNITS_PEOPLE, R.ADMINISTRATOR), "site_registered", S.OPERATING, own_unit=False, checks=("unit_known", "handler_free", "leader_free", "title_redacted", "site_redacted", "place_redacted", "summary_redacted"), effects=("registered_at",)),
    Row("correct_site", (S.OPERATING, S.SHUT), (*DESK, *UNITS_PEOPLE, R.ADMINISTRATOR), "site_corrected", checks=("unit_known", "handler_free", "leader_free", "title_redacted", "site_redacted", "place_redacted", "summary_redacted"), effects=("corrected",)),
    Row("record_enforcement", (S.OPERATING, S.SHUT), UNITS_PEOPLE, "enforced", effects=("enforced",)),
    Row("record_visit", (S.OPERATING, S.SHUT), UNITS_PEOPLE, "visited", effects=("visited",)),
    Row("report_anomaly", (S.OPERATING,), (*DESK, *UNITS_PEOPLE, R.ADMINISTRATOR), "anomaly_reported", checks=("by_when_ahead", "anomaly_redacted"), effects=("anomaly",), does=("open_tasks",)),
    Row("finish_task", (S.OPERATING, S.SHUT), (R.ENGINE,), "task_finished", checks=("task_known",), effects=("task_outcome",)),
    Row("record_outcome", (S.OPERATING, S.SHUT), (R.ENGINE,), "carried_out", when="done", checks=("reaction_pending",)),
    Row("record_outcome", (S.OPERATING, S.SHUT), (R.ENGINE,), "not_carried_out", when="failed", checks=("reaction_pending",)),
    Row("close_site", (S.OPERATING,), (*DESK, *UNITS_PEOPLE, R.ADMINISTRATOR), "site_closed", S.SHUT),
    Row("reopen_site", (S.SHUT,), (*DESK, *UNITS_PEOPLE, R.ADMINISTRATOR), "site_reopened", S.OPERATING),
    Row("hear_of_petition", (S.OPERATING, S.SHUT), (R.ENGINE,), "petition_placed", effects=("petitions_more",)),
    Row("let_petition_go", (S.OPERATING, S.SHUT), (R.ENGINE,), "petition_taken_off", guards=("has_petitions",), effects=("petitions_less",)),
    Row("note", (S.OPERATING, S.SHUT), ANYBODY, "noted"),
)  # fmt: skip

PLANNERS = (R.DISPATCHER, R.LEADER)
PLAN = (
    Row("open_plan", (), PLANNERS, "plan_opened", S.UNDERWAY, checks=("unit_known", "leader_free", "title_redacted", "summary_redacted"), effects=("registered_at",)),
    Row("correct_plan", (S.UNDERWAY, S.CONCLUDED), PLANNERS, "plan_corrected", checks=("unit_known", "leader_free", "title_redacted", "summary_redacted"), effects=("corrected",)),
    Row("add_items", (S.UNDERWAY,), PLANNERS, "items_added", checks=("targets_ahead", "task_units_known", "items_redacted"), effects=("tasks",), does=("open_tasks",)),
    Row("finish_task", (S.UNDERWAY,), (R.ENGINE,), "task_finished", checks=("task_known",), effects=("task_outcome",)),
    Row("finish_task", (S.CONCLUDED,), (R.ENGINE,), "task_finished", when="ended", checks=("task_known",), effects=("task_outcome",)),
    # An item that is opened again has the plan go on.
    Row("finish_task", (S.CONCLUDED,), (R.ENGINE,), "plan_resumed", S.UNDERWAY, when="reopened", checks=("task_known",), effects=("task_outcome",)),
    Row("conclude_plan", (S.UNDERWAY,), PLANNERS, "plan_concluded", S.CONCLUDED, guards=("has_tasks", "items_done")),
    Row("resume_plan", (S.CONCLUDED,), PLANNERS, "plan_resumed", S.UNDERWAY),
    Row("note", (S.UNDERWAY, S.CONCLUDED), ANYBODY, "noted"),
    Row("record_outcome", (S.UNDERWAY, S.CONCLUDED), (R.ENGINE,), "carried_out", when="done", checks=("reaction_pending",)),
    Row("record_outcome", (S.UNDERWAY, S.CONCLUDED), (R.ENGINE,), "not_carried_out", when="failed", checks=("reaction_pending",)),
)  # fmt: skip

INDICATOR = (
    Row("register_indicator", (), (*DESK, R.ADMINISTRATOR), "indicator_registered", S.IN_FORCE, checks=("unit_known", "title_redacted", "summary_redacted"), effects=("registered_at", "counted_in")),
    Row("record_reading", (S.IN_FORCE,), (*DESK, *UNITS_PEOPLE, R.ADMINISTRATOR), "reading_recorded", effects=("readings",)),
    Row("record_count", (S.IN_FORCE,), (*DESK, R.ADMINISTRATOR), "count_recorded", effects=("district_counts",)),
    Row("note", (S.IN_FORCE,), ANYBODY, "noted"),
)  # fmt: skip

PATROL_CLOCKS = (RungKind.REMIND, RungKind.WARN, RungKind.ESCALATE, RungKind.LAPSE, RungKind.LOOK_BACK)
PATROLS = (S.PATROLLING, S.STOOD_DOWN)
PATROL = (
    Row("open_patrol", (), PLANNERS, "patrol_opened", S.PATROLLING, guards=("slot_clock",), checks=("unit_known", "handler_free", "leader_free", "title_redacted", "place_redacted", "summary_redacted"), effects=("registered_at", "first_slot")),
    Row("correct_patrol", PATROLS, PLANNERS, "patrol_corrected", checks=("unit_known", "handler_free", "leader_free", "title_redacted", "place_redacted", "summary_redacted"), effects=("corrected", "other_station")),
    # ── somebody was there: in the slot that is owed, after slots that nobody came in, or before it begins ──
    Row("record_patrol", (S.PATROLLING,), UNITS_PEOPLE, "patrolled", when="due", checks=("text_redacted", "been_by_now"), effects=("patrolled",)),
    Row("record_patrol", (S.PATROLLING,), UNITS_PEOPLE, "patrolled_after_miss", when="late", checks=("text_redacted", "been_by_now"), effects=("patrolled",), letters=(Letter("patrol_missed", "case_leader"),)),
    Row("record_patrol", (S.PATROLLING,), UNITS_PEOPLE, "patrolled_beside", when="before", checks=("text_redacted", "been_by_now"), effects=("patrolled_beside",)),
    Row("report_problem", (S.PATROLLING,), UNITS_PEOPLE, "problem_reported", checks=("by_when_ahead", "problem_redacted"), effects=("problem",), does=("open_tasks",)),
    Row("finish_task", PATROLS, (R.ENGINE,), "task_finished", checks=("task_known",), effects=("task_outcome",)),
    # ── the weather ──
    Row("hear_weather", (S.PATROLLING,), (R.ENGINE,), "weather_turned", when="turned", effects=("weather", "other_slot")),
    Row("hear_weather", (S.PATROLLING,), (R.ENGINE,), "turned_after_miss", when="turned_late", effects=("weather", "other_slot"), letters=(Letter("patrol_missed", "case_leader"),)),
    Row("hear_weather", PATROLS, (R.ENGINE,), "weather_heard", when="heard", effects=("weather",), idle=True),
    # ── the clock ──
    *(Row("ring", (S.PATROLLING,), (R.CLOCK,), kind, when=kind) for kind in PATROL_CLOCKS),
    Row("ring", (S.PATROLLING,), (R.CLOCK,), RungKind.MISS, when=RungKind.MISS, effects=("slot_missed",)),
    Row("end_patrol", (S.PATROLLING,), PLANNERS, "patrol_ended", S.STOOD_DOWN, when="clean", checks=("reason_redacted",), effects=("no_slot",)),
    Row("end_patrol", (S.PATROLLING,), PLANNERS, "ended_after_miss", S.STOOD_DOWN, when="late", checks=("reason_redacted",), effects=("no_slot",), letters=(Letter("patrol_missed", "case_leader"),)),
    Row("resume_patrol", (S.STOOD_DOWN,), PLANNERS, "patrol_resumed", S.PATROLLING, effects=("first_slot",)),
    Row("adopt_proposal", PATROLS, (R.LEADER,), "proposal_adopted", guards=("above_unit", "proposals_left"), checks=("proposal_open",), effects=("proposal_adopted",), does=("proposal_letter",)),
    Row("dismiss_proposal", PATROLS, (R.LEADER,), "proposal_dismissed", guards=("above_unit", "proposals_left"), checks=("proposal_open",), effects=("proposal_dismissed",)),
    Row("note", PATROLS, ANYBODY, "noted"),
    Row("record_outcome", PATROLS, (R.ENGINE,), "carried_out", when="done", checks=("reaction_pending",)),
    Row("record_outcome", PATROLS, (R.ENGINE,), "not_carried_out", when="failed", checks=("reaction_pending",)),
    *(replace(row, at=PATROLS) for row in CLOCKWORK if "letter" in row.event or "letter" in row.command),
)  # fmt: skip

STATION = (
    Row("register_station", (), DESK, "station_registered", S.IN_FORCE, checks=("title_redacted", "place_redacted", "summary_redacted"), effects=("registered_at",)),
    Row("observe_weather", (S.IN_FORCE,), (*DESK, *UNITS_PEOPLE, R.ENGINE), "weather_observed", when="newer", own_unit=False, checks=("seen_by_now", "source_redacted"), effects=("observed",), does=("tell_listeners",)),
    Row("observe_weather", (S.IN_FORCE,), (*DESK, *UNITS_PEOPLE, R.ENGINE), "weather_told_late", when="older", own_unit=False, checks=("seen_by_now", "source_redacted"), effects=("observed_before",)),
    Row("hear_of_listener", (S.IN_FORCE,), (R.ENGINE,), "listener_joined", effects=("listeners_more",), idle=True),
    Row("note", (S.IN_FORCE,), ANYBODY, "noted"),
    Row("record_outcome", (S.IN_FORCE,), (R.ENGINE,), "carried_out", when="done", checks=("reaction_pending",)),
    Row("record_outcome", (S.IN_FORCE,), (R.ENGINE,), "not_carried_out", when="failed", checks=("reaction_pending",)),
)  # fmt: skip

DISPATCH = (
    Row("call_meeting", (), (R.ENGINE, *PLANNERS), "meeting_called", S.CALLED, checks=("meeting_regular",), effects=("registered_at", "meeting_title")),
    Row("lay_pack", (S.CALLED,), (R.ENGINE,), "pack_laid", guards=("no_pack_yet",), effects=("pack_counts",), letters=(Letter("dispatch_notice", "deputy_leader"), Letter("dispatch_notice", "dispatcher"))),
    Row("record_decision", (S.CALLED, S.HELD), (R.LEADER,), "decision_recorded", guards=("pack_there",), checks=("text_redacted",), effects=("decision",)),
    Row("heed", (S.CALLED, S.HELD), (R.ENGINE,), "heeded", checks=("heeds_more",), effects=("heeded",)),
    Row("hold_meeting", (S.CALLED,), PLANNERS, "meeting_held", S.HELD, guards=("pack_there",), checks=("text_redacted",)),
    Row("note", (S.CALLED, S.HELD), (*DESK, R.LEADER, R.REVIEWER), "noted"),
    Row("record_outcome", (S.CALLED, S.HELD), (R.ENGINE,), "carried_out", when="done", checks=("reaction_pending",)),
    Row("record_outcome", (S.CALLED, S.HELD), (R.ENGINE,), "not_carried_out", when="failed", checks=("reaction_pending",)),
)  # fmt: skip

LIFECYCLES: dict[Kind, tuple[Row, ...]] = {
    Kind.PETITION: (*PETITION, *LOOK_BACK, *CLOCKWORK),
    Kind.RECTIFICATION: (*RECTIFICATION, *LOOK_BACK, *CLOCKWORK),
    Kind.ORGANISATION: ORGANISATION,
    Kind.POLICY: POLICY,
    Kind.CALENDAR: CALENDAR,
    Kind.CAMPAIGN: CAMPAIGN,
    Kind.WATCH: WATCH,
    Kind.SITE: SITE,
    Kind.PLAN: PLAN,
    Kind.INDICATOR: INDICATOR,
    Kind.PATROL: PATROL,
    Kind.STATION: STATION,
    Kind.DISPATCH: DISPATCH,
    Kind.FAULT: FAULT,
}
"""The whole table, by kind of case."""

BY_COMMAND: dict[tuple[Kind, str], tuple[Row, ...]] = {
    (kind, name): tuple(row for row in rows if row.command == name)
    for kind, rows in LIFECYCLES.items()
    for name in {row.command for row in rows}
}
"""The rows of one command."""

EVENTS = frozenset(row.event for rows in LIFECYCLES.values() for row in rows)
"""The names of all events."""

MAKES: dict[str, Kind] = {row.command: kind for kind, rows in LIFECYCLES.items() for row in rows if not row.at}
"""Which kind of case a command makes anew."""

MOVES_DUE = frozenset(
    {
        *("grant_extension", "end_hearing", "petitioner_answered", "refuse_return", "agree_return", "ring"),
        *("recount", "move_to_all_days", "move_back"),
    }
)
"""The only commands that move the due date of a clock already running (``ring`` only where a question lapses)."""
