"""The post book: by which channel whose letters go. A file in the data folder that only its owner may read.

It holds passwords and addresses, so its values are never repeated: not in an error, a log, an event or ``repr``.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from adapters import SetupError
from adapters.letters.forms import Language
from adapters.post.answer import PATIENCE
from models.organisation import Organisation

FILE: Final = "post.toml"
TRAY: Final = "tray"
"""The channel that every desk has: the folder, and from there the printer."""
MAIL: Final = "mail"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
ROBOTS: Final = {"wecombot", "dingtalk", "feishu", "lark"}


class PostBookError(SetupError):
    """The post book cannot be used; names the place, never the value."""


def is_address(text: str) -> bool:
    """Tell whether a text is an e-mail address as every server takes it."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def _address(text: str) -> str:
    if not is_address(text):
        raise ValueError("不是电子邮箱地址 / not an e-mail address")
    return text


def _on_the_web(url: SecretStr) -> SecretStr:
    where = urlsplit(url.get_secret_value())
    if where.scheme not in {"http", "https"} or not where.hostname:
        raise ValueError("须为 http(s):// 地址 / must be an http(s):// address")
    if where.scheme == "http" and where.hostname not in LOOPBACK:
        raise ValueError("除本机外须用 https / https, but for this machine itself")
    if where.username or where.password:
        raise ValueError("地址中不要写口令，请用 token / no password in the address, use token")
    return url


WebAddress = Annotated[SecretStr, AfterValidator(_on_the_web)]
MailAddress = Annotated[str, AfterValidator(_address)]


