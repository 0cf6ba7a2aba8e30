"""Erasing who complained: what may be asked, and why. What it destroys is no part of a case; nothing else follows."""

from pydantic import Field

from models.command import Command
from models.vocabulary import ErasureGrounds


class Erase(Command, zh="删除信访人信息", en="erase who complained"):
    """Destroy the keys of what is under seal: name, contact, own words, own files. It cannot be taken back."""

    grounds: ErasureGrounds = Field(description="不可恢复 / cannot be taken back")
