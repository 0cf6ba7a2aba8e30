"""Letters at the keyboard: what became of them, one once more, and the post book explained."""

import io
from pathlib import Path

import pytest
from docx import Document

from adapters.door import OWN_IDS
from models.envelope import Envelope
from tests.cli.conftest import Terminal
from tests.store.receivers import Mailbox, Sink, http_sink, smtp, write_book


def lose(terminal: Terminal, case: str, number: str = "2", outcome: str = "failed", why: str = "smtp_550") -> None:
    """A letter of a case did not arrive."""
    reaction = f"{case}#{number}.1.letter"
    ref = {"letter": reaction, "template": "acceptance_notice", "to": "petitioner"}
    envelope = Envelope(
        id=f"{OWN_IDS}{reaction}/{outcome}",
        case=case,
        actor="engine",
        command="record_outcome",
        data={"reaction": reaction, "outcome": outcome, "letter": ref, "why": why, "by_channel": "mail"},  # type: ignore[dict-item]
    )
    terminal.desk().door.perform([envelope], trusted=True)


@pytest.fixture
def case(terminal: Terminal, tmp_path: Path) -> str:
    """A petition with a petitioner under seal, accepted."""
    who = tmp_path / "who.json"
    who.write_text('{"petitioner": "金丝雀", "contact": "13987654321"}', encoding="utf-8")
    made = terminal.petition("--who", who)
    terminal.ok("act", made, "accept", "--as", "clerk")
    return made


def test_letters_of_a_case_are_shown_with_what_became_of_them(terminal: Terminal, case: str) -> None:
    (letter,) = terminal.json("letters", case)["letters"]
    assert (letter["letter"], letter["state"], letter["to"]) == ("2", "waiting", "petitioner")
    assert letter["title"] == "信访事项受理告知书"
    assert "待投递 waiting" in terminal.ok("letters", case).out


@pytest.mark.parametrize(
    ("outcome", "why", "shows"),
    [
        ("failed", "smtp_550", ("✗ 未送达 failed", "邮件服务器答复 550")),
        ("unknown", "no_answer", ("？ 去向不明 unknown", "已全部发出，未得答复")),
    ],
)
def test_a_lost_letter_is_seen_on_the_case_and_settled_there(
    terminal: Terminal, case: str, outcome: str, why: str, shows: tuple[str, str]
) -> None:
    lose(terminal, case, outcome=outcome, why=why)
    shown = terminal.ok("show", case).out
    assert all(each in shown for each in shows)
    assert "✗ 文书 2 未送达或去向不明" in shown
    assert "文书送达 delivery of a letter" in shown, "its clock runs"
    (listed,) = terminal.json("letters", "--failed")["letters"]
    assert (listed["case"], listed["state"], listed["why"]) == (case, outcome, why)
    assert terminal.json("show", case)["letters"][0]["state"] == outcome
    assert terminal.json("show", case)["unsettled"][0]["letter"] == f"{case}#2.1.letter"
    told = terminal.ok("history", case).out
    assert "文书：2 信访事项受理告知书 → 信访人 petitioner" in told
    assert shows[1] in told
    terminal.ok("act", case, "settle_letter", "--as", "clerk", "--set", "letter=2", "--set", "how=已当面送达或邮寄")
    assert terminal.json("letters", "--failed")["letters"] == []
    settled = terminal.ok("show", case).out
    assert "✓ 已办妥 settled" in settled
    assert "已当面送达或邮寄" in settled
    assert "✗" not in settled


def test_a_lost_letter_is_sent_again_from_the_keyboard(terminal: Terminal, case: str) -> None:
    lose(terminal, case)
    assert "resend_letter" in terminal.ok("actions", case, "--as", "clerk").out
    terminal.ok("act", case, "resend_letter", "--as", "clerk", "--set", "letter=2")
    (letter,) = terminal.json("letters", case, "--failed")["letters"]
    assert (letter["state"], letter["sendings"]) == ("again", 2)
    answer = terminal("act", case, "resend_letter", "--as", "clerk", "--set", "letter=2")
    assert answer.code == 1
    assert "没有投递异常" in answer.err


def test_a_wrong_letter_is_refused_with_those_there_are(terminal: Terminal, case: str) -> None:
    lose(terminal, case)
    answer = terminal("act", case, "settle_letter", "--as", "clerk", "--set", "letter=9", "--set", "how=confirmed")
    assert (answer.code, "需要处理的有：2" in answer.err) == (1, True)
    answer = terminal("letter", case, "9")
    assert (answer.code, "有：2" in answer.err) == (2, True)


