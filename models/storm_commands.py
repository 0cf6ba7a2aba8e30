"""What is done with a watch over one matter's filings."""

from pydantic import Field

from models.base import Line, Text, Word, Written
from models.command import Command
from models.storm import Sighting


class Observe(Command, zh="来件归集", en="observe"):
    """Filings on one matter were seen together; the first time, with what it is about."""

    sightings: tuple[Sighting, ...] = Field(min_length=1, max_length=500)
    place: Line = ""
    summary: Text = ""
    types: tuple[Word, ...] = Field(default=(), max_length=12)
    respondent: Line = ""
    unit: Word | None = None
    leader: Word | None = None
    channel: Word = ""
    named: tuple[Word, ...] = Field(default=(), max_length=100)
    respondents: tuple[Line, ...] = Field(default=(), max_length=200)


class AdoptPlan(Command, zh="确定处置方案", en="adopt a plan"):
    """Lay down how the storm is handled; where nothing is written, the plan that the rules propose."""

    plan: Text = Field(default="", description="处置方案，缺省采用建议方案 / the plan; the proposed one if empty")


class EndWatch(Command, zh="并入另一监测", en="merge the watch"):
    """Its filings are of the same matter as another watch's, which goes on with them."""

    merged_into: Word


class LetFilingGo(Command, zh="来件移出", en="let a filing go"):
    """A filing is of another matter: people said so."""

    petition: Word


class AnswerStorm(Command, zh="领导阅示", en="take note of the storm"):
    """A leader has seen it and says what is to be done first."""

    text: Written
