"""``banjie post check`` and ``banjie post test``: the post book explained, and a channel tried."""

import uuid
from typing import Annotated

import typer

from adapters.desk import Desk
from adapters.letters.told import why_words
from adapters.post.answer import Message
from adapters.post.book import FILE, TRAY, AnyChannel, MailChannel, PostBook, Route, is_address, open_book
from adapters.post.sending import send
from cli.answering import Answering
from cli.exits import REFUSED, UsageProblem
from cli.letter_table import fate_text
from cli.opening import DataOption, JsonOption, opened
from cli.screen import Screen
from models.vocabulary import Fate

post = typer.Typer(
    cls=Answering,
    help="文书投递渠道（post.toml）：检查、试发 · How letters leave the desk: check, try.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ChannelArgument = Annotated[str, typer.Argument(metavar="CHANNEL", help="渠道名 · the channel's name")]
ToOption = Annotated[
    str | None,
    typer.Option("--to", metavar="ADDRESS", help="邮件渠道的收件地址 · for a mail channel", show_default=False),
]


@post.command("check")
def check(*, data: DataOption = None, as_json: JsonOption = False) -> None:
    """检查通信簿：有哪些渠道，各人的文书走哪条 · Check the post book: channels, and whose letters go where."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        book = open_book(desk.settings.data)
        people = _people(desk, book)
        unknown = _unknown(desk, book)
        there = (desk.settings.data / FILE).exists()
    if as_json:
        screen.data(
            {
                "file": there,
                "language": book.language,
                "petitioner": book.petitioner,
                "channels": [
                    {"channel": name, "kind": each.kind, "where": _where(each)} for name, each in book.channels.items()
                ],
                "people": [{"person": person, "channel": route.name} for person, _, route in people],
                "unknown": unknown,
            }
        )
        return
    if not there:
        screen.say(f"没有 {FILE}：文书都放入托盘待打印。 No {FILE}: every letter waits in the tray.", "yellow")
    screen.table(
        ("渠道 channel", "类型 kind", "去处 where"),
        [(TRAY, "—", "tray/"), *((name, each.kind, _where(each)) for name, each in book.channels.items())],
        title="渠道 channels",
    )
    screen.table(
        ("用户 user", "姓名 name", "渠道 channel"),
        [(who, name, route.name) for who, name, route in people],
        title="人员 people",
    )
    screen.say(f"致信访人 to petitioners: {book.petitioner if book.petitioner != TRAY else '待打印 printed'}")
    if unknown:
        screen.warn(
            f"没有这些人员、职务或单位：{'、'.join(unknown)}",
            f"Nobody, no post and no unit is called: {', '.join(unknown)}",
        )
    screen.say("✓ 通信簿可用 the post book is right", "green")


def _people(desk: Desk, book: PostBook) -> list[tuple[str, str, Route]]:
    organisation = desk.world().organisation
    people = organisation.people if organisation else ()
    return [(each.id, each.name, book.route(organisation, each.id)) for each in people]


def _unknown(desk: Desk, book: PostBook) -> list[str]:
    """Return what the book names and the organisation does not know: most often a slip of the pen."""
    organisation = desk.world().organisation
    people = organisation.people if organisation else ()
    policy = desk.world().newest
    units = {unit.id for unit in organisation.units} | {"county"} if organisation else set()
    posts = {*policy.posts, *(post for each in people for post in each.posts)}
    known = {"people": {each.id for each in people}, "posts": posts, "units": units}
    ways = [way.partition(".") for way in book.ways()]
    return [f"{table}.{name}" for table, _, name in ways if table in known and name not in known[table]]


def _where(channel: AnyChannel) -> str:
    """Return where a channel leads, without anything that opens it."""
    if isinstance(channel, MailChannel):
        return f"{channel.host}:{channel.port} ({channel.security})"
    _, _, rest = channel.url.get_secret_value().partition("://")
    host = rest.partition("/")[0].rpartition("@")[2]
    # In the addresses of apprise the first part is often the key itself.
    return host if channel.kind != "apprise" else "apprise"


@post.command("test")
def try_out(
    channel: ChannelArgument, *, to: ToOption = None, data: DataOption = None, as_json: JsonOption = False
) -> None:
    """经某渠道试发一封 · Send a test message by a channel."""
    screen = Screen(as_json=as_json)
    with opened(data, screen) as desk:
        book = open_book(desk.settings.data)
        found = book.channels.get(channel)
        if found is None:
            known = "、".join(book.channels) or "—"
            raise UsageProblem(
                f"没有渠道 {channel}，有：{known}",
                f"There is no channel {channel}; there are: {known}",
                field="CHANNEL",
            )
        if isinstance(found, MailChannel) and not is_address(to or ""):
            raise UsageProblem(
                "邮件渠道须用 --to 给出收件地址。", "A mail channel needs an address: --to.", field="--to"
            )
        answer = send(Route(channel, found, to or ""), _message(desk), book.patience)
    zh, en = why_words(answer.why) if answer.why else ("", "")
    if as_json:
        screen.data({"channel": channel, "state": answer.fate.value, "why": answer.why or None})
    else:
        screen.out.print(fate_text(answer.fate), f"{zh} {en}".strip() if answer.why else "")
    if answer.fate is not Fate.SENT:
        raise typer.Exit(REFUSED)


def _message(desk: Desk) -> Message:
    name = f"test-{uuid.uuid4().hex[:12]}"
    return Message(
        id=f"<{name}@banjie.local>",
        case="—",
        number=name,
        title="办结试发 Banjie test",
        text="这是一封试发的文书，无需处理。\nThis is a test letter; nothing has to be done.\n",
        to="test",
        at=desk.moments.now(),
    )
