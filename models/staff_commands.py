"""What may be asked of the organisation. The fields are the form; their names are the organisation's own."""

from pydantic import Field

from models.base import Line, Said, Text, Word, Written
from models.command import Command
from models.instants import Day
from models.organisation import ON_DUTY, Organisation
from models.vocabulary import Role


class DefineOrganisation(Command, zh="设定组织机构", en="define the organisation"):
    """Set who there is: units, people, posts, roles. Whoever is left out has left; a unit left out is closed."""

    organisation: Organisation
    reason: Text = ""


class AddUnit(Command, zh="增设单位", en="add a unit"):
    """Add a unit: an office, a team, a township."""

    id: Word
    called: Said
    english: Line = ""
    township: bool = False
    above: Word | None = None
    aliases: tuple[Said, ...] = Field(default=(), max_length=20)
    reason: Text = ""


class ChangeUnit(Command, zh="变更单位", en="change a unit"):
    """Change what is filled in of a unit; an empty ``above`` takes it from under the other one."""

    unit: Word
    called: Said | None = None
    english: Line | None = None
    township: bool | None = None
    above: Line | None = None
    aliases: tuple[Said, ...] | None = Field(default=None, max_length=20)
    reason: Text = ""


class CloseUnit(Command, zh="撤销单位", en="close a unit"):
    """Close a unit nobody is in any more; its cases keep its name."""

    unit: Word
    reason: Written


class AddPerson(Command, zh="增加人员", en="add a person"):
    """Add somebody, under an id nobody ever had."""

    id: Word
    called: Said
    unit: Word
    roles: tuple[Role, ...] = Field(default=(), max_length=20)
    posts: tuple[Word, ...] = Field(default=(), max_length=20)
    charge: tuple[Word, ...] = Field(default=(), max_length=200)
    delegate: Word | None = None
    interests: tuple[Said, ...] = Field(default=(), max_length=50)
    reason: Text = ""


class ChangePerson(Command, zh="变更人员", en="change a person"):
    """Change what is filled in of somebody; an empty ``delegate`` leaves them without a usual stand-in."""

    person: Word
    called: Said | None = None
    unit: Word | None = None
    roles: tuple[Role, ...] | None = Field(default=None, max_length=20)
    charge: tuple[Word, ...] | None = Field(default=None, max_length=200)
    delegate: Line | None = None
    interests: tuple[Said, ...] | None = Field(default=None, max_length=50)
    reason: Text = ""


class RetirePerson(Command, zh="人员离任", en="retire a person"):
    """Somebody leaves: they act in nothing and hold nothing any more; what they did stays theirs."""

    person: Word
    reason: Written


class Appoint(Command, zh="任职", en="appoint"):
    """Give somebody a post."""

    person: Word
    post: Word
    reason: Text = ""


class Relieve(Command, zh="免职", en="relieve"):
    """Take a post from somebody."""

    person: Word
    post: Word
    reason: Written


class TakeLeave(Command, zh="请假", en="take leave"):
    """Somebody is away on these days, both included; the delegate hears for them, or their usual stand-in."""

    person: Word
    since: Day
    until: Day
    delegate: Word | None = None
    reason: Text = ""


class EndLeave(Command, zh="销假", en="end a leave"):
    """Somebody is back today; a leave still to come is struck out."""

    person: Word
    reason: Text = ""


class DefineGrid(Command, zh="设定网格", en="define a grid"):
    """Set a grid: the unit it lies in, the villages and places it is made of, who walks it."""

    id: Word
    called: Said
    unit: Word
    words: tuple[Said, ...] = Field(default=(), max_length=200)
    person: Word | None = None
    reason: Text = ""


class DropGrid(Command, zh="撤销网格", en="drop a grid"):
    """Drop a grid."""

    grid: Word
    reason: Written


class SetDuty(Command, zh="排班", en="set who is on duty"):
    """Say who is on duty on these days, both included; what stood in the roster for them before gives way."""

    person: Word
    since: Day
    until: Day
    post: Word = ON_DUTY
    reason: Text = ""
