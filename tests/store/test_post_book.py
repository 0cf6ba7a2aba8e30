"""The post book: whose letters go where, what is wrong with one, and that it never repeats what it holds."""

import logging
from pathlib import Path

import pytest

from adapters.post.book import MailChannel, PostBook, PostBookError, Route, open_book
from adapters.post.others import knows
from models.organisation import Organisation
from models.vocabulary import Role
from tests.core.builders import a_person, an_organisation
from tests.store.receivers import write_book

BOOK = """
default = "mail:{person}@bureau.example.cn"
petitioner = "mail"
language = "en"

[channels.mail]
kind = "mail"
host = "smtp.example.cn"
port = 465
sender = "desk@example.cn"
user = "desk@example.cn"
password = "hunter2-secret"

[channels.hook]
kind = "webhook"
url = "https://hook.example.cn/in?key=hook-secret"
token = "token-secret"

[channels.group]
kind = "wecom"
url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=robot-secret"

[channels.other]
kind = "apprise"
url = "json://user:apprise-secret@127.0.0.1/in"

[people]
handler = "hook"
head = "tray"

[posts]
deputy_county_head = "group"

[units]
liuxi = "mail:liuxi@example.cn"
"""


def test_without_a_book_every_letter_waits_in_the_tray(tmp_path: Path) -> None:
    book = open_book(tmp_path)
    assert book == PostBook()
    assert book.route(an_organisation(), "handler") == Route("tray")
    assert book.route_to_petitioner("zhang@example.cn") == Route("tray")


def test_the_person_goes_before_the_post_the_post_before_the_unit_and_the_unit_before_the_default(
    tmp_path: Path,
) -> None:
    write_book(tmp_path, BOOK)
    book, county = open_book(tmp_path), an_organisation()
    ways = {each.id: book.route(county, each.id) for each in county.people}
    assert (ways["handler"].name, ways["head"].name, ways["head"].channel) == ("hook", "tray", None)
    assert (ways["county-deputy"].name, ways["county-deputy"].address) == ("group", "")
    assert (ways["other-head"].name, ways["other-head"].address) == ("mail", "liuxi@example.cn")
    assert ways["clerk"].address == "clerk@bureau.example.cn"
    assert book.route(None, "somebody").address == "somebody@bureau.example.cn"
    assert book.language == "en"


def test_a_person_of_many_posts_goes_by_the_first_that_has_a_way(tmp_path: Path) -> None:
    write_book(tmp_path, BOOK)
    both = a_person("both", "liuxi", Role.LEADER, posts=("unit_head", "deputy_county_head"))
    county = an_organisation()
    county = Organisation(name=county.name, units=county.units, people=(*county.people, both))
    assert open_book(tmp_path).route(county, "both").name == "group"


@pytest.mark.parametrize(
    ("contact", "way"),
    [
        ("zhang@example.cn", "mail"),
        (" zhang.san+1@mail.example.cn ", "mail"),
        ("13912345678", "tray"),
        ("", "tray"),
        ("住白马乡 zhang@example.cn", "tray"),
        ("zhang@example.cn, li@example.cn", "tray"),
        ("a@b@c", "tray"),
        ("zhang@例子.cn", "tray"),
    ],
)
def test_a_petitioner_gets_mail_only_at_an_address_they_left(tmp_path: Path, contact: str, way: str) -> None:
    write_book(tmp_path, BOOK)
    found = open_book(tmp_path).route_to_petitioner(contact)
    assert (found.name, found.address) == (way, contact.strip() if way == "mail" else "")
    assert PostBook().route_to_petitioner(contact).name == "tray"


def test_nothing_that_is_in_the_book_is_ever_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_book(tmp_path, BOOK)
    book = open_book(tmp_path)
    route = book.route(an_organisation(), "clerk")
    shown = " ".join((repr(book), str(book), repr(book.channels), str(route), f"{list(book.channels.values())}"))
    with caplog.at_level(logging.DEBUG):
        assert knows("json://user:apprise-secret@127.0.0.1/in")
    shown += caplog.text
    assert not any(word in shown for word in ("secret", "hunter2", "example.cn", "qyapi"))
    assert isinstance(book.channels["mail"], MailChannel)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('kind = "mail"', 'kind = "pigeon"'), "channels.mail"),
        (("port = 465", 'port = "secret"'), "channels.mail.mail.port"),
        (("port = 465", "port = 99999"), "channels.mail.mail.port"),
        (("port = 465", "port = 465\nsecurity = 'none'"), "unencrypted"),
        (("hunter2-secret", "秘密secret"), "ASCII"),
        (('sender = "desk@example.cn"', 'sender = "secret"'), "e-mail address"),
        (("https://hook", "http://hook"), "https"),
        (("https://hook.example.cn", "ftp://secret"), "http(s)"),
        (("https://hook", "https://user:secret@hook"), "token"),
        (('handler = "hook"', 'handler = "hok"'), "people.handler"),
        (('handler = "hook"', 'handler = "hook:secret@example.cn"'), "only a mail channel"),
        (('liuxi = "mail:liuxi@example.cn"', 'liuxi = "mail:secret"'), "units.liuxi"),
        (('liuxi = "mail:liuxi@example.cn"', 'liuxi = "mail"'), "units.liuxi"),
        (('petitioner = "mail"', 'petitioner = "hook"'), "petitioner"),
        (('petitioner = "mail"', 'petitioner = "secret"'), "petitioner"),
        (('language = "en"', 'language = "secret"'), "language"),
        (('language = "en"', "patience = 3600"), "patience"),
        (("[channels.mail]", "[channels.tray]\nkind='webhook'\nurl='https://x'\n[channels.mail]"), "tray"),
        (("json://user", "wecombot://user"), "wecom"),
        (("json://user", "nothing://user"), "apprise"),
        (("[people]", "secret secret ="), "line 27, column 8"),
        (('language = "en"', 'phone = "secret"'), "phone"),
    ],
)
def test_what_is_wrong_is_told_by_its_place_and_never_by_its_value(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    text = BOOK.replace(*change)
    assert text != BOOK
    write_book(tmp_path, text)
    with pytest.raises(PostBookError) as wrong:
        open_book(tmp_path)
    assert says in wrong.value.en
    assert "secret" not in str(wrong.value)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in wrong.value.zh)


def test_a_book_that_others_may_read_is_refused(tmp_path: Path) -> None:
    write_book(tmp_path, BOOK)
    (tmp_path / "post.toml").chmod(0o640)
    with pytest.raises(PostBookError, match="chmod 600"):
        open_book(tmp_path)


def test_a_book_that_is_no_text_or_a_folder_is_refused(tmp_path: Path) -> None:
    write_book(tmp_path, BOOK)
    (tmp_path / "post.toml").write_bytes("默认".encode("gb18030"))
    with pytest.raises(PostBookError, match="UTF-8"):
        open_book(tmp_path)
    (tmp_path / "post.toml").unlink()
    (tmp_path / "post.toml").mkdir()
    with pytest.raises(PostBookError, match="cannot be read"):
        open_book(tmp_path)
