"""Letters that leave the desk: real receivers on loopback, Temporal trying again, people taking over."""

import asyncio
import contextlib
import dataclasses
import io
import json
import signal
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import WorkflowExecutionStatus

from activities import letters
from adapters import queries, tables
from adapters.desk import Desk
from adapters.embedded import EmbeddedTemporal
from adapters.intake import intake
from adapters.letters import forms
from adapters.relay import ANCHOR_ID
from models.delivery import LetterSeen
from models.vocabulary import Fate
from tests.store.receivers import CUT, HANG, Mailbox, Sink, http_sink, smtp, write_book
from tests.workflow.desks import Office, a_desk, client_of, running
from tests.workflow.moments import SteppedMoments
from tests.workflow.rungs import rings
from tests.workflow.test_worker import a_process

MAIL = """
default = "{default}"
petitioner = "mail"
patience = {patience}

[channels.mail]
kind = "mail"
host = "127.0.0.1"
port = {port}
security = "none"
sender = "desk@example.cn"
"""
HOOK = """
default = "hook"
patience = {patience}

[channels.hook]
kind = "webhook"
url = "{url}"
"""
NAME, TELEPHONE, MAILBOX, WORDS = "金丝雀", "13987654321", "canary@example.cn", "这是金丝雀的原话"


@pytest.fixture
async def stepped(tmp_path: Path, dev_server: EmbeddedTemporal, namespace: str) -> AsyncIterator[Office]:
    """A desk whose clock is stepped by hand, with a worker."""
    desk = await asyncio.to_thread(
        a_desk,
        tmp_path / "desk",
        moments=SteppedMoments(),
        temporal_address=dev_server.address,
        temporal_namespace=namespace,
    )
    with contextlib.closing(desk):
        async with running(desk, await client_of(desk)) as office:
            yield office


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow one another quickly; how they follow is not what is tested."""
    monkeypatch.setattr(letters, "FIRST", timedelta(milliseconds=50))
    monkeypatch.setattr(letters, "LONGEST", timedelta(milliseconds=200))


def by_mail(office: Office, port: int, *, default: str = "mail:{person}@example.cn", patience: float = 10) -> None:
    write_book(office.desk.settings.data, MAIL.format(port=port, default=default, patience=patience))


def to_li(office: Office, port: int) -> None:
    """Only one official's letters go by mail; whoever is told of a failure finds it in the tray."""
    book = MAIL.format(port=port, default="tray", patience=10)
    write_book(office.desk.settings.data, f'{book}\n[people]\nli = "mail:li@example.cn"\n')


def by_hook(office: Office, url: str, patience: float = 10) -> None:
    write_book(office.desk.settings.data, HOOK.format(url=url, patience=patience))


def seen(office: Office, case: str, number: str) -> LetterSeen:
    return next(each for each in queries.letters(office.desk.database, case) if each.number == number)


async def under_way(office: Office, case: str) -> Sequence[PendingActivityInfo]:
    """The activities of a case that Temporal has under way, or will try again."""
    if await office.known(case) is None:
        return ()
    return (await office.handle(case).describe()).raw_description.pending_activities


async def petition(office: Office, contact: str = "") -> str:
    """Take a petition in, with who complained and in which words under seal."""
    fields = {"channel": "letter", "place": "白马乡", "summary": "夜间恶臭"}
    secret = {"petitioner": NAME, "contact": contact, "text": WORDS}
    receipt = await asyncio.to_thread(
        intake, office.desk, fields, actor="clerk", key=f"in-{next(office.envelopes)}", secret=secret
    )
    return receipt.case


async def assigned(office: Office) -> str:
    """A petition whose letter 3 goes to its handler."""
    case = await office.petition()
    await office.perform("accept", "clerk", case)
    await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li")
    return case


@pytest.mark.usefixtures("hurried")
async def test_a_receiver_that_answers_500_gets_the_letter_again_under_the_same_key(office: Office) -> None:
    sink = Sink(answers=["500", "503", "200"])
    with http_sink(sink) as url:
        by_hook(office, url)
        case = await assigned(office)
        await office.settled()
    letter = seen(office, case, "3")
    assert (letter.fate, letter.channel, letter.why) == (Fate.SENT, "hook", "")
    assert len(sink.keys) == 3
    assert len(set(sink.keys)) == 1
    assert str(sink.keys[0]).startswith(f"{case}-3-1.")
    assert office.case(case).unsettled == ()
    assert seen(office, case, "2").fate is Fate.TRAY, "the petitioner's waits to be printed"
    assert {each.suffix for each in office.desk.tray.glob(f"{case}_3.1.letter.*")} == {".txt", ".docx"}