class Channel(BaseModel):
    """A channel; ``repr`` shows its kind alone."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def __repr__(self) -> str:
        """Show nothing that was written in the book."""
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class MailChannel(Channel):
    """An SMTP server. ``name`` is shown beside the sender's address."""

    kind: Literal["mail"]
    host: str = Field(min_length=1, max_length=253)
    port: int = Field(ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    sender: MailAddress
    name: str = Field(default="", max_length=60)
    user: str = ""
    password: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _no_password_in_the_clear(self) -> Self:
        if self.security == "none" and self.user and self.host not in LOOPBACK:
            raise ValueError("不加密时不得登录 / a password never goes over an unencrypted line")
        if not (self.user + self.password.get_secret_value()).isascii():
            raise ValueError("账号口令只能用 ASCII 字符 / user and password in ASCII only")
        return self


class WebhookChannel(Channel):
    """A service of one's own that takes letters as JSON."""

    kind: Literal["webhook"]
    url: WebAddress
    token: SecretStr | None = None


class RobotChannel(Channel):
    """A group's robot; ``url`` is the address that the group's settings show, ``secret`` the one it signs with."""

    kind: Literal["wecom", "dingtalk", "feishu"]
    url: WebAddress
    secret: SecretStr | None = None


class OtherChannel(Channel):
    """Any other service, by its address in apprise's own form."""

    kind: Literal["apprise"]
    url: SecretStr

    @model_validator(mode="after")
    def _understood(self) -> Self:
        from adapters.post.others import knows

        url = self.url.get_secret_value()
        if urlsplit(url).scheme.lower() in ROBOTS:
            raise ValueError("请用 wecom、dingtalk、feishu / use the kinds wecom, dingtalk, feishu")
        if not knows(url):
            raise ValueError("apprise 不认识这个地址 / apprise does not know this address")
        return self


AnyChannel = Annotated[MailChannel | WebhookChannel | RobotChannel | OtherChannel, Field(discriminator="kind")]


@dataclass(frozen=True)
class Route:
    """The way of one letter: the channel's name, the channel (None for the tray), and for e-mail the address."""

    name: str
    channel: MailChannel | WebhookChannel | RobotChannel | OtherChannel | None = None
    address: str = ""

    def __repr__(self) -> str:
        """Show no address."""
        return f"Route({self.name})"


IN_THE_TRAY: Final = Route(TRAY)


class PostBook(BaseModel):
    """The whole book.

    A way is written ``channel``, or for e-mail ``channel:address``; in an address ``{person}`` stands for the
    official's id. The first that fits counts: the person, one of their posts, their unit, ``default``. ``petitioner``
    names a mail channel, for petitioners who left an e-mail address; all others' letters wait in the tray. ``witness``
    is the way by which each day's root goes to whoever keeps it outside the desk's reach.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    language: Language = "zh"
    patience: float = Field(default=PATIENCE, ge=0.1, le=60)
    default: str = TRAY
    petitioner: str = TRAY
    witness: str = TRAY
    channels: dict[str, AnyChannel] = Field(default_factory=dict)
    people: dict[str, str] = Field(default_factory=dict)
    posts: dict[str, str] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)

    def __repr__(self) -> str:
        """Show the channels' names alone."""
        return f"PostBook({', '.join(self.channels)})"

    __str__ = __repr__

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if TRAY in self.channels:
            raise ValueError("tray 是保留名称 / the name tray is taken")
        for where, way in self.ways().items():
            self._check(where, way)
        if self.petitioner != TRAY and not isinstance(self.channels.get(self.petitioner), MailChannel):
            raise ValueError("petitioner：须为 mail 类渠道 / must be a channel of kind mail")
        return self

    def ways(self) -> dict[str, str]:
        """Return every way by the place it stands at: ``people.li``, ``posts.dispatcher``, ``default``."""
        tables = {"people": self.people, "posts": self.posts, "units": self.units}
        return {
            "default": self.default,
            "witness": self.witness,
            **{f"{name}.{key}": way for name, table in tables.items() for key, way in table.items()},
        }

    def _check(self, where: str, way: str) -> None:
        name, _, address = way.partition(":")
        channel = self.channels.get(name)
        if channel is None and name != TRAY:
            raise ValueError(f"{where}：没有这个渠道 / no such channel")
        if isinstance(channel, MailChannel):
            if not is_address(address.replace("{person}", "person")):
                raise ValueError(f"{where}：须写作 渠道:邮箱地址 / write channel:address")
        elif address:
            raise ValueError(f"{where}：只有邮件渠道带地址 / only a mail channel takes an address")

    def route(self, organisation: Organisation | None, to: str) -> Route:
        """Return the way of an official's letters."""
        person = organisation.person(to) if organisation else None
        ways = [self.people.get(to)]
        if person:
            ways += [*(self.posts.get(post) for post in person.posts), self.units.get(person.unit)]
        name, _, address = next((way for way in ways if way), self.default).partition(":")
        return Route(name, self.channels.get(name), address.replace("{person}", to))

    def route_to_witness(self) -> Route:
        """Return the way of each day's root to its witness; the tray if it goes nowhere."""
        name, _, address = self.witness.partition(":")
        return Route(name, self.channels.get(name), address)

    def route_to_petitioner(self, contact: str) -> Route:
        """Return the way of the petitioner's letters: by e-mail only where the contact under seal is an address."""
        address = contact.strip()
        if self.petitioner == TRAY or not is_address(address):
            return IN_THE_TRAY
        return Route(self.petitioner, self.channels[self.petitioner], address)


def open_book(data: Path) -> PostBook:
    """Return the post book of a data folder; without a file every letter goes into the tray.

    Raises:
        PostBookError: others may read it, or it is no post book; the place is named, never the value.
    """
    path = data / FILE
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            held = file.read()
    except FileNotFoundError:
        return PostBook()
    except OSError as fault:
        raise PostBookError(f"无法读取 {path}：{fault.strerror}", f"{path} cannot be read: {fault.strerror}") from None
    if os.name == "posix" and mode & 0o077:
        raise PostBookError(f"通信簿他人可读，请执行 chmod 600 {path}", f"Others may read it; run: chmod 600 {path}")
    try:
        return PostBook.model_validate(tomllib.loads(held.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise PostBookError(f"{path} 不是 UTF-8 文本。", f"{path} is not UTF-8.") from None
    except tomllib.TOMLDecodeError as fault:
        # The parser's message names line and column; the line itself is not repeated.
        where = _line_of(str(fault))
        raise PostBookError(f"{path} 不是 TOML{where}。", f"{path} is not TOML{where}.") from None
    except ValidationError as wrong:
        raise PostBookError(*_explained(path, wrong)) from None


def _line_of(message: str) -> str:
    found = re.search(r"line (\d+), column (\d+)", message)
    return f" (line {found[1]}, column {found[2]})" if found else ""


def _explained(path: Path, wrong: ValidationError) -> tuple[str, str]:
    parts: Mapping[str, str] = {
        ".".join(str(each) for each in error["loc"]) or FILE: error["msg"].removeprefix("Value error, ")
        for error in wrong.errors(include_url=False, include_input=False, include_context=False)
    }
    told = "; ".join(f"{where}: {why}" for where, why in parts.items())
    return f"通信簿 {path} 有误：{told}", f"The post book {path} is not right: {told}"
