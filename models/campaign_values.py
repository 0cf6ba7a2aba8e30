"""What a campaign is made of: its level, coordination groups, days, editions of its table, rounds of looking back."""

from pydantic import Field

from models.base import Amount, Frozen, Line, Said, Word
from models.instants import Day, Instant
from models.vocabulary import Term


class Level(Term):
    """Whose campaign it is."""

    CENTRAL = "central", "中央", "central"
    PROVINCIAL = "provincial", "省级", "provincial"
    CITY = "city", "市级", "city's"
    COUNTY = "county", "县级", "county's"


class Group(Frozen):
    """A coordination group (协调小组): what it sees to, who leads it, who is in it."""

    name: Said
    duty: Line = ""
    head: Word | None = None
    members: tuple[Word, ...] = ()


class Deadlines(Frozen):
    """How many calendar days after its batch a petition is to have been where; the day of the batch is not counted.

    The defaults are read off the published tables of an inspection.
    """

    on_site: int = Field(default=1, ge=0, le=365, description="到现场核查 / on site")
    handed_in: int = Field(default=6, ge=0, le=365, description="承办单位办结报审 / handed in by the unit")
    in_public: int = Field(default=9, ge=0, le=365, description="向社会公开 / in the public table")
    limit: int = Field(default=10, ge=0, le=365, description="办结时限 / closed")


class Tally(Frozen):
    """What was ordered, punished and held to account for one petition, in all so far; fines in ten thousand yuan."""

    rectify_orders: int = Field(default=0, ge=0, le=10_000, description="责令整改（家）")
    penalties: int = Field(default=0, ge=0, le=10_000, description="立案处罚（家）")
    fines: Amount = Field(default=0, ge=0, le=1_000_000, description="罚款（万元）")
    criminal_cases: int = Field(default=0, ge=0, le=10_000, description="立案侦查（件）")
    detained: int = Field(default=0, ge=0, le=10_000, description="行政拘留（人）")
    arrested: int = Field(default=0, ge=0, le=10_000, description="刑事拘留（人）")
    talks: int = Field(default=0, ge=0, le=10_000, description="约谈（人）")
    accountable: int = Field(default=0, ge=0, le=10_000, description="问责（人）")


class Edition(Frozen):
    """The newest edition of a batch's public table: which version, when it was published, the hash of what it says."""

    batch: Day
    version: int
    at: Instant
    sha256: str


class PublishedRow(Frozen):
    """A row of a published table: the petition, as of which of its events, its batch, and the hash of what it says."""

    case: Word
    seq: int = Field(ge=1)
    batch: Day
    digest: str = Field(pattern=r"^[0-9a-f]{16}$")


class LookedBack(Term):
    """What a look-back found."""

    HELD = "held", "整改到位", "it held"
    BACK = "back", "问题反弹", "it came back"


class LookBack(Frozen):
    """A round of looking back: which one, since when; the petitions still to be checked, and what was found of others.

    A petition that came back is opened again.
    """

    number: int
    day: Day
    left: tuple[Word, ...] = ()
    held: tuple[Word, ...] = ()
    back: tuple[Word, ...] = ()