async def test_a_petitioner_who_left_an_address_gets_mail_and_nobody_else_learns_of_them(office: Office) -> None:
    box = Mailbox()
    with smtp(box) as port:
        by_mail(office, port)
        by_address = await petition(office, MAILBOX)
        by_telephone = await petition(office, TELEPHONE)
        for case in (by_address, by_telephone):
            await office.perform("accept", "clerk", case)
            await office.perform("assign", "dispatcher", case, unit="enforcement", handler="li", leader="county_deputy")
            await office.perform("instruct", "county_deputy", case, text="抓紧")
            await office.perform("urge", "dispatcher", case, text="请报进展")
            await office.perform("list_for_supervision", "county_deputy", case, reason="群众反映强烈")
        await office.settled()
    assert seen(office, by_address, "2").fate is Fate.SENT
    assert seen(office, by_telephone, "2").fate is Fate.TRAY
    mails = {str(each["To"]): each for each in box.mails}
    assert set(mails) == {MAILBOX, "li@example.cn", "sun@example.cn"}
    for mail in box.mails:
        body = mail.get_body(("plain",))
        assert body is not None
        text = f"{mail['Subject']}{body.get_content()}" + "".join(map(_docx_text, mail.iter_attachments()))
        assert (NAME in text) == (mail["To"] == MAILBOX)
        assert TELEPHONE not in text
        assert WORDS not in text
        assert ("查询码" in text) == (mail["To"] == MAILBOX)
    tray = {path.stem: path.read_text("utf-8") for path in office.desk.tray.glob("*.txt")}
    assert {name for name, text in tray.items() if NAME in text} == {
        f"{by_address}_2.1.letter", f"{by_telephone}_2.1.letter",
    }  # fmt: skip
    assert not any(WORDS in text for text in tray.values())
    assert MAILBOX not in json.dumps([each.body() for each in office.history(by_address)], ensure_ascii=False)
    assert "example.cn" not in "".join(each.body() for each in office.history(by_address))


def _docx_text(part: EmailMessage) -> str:
    return "\n".join(each.text for each in Document(io.BytesIO(part.get_content())).paragraphs)


@pytest.mark.usefixtures("hurried")
async def test_given_up_it_is_a_failure_on_the_case_that_climbs_to_the_duty_leader_until_it_is_settled(
    stepped: Office,
) -> None:
    moments = stepped.desk.moments
    assert isinstance(moments, SteppedMoments)
    box = Mailbox(rcpt=["451 not now"])
    with smtp(box) as port:
        to_li(stepped, port)
        case = await assigned(stepped)

        async def tried() -> bool:
            return any(each.attempt > letters.TRIES for each in await under_way(stepped, case))

        await stepped.until(tried, "it was tried several times")
        assert seen(stepped, case, "3").fate is Fate.WAITING
        assert stepped.case(case).unsettled == ()
        moments.step(letters.GIVE_UP)
        await stepped.until(lambda: stepped.case(case).unsettled, "the desk gave it up")
    (lost,) = stepped.case(case).unsettled
    assert (lost.number, lost.to, lost.fate, lost.why) == ("3", "li", Fate.FAILED, "smtp_451")
    assert "letter_failed" in stepped.events(case)

    def climbed() -> list[tuple[str, str]]:
        return [
            (str(each.event.said["rung"]), each.event.reactions[0].to[0])
            for each in rings(stepped, case)
            if each.event.said["clock"] == "delivery"
        ]

    await stepped.until(lambda: len(climbed()) == 1, "who assigns hears at once")
    clock = stepped.case(case).clock("delivery")
    assert clock
    moments.step(clock.due + timedelta(days=1, minutes=1) - moments.now())
    await stepped.perform(
        "note", "clerk", case, text="…"
    )  # the desk's clock was stepped: whoever writes wakes the timer
    await stepped.until(lambda: len(climbed()) == 3, "the ladder is climbed")
    assert climbed() == [("told", "dispatcher"), ("administrator", "admin"), ("duty_leader", "duty")]
    await stepped.settled()
    notice = (stepped.desk.tray / f"{case}_{_rung_event(stepped, case)}.1.letter.txt").read_text("utf-8")
    assert "文书 3（信访事项交办单），收件人 li：未送达。" in notice
    await stepped.perform("settle_letter", "clerk", case, letter="3", how="by_hand", note="当面送达")
    assert stepped.events(case)[-1] == "letters_settled"
    assert stepped.case(case).clock("delivery") is None
    await stepped.settled()


