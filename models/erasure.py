"""Erasing who complained: proposed by one, decided by another, and why; what it destroys is no part of a case."""

from pydantic import Field

from models.base import Written
from models.command import Command
from models.vocabulary import ErasureGrounds


class ProposeErasure(Command, zh="提出删除信访人信息", en="propose to erase who complained"):
    """Ask a leader to have it erased who complained: the first of two people, who destroys nothing."""

    grounds: ErasureGrounds = Field(description="须另一人同意 / somebody else has to agree")


class Erase(Command, zh="删除信访人信息", en="erase who complained"):
    """Destroy the keys of what is under seal: name, contact, own words, own files. It cannot be taken back."""

    grounds: ErasureGrounds = Field(description="须与提出的依据一致，不可恢复 / as proposed; cannot be taken back")


class RefuseErasure(Command, zh="不同意删除信访人信息", en="refuse to erase who complained"):
    """Leave who complained under seal; it may be proposed again."""

    reason: Written
