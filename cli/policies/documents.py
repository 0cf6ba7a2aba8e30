"""Policies as a person names them: those in force by name, proposed ones by file."""

from collections.abc import Container
from pathlib import Path

from adapters.policy_text import LIMIT, Document, document_of
from cli.exits import UsageProblem
from cli.reading import read_text
from models.policy import Policy
from models.refusals import UnfitPolicy
from models.world import World


def read_policy(file: str, calendars: Container[str]) -> Document:
    """Read a file as a policy.

    Raises:
        UsageProblem: it cannot be read, or is no text.
    """
    return document_of(file, read_text(file, "FILE", limit=LIMIT).text, calendars)


def policy_named(name: str, world: World) -> Policy:
    """Return the policy that a person means: one in force by its name, else a file.

    Raises:
        UsageProblem: there is neither.
        UnfitPolicy: the file is no policy to work by.
    """
    if name in world.policies:
        return world.policies[name]
    if name != "-" and not Path(name).is_file():
        known = "、".join(world.policies)
        raise UsageProblem(
            f"没有名为“{name}”的规则，也没有这个文件。已有规则：{known}",
            f'There is no policy and no file "{name}". Policies: {known}',
            field="FILE",
        )
    read = read_policy(name, world.calendars)
    if read.policy is None:
        first = read.mistakes[0]
        where, where_en = first.where
        raise UnfitPolicy(
            file=name, where=where, where_en=where_en, why=first.zh, why_en=first.en, count=len(read.mistakes)
        )
    return read.policy