def _rung_event(office: Office, case: str) -> int:
    return next(each.seq for each in rings(office, case) if each.event.said["rung"] == "told")


async def test_a_refused_receiver_is_a_failure_at_once_and_sent_again_it_arrives(office: Office) -> None:
    box = Mailbox(rcpt=["550 nobody of that name", "250 OK"])
    with smtp(box) as port:
        to_li(office, port)
        case = await assigned(office)
        await office.until(lambda: office.case(case).unsettled, "it is lost")
        assert office.case(case).unsettled[0].why == "smtp_550"
        assert box.taken == []
        await office.perform("resend_letter", "dispatcher", case, letter="3")
        await office.settled()
    assert seen(office, case, "3").fate is Fate.SENT
    assert office.case(case).unsettled == ()
    assert office.case(case).clock("delivery") is None
    (mail,) = box.mails
    sent = next(each for each in office.history(case) if each.event.name == "letter_resent")
    assert str(mail["Message-ID"]).startswith(f"<{case}-{sent.seq}-1."), "a sending of its own"
    assert f"{case}-3号" in str(mail["Subject"]), "the same document"


async def test_a_line_that_breaks_after_the_end_of_data_is_unknown_and_not_tried_again(office: Office) -> None:
    box = Mailbox(data=[CUT, "250 OK"])
    with smtp(box) as port:
        to_li(office, port)
        case = await assigned(office)
        await office.until(lambda: office.case(case).unsettled, "it is known that nobody knows")
        await office.settled()
        assert len(box.taken) == 1, "sent once, and not again by itself"
    assert seen(office, case, "3").fate is Fate.UNKNOWN
    assert "letter_unknown" in office.events(case)
    assert office.case(case).clock("delivery")


async def test_a_letter_to_somebody_named_meanwhile_does_not_go_out(desk: Desk) -> None:
    """Written for the handler; before it is delivered they are named as complained about (art. 30)."""
    apart = Office(desk, await client_of(desk))
    case = await assigned(apart)
    await apart.perform("correct", "clerk", case, reason="补充", named=["li"])
    box = Mailbox()
    with smtp(box) as port:
        by_mail(apart, port)
        async with running(desk, apart.client) as office:
            await office.until(lambda: office.case(case).unsettled, "it is kept back")
            await office.settled()
    assert office.case(case).unsettled[0].why == "party"
    assert not any("li@" in str(each["To"]) for each in box.mails)
    assert not list(desk.tray.glob(f"{case}_3.1.*"))


async def test_a_broken_post_book_sends_nothing_and_mended_the_letters_go(office: Office) -> None:
    sink = Sink()
    with http_sink(sink) as url:
        write_book(office.desk.settings.data, "default = 'nowhere'")
        case = await assigned(office)

        async def failing() -> bool:
            through = office.client.data_converter  # what failed is told under the desk's key
            why = [str(await through.decode_failure(each.last_failure)) for each in await under_way(office, case)]
            return any("post_book" in each for each in why)

        await office.until(failing, "the broken book is told")
        by_hook(office, url)
        await office.settled()
    assert seen(office, case, "3").fate is Fate.SENT