def test_all_letters_of_the_desk_are_listed_and_cut_where_there_are_many(terminal: Terminal, case: str) -> None:
    other = terminal.petition()
    terminal.ok("act", other, "accept", "--as", "clerk")
    told = terminal.json("letters", "--limit", "1")
    assert (len(told["letters"]), told["more"]) == (1, True)
    assert {each["case"] for each in terminal.json("letters")["letters"]} == {case, other}
    out = terminal.ok("letters").out
    assert f"{case} 2" in out
    assert f"{other} 2" in out
    assert "--limit 0" in terminal.ok("letters", "--limit", "1").out
    assert "没有这样的文书" in terminal.ok("letters", "--failed").out


def test_a_letter_is_written_once_more_in_either_language_and_as_docx(
    terminal: Terminal, case: str, tmp_path: Path
) -> None:
    out = tmp_path / "告知书.docx"
    answer = terminal.ok("letter", case, "2", "--docx", out)
    assert "信访事项受理告知书" in answer.out
    assert "金丝雀" not in answer.out
    assert "--as USER" in answer.err
    lines = [each.text for each in Document(io.BytesIO(out.read_bytes())).paragraphs]
    assert lines[0] == "信访事项受理告知书"
    assert "信访人：" in lines
    english = terminal.ok("letter", case, "2", "--lang", "en", "--json").data
    assert english["text"].startswith("Notice of acceptance\n")
    assert english["number"].startswith("No. ")
    assert terminal("letter", case, "2", "--lang", "fr").code == 2


def test_the_seal_opens_for_a_clerk_and_for_nobody_else(terminal: Terminal, case: str) -> None:
    assert "金丝雀：" in terminal.ok("letter", case, "2", "--as", "clerk").out
    for who, says in (("handler", "没有这一职责"), ("nobody", "没有名为")):
        answer = terminal("letter", case, "2", "--as", who)
        assert (answer.code, says in answer.err) == (1, True), answer
        assert "金丝雀" not in answer.out + answer.err
    terminal.ok("act", case, "correct", "--as", "dispatcher", "--set", "reason=补充", "--set", "named=clerk")
    answer = terminal("letter", case, "2", "--as", "clerk")
    assert (answer.code, "被反映对象" in answer.err) == (1, True)


MAIL = """
petitioner = "mail"
[channels.mail]
kind = "mail"
host = "127.0.0.1"
port = {port}
security = "none"
sender = "desk@example.cn"
user = "desk"
password = "hunter2"
[channels.hook]
kind = "webhook"
url = "{url}/in?key=hunter2"
[people]
handler = "hook"
clrek = "tray"
"""


def test_the_post_book_is_explained_without_what_it_hides(terminal: Terminal) -> None:
    answer = terminal.ok("post", "check")
    assert "没有 post.toml" in answer.out
    assert terminal.json("post", "check")["file"] is False
    write_book(terminal.folder, MAIL.format(port=25, url="http://127.0.0.1:9"))
    answer = terminal.ok("post", "check")
    assert "127.0.0.1:25 (none)" in answer.out
    assert "people.clrek" in answer.err
    told = terminal.json("post", "check")
    assert {"channel": "hook", "kind": "webhook", "where": "127.0.0.1:9"} in told["channels"]
    assert {"person": "handler", "channel": "hook"} in told["people"]
    assert told["unknown"] == ["people.clrek"]
    assert "hunter2" not in answer.out + answer.err + str(told)


def test_a_wrong_post_book_is_told_and_ends_with_3(terminal: Terminal) -> None:
    write_book(terminal.folder, "default = 'hunter2'")
    answer = terminal("post", "check")
    assert (answer.code, "default" in answer.err, "hunter2" in answer.err) == (3, True, False)
    assert terminal("post", "check", "--json").data["error"] == "post_book"


def test_a_channel_is_tried_from_the_keyboard(terminal: Terminal) -> None:
    box, sink = Mailbox(rcpt=["250 OK", "550 no such user"]), Sink(answers=["200", "500"])
    with smtp(box, user="desk", password="hunter2") as port, http_sink(sink) as url:
        write_book(terminal.folder, MAIL.format(port=port, url=url))
        assert "✓ 已发出 sent" in terminal.ok("post", "test", "mail", "--to", "me@example.cn").out
        answer = terminal("post", "test", "mail", "--to", "gone@example.cn")
        assert (answer.code, "邮件服务器答复 550" in answer.out) == (1, True)
        assert terminal("post", "test", "mail").code == 2
        assert terminal("post", "test", "pigeon").code == 2
        assert terminal.json("post", "test", "hook") == {"channel": "hook", "state": "sent", "why": None}
        answer = terminal("post", "test", "hook", "--json")
        assert (answer.code, answer.data["why"]) == (1, "http_500")
    assert box.recipients == ["me@example.cn"]
    assert len(sink.taken) == 2