@pytest.mark.usefixtures("hurried")
async def test_a_form_that_cannot_be_filled_in_is_a_failure_on_the_case_and_not_a_secret(
    stepped: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = stepped.desk.moments
    assert isinstance(moments, SteppedMoments)
    original = forms.forms()
    order = original["assignment_order"]
    body = order.words["zh"].body.environment.from_string("{{ petitioner }}")
    spoilt = dataclasses.replace(order, words={"zh": forms.Words("交办单", body)})
    monkeypatch.setattr(forms, "forms", lambda: {**original, "assignment_order": spoilt})
    case = await assigned(stepped)

    async def tried() -> bool:
        return any(each.attempt > letters.TRIES for each in await under_way(stepped, case))

    await stepped.until(tried, "it was tried several times")
    moments.step(letters.GIVE_UP)
    await stepped.until(lambda: stepped.case(case).unsettled, "the desk gave it up")
    assert stepped.case(case).unsettled[0].why == "form"
    await stepped.settled()


async def test_a_receiver_that_hangs_holds_up_neither_the_clock_nor_other_letters_for_ever(stepped: Office) -> None:
    moments = stepped.desk.moments
    assert isinstance(moments, SteppedMoments)
    box = Mailbox(data=[HANG])
    with smtp(box) as port:
        by_mail(stepped, port, patience=15)
        cases = [await assigned(stepped) for _ in range(letters.AT_ONCE + 4)]
        other = await stepped.petition(channel="hotline")
        await stepped.until(lambda: len(box.taken) >= letters.AT_ONCE, "as many letters hang as may be under way")
        moments.step(timedelta(days=3))
        await stepped.perform("note", "clerk", other, text="…")
        await stepped.until(lambda: rings(stepped, other), "the clock rings meanwhile", within=10)
        assert any(case.pending for case in map(stepped.case, cases)), "and letters were under way all the time"
        box.data[:] = ["250 OK"]
        box.stopped.set()
        await stepped.settled(within=110)


async def test_a_worker_killed_between_sending_and_recording_repeats_at_most_under_the_same_id(desk: Desk) -> None:
    apart = Office(desk, await client_of(desk))
    environment = {
        "TEMPORAL_ADDRESS": str(desk.settings.temporal_address),
        "TEMPORAL_NAMESPACE": desk.settings.temporal_namespace,
    }
    box = Mailbox()
    with smtp(box) as port:
        # Which unit somebody belongs to a new worker has to find out before it is told of anything.
        book = MAIL.format(port=port, default="tray", patience=10)
        write_book(desk.settings.data, f'{book}\n[units]\nenforcement = "mail:{{person}}@example.cn"\n')
        case = await assigned(apart)
        with desk.database.writing() as connection:
            connection.execute(sa.delete(tables.outbox))
        # Nobody but the activity shall want to write: the relay has nothing to send and nothing to revive.
        queue = desk.settings.task_queue
        await apart.client.start_workflow("Anchor", id=ANCHOR_ID, task_queue=queue)
        async with a_process(desk.settings.data, **environment) as process:
            await apart.until(lambda: process.has_said("worker_ready"), "the worker is ready")
            with desk.database.writing():  # what came of it has to wait for its turn at the database
                await apart.client.start_workflow("Petition", {"case": case}, id=f"case-{case}", task_queue=queue)
                await apart.until(lambda: box.taken, "it is sent")
                process.process.send_signal(signal.SIGKILL)
                await process.process.wait()
        async with a_process(desk.settings.data, **environment) as process:
            await apart.settled()
            assert await process.stop() == 0
    assert seen(apart, case, "3").fate is Fate.SENT
    assert len(set(box.ids)) == 1
    outcomes = [each for each in apart.history(case) if "reaction" in each.event.said]
    assert len(outcomes) == 2
    assert len(box.ids) == 2


async def test_what_happens_after_a_case_is_over_still_reaches_somebody(office: Office) -> None:
    """A notice of non-acceptance that nobody takes: the life of the case is not over before it is seen to."""
    with smtp(Mailbox(rcpt=["550 no such user"])) as port:
        by_mail(office, port, default="tray")
        case = await petition(office, MAILBOX)
        await office.perform("decline", "clerk", case, reason="不属于职责范围")
        await office.until(lambda: office.case(case).unsettled, "it is lost")
        await office.until(lambda: rings(office, case), "who assigns is told")
        await office.settled()
    assert office.case(case).is_open is False
    assert await office.status(case) is WorkflowExecutionStatus.RUNNING
    await office.perform("settle_letter", "clerk", case, letter="2", how="by_hand")

    async def over() -> bool:
        return await office.status(case) is WorkflowExecutionStatus.COMPLETED

    await office.until(over, "its life is over")


def test_the_time_of_a_letter_fits_into_the_time_of_its_activity() -> None:
    from adapters.post.book import PostBook
    from workflows.process import POSTING

    longest = next(each.le for each in PostBook.model_fields["patience"].metadata if hasattr(each, "le"))
    assert timedelta(seconds=longest + letters.RECORDING) < POSTING
