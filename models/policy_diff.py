"""What is different between two policies, sentence by sentence, as a clerk reads it.

Clocks are compared as each channel has them in effect, so that one change of a common row is one sentence and not one
for every channel. Whatever else the document holds, now or later, is compared field by field.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import BaseModel, JsonValue

from models.base import Frozen
from models.policy import ClockRule, Ladder, Policy
from models.policy_words import Words, said
from models.vocabulary import Kind

LABELS: Final[dict[str, Words]] = {
    "again": ("最后一级每隔几日重复", "days until the last rung comes again"),
    "article": ("依据", "rule"),
    "all_days": ("“5+2、白+黑”令", "orders that every day works"),
    "at": ("时刻", "moment"),
    "authority": ("有权叫停重复提醒的职务", "posts that may let the top rung rest"),
    "back": ("最多追溯（日）", "reaches back (days)"),
    "begins_on": ("始于", "begins on"),
    "calendar": ("日历", "calendar"),
    "channels": ("渠道", "channel"),
    "clock": ("时限", "clock"),
    "consequence": ("建议处置", "proposal"),
    "count": ("次数", "count"),
    "counting": ("计算规则", "counting rule"),
    "due": ("到期日取自", "due date taken from"),
    "since": ("起算取自", "beginning taken from"),
    "effective": ("施行日期", "takes effect"),
    "en": ("英文名称", "English name"),
    "end_of_day": ("每日截止", "end of the day"),
    "ends_on": ("终于", "ends on"),
    "extended_on": ("延期于", "extended on"),
    "extension_limit": ("延期上限（日）", "longest extension (days)"),
    "first_day_excluded": ("首日不计", "first day excluded"),
    "hushed_by": ("暂停重复提醒于", "rests on"),
    "imported": ("导入件适用", "holds for imported history"),
    "instruction_limit": ("批示办理最长（日）", "longest time for an instruction (days)"),
    "kind": ("性质", "kind"),
    "ladder": ("提醒阶梯", "ladder"),
    "length": ("", ""),
    "letter": ("文书", "letter"),
    "leader": ("包案领导", "leader"),
    "like": ("时长同", "as long as"),
    "light": ("预警", "light"),
    "longest": ("一次最长（日）", "longest (days)"),
    "name": ("规则名称", "name"),
    "order": ("各级次序", "order of the rungs"),
    "pause": ("暂停", "pause"),
    "paused_by": ("暂停于", "paused by"),
    "posts": ("职务", "post"),
    "prefix": ("编号前缀", "prefix"),
    "place": ("地点", "place"),
    "rest": ("重复提醒最长停（日）", "rests at most (days)"),
    "roll_over": ("遇休顺延", "rolls over to a working day"),
    "route": ("派件规则", "routing table"),
    "rungs": ("各级", "rungs"),
    "signed_by": ("签发", "signed by"),
    "starts_on": ("起算于", "starts on"),
    "stops_on": ("停止于", "stops on"),
    "times": ("最多次数", "at most so often"),
    "to": ("报告对象", "reaches"),
    "types": ("问题类型", "types"),
    "unit": ("单位", "unit"),
    "upwards": ("空缺上移次序", "order upwards"),
    "woken_by": ("恢复重复提醒于", "comes again on"),
    "zh": ("中文名称", "Chinese name"),
}
"""What a field is called; ``length`` needs no name before it, and what nobody named is called as it is written."""
QUIET: Final = frozenset({"rungs"})
"""Fields that only hold others, and would say nothing in a sentence."""


class Change(Frozen):
    """One difference.

    ``path`` leads to it (``clock``, kind and name of the clock, field; else as the document is written), ``channels``
    are those it holds for, empty for all; ``old`` is None for what is new, ``new`` for what is gone.
    """

    path: tuple[str, ...]
    channels: tuple[str, ...] = ()
    old: JsonValue = None
    new: JsonValue = None
    zh: str
    en: str


def diff(a: Policy, b: Policy) -> tuple[Change, ...]:
    """Return what is different in ``b``, in the document's order; nothing where both have the same effect."""
    walk = _Walk(a, b)
    both = [field for field in {**type(a).model_fields, **type(b).model_fields} if field != "clock"]
    other = [
        change
        for field in both
        for change in walk.fields((), (), {field: getattr(a, field)}, {field: getattr(b, field)})
    ]
    head = [change for change in other if len(change.path) == 1]
    return (*head, *walk.clocks(), *(change for change in other if len(change.path) > 1))


class _Missing:
    """Stands for a part that one of the two does not have."""


MISSING: Final = _Missing()


class _Walk:
    """Two policies side by side."""

    def __init__(self, a: Policy, b: Policy) -> None:
        self.a, self.b = a, b

    def clocks(self) -> list[Change]:
        """Compare the clocks as every channel that both have sees them, and the common rows as no channel does."""
        ways = [name for name in self.b.channels if name in self.a.channels]
        found: dict[str, tuple[Change, list[str]]] = {}
        for way in (*ways, None):
            for kind in Kind:
                for change in self._rows(kind, way or ""):
                    _, channels = found.setdefault(change.model_dump_json(), (change, []))
                    channels += [way] if way else ["*"]
        return [self._for_channels(change, channels, ways) for change, channels in found.values()]

    def _rows(self, kind: Kind, channel: str) -> Iterator[Change]:
        before = {row.name: row for row in self.a.clocks(kind, channel)}
        after = {row.name: row for row in self.b.clocks(kind, channel)}
        for name in dict.fromkeys((*after, *before)):
            old, new = before.get(name, MISSING), after.get(name, MISSING)
            path = ("clock", kind.value, name)
            subject = ((kind.zh, kind.en),) if kind is not Kind.PETITION else ()
            if isinstance(old, ClockRule) and isinstance(new, ClockRule):
                yield from self._inside(path, (*subject, (new.zh, new.en)), old, new)
            else:
                yield self._leaf(path, subject, old, new)

    @staticmethod
    def _named(policy: Policy, channels: list[str], ways: list[str]) -> Words:
        if set(ways) <= set(channels):
            return "", ""
        if channels == ["*"]:
            return "通用规则（各渠道另有规定）", "the common row (every channel has its own)"
        names = [policy.channels[name] for name in channels if name != "*"]
        return "、".join(way.zh for way in names), ", ".join(way.en for way in names)

    def _for_channels(self, change: Change, channels: list[str], ways: list[str]) -> Change:
        zh, en = self._named(self.b, channels, ways)
        if not zh:
            return change
        told = {"zh": f"{zh}：{change.zh}", "en": f"{en}: {change.en}"}
        return change.model_copy(update={"channels": tuple(name for name in channels if name != "*"), **told})

    def fields(
        self, path: tuple[str, ...], subject: tuple[Words, ...], old: Mapping[str, object], new: Mapping[str, object]
    ) -> Iterator[Change]:
        """Compare two things part by part."""
        for name in dict.fromkeys((*new, *old)):
            before, after = old.get(name, MISSING), new.get(name, MISSING)
            if before == after:
                continue
            if _parts(before) is not None and _parts(after) is not None:
                yield from self._inside((*path, name), (*subject, *_subject(name, after)), before, after)
            else:
                yield self._leaf((*path, name), subject, before, after)

    def _inside(self, path: tuple[str, ...], subject: tuple[Words, ...], old: object, new: object) -> Iterator[Change]:
        before, after = _parts(old) or {}, _parts(new) or {}
        # A channel's clocks are told as they are in effect.
        without = {"clocks", "off"} if path[:1] == ("channels",) else set()
        before, after = ({n: part for n, part in each.items() if n not in without} for each in (before, after))
        kept = [name for name in before if name in after]
        order = [name for name in after if name in before]
        if isinstance(new, tuple) and kept != order:
            yield self._leaf((*path, "order"), subject, tuple(kept), tuple(order))
        yield from self.fields(path, subject, before, after)

    def _leaf(self, path: tuple[str, ...], subject: tuple[Words, ...], old: object, new: object) -> Change:
        label = LABELS.get(path[-1], (path[-1], path[-1]))
        was, now = self._said(old, self.a, path), self._said(new, self.b, path)
        texts = [
            _sentence([words[at] for words in subject], label[at], was and was[at], now and now[at], *signs)
            for at, signs in enumerate((("新增", "取消", "："), ("new: ", "no more: ", ": ")))
        ]
        return Change(path=path, old=_plain(old), new=_plain(new), zh=texts[0], en=texts[1])

    @staticmethod
    def _said(value: object, policy: Policy, path: tuple[str, ...]) -> Words | None:
        if isinstance(value, ClockRule):
            zh, en = said(value.length, policy)
            return f"{value.zh} {zh}", f"{value.en}, {en}"
        if isinstance(value, Ladder):
            zh, en = said(value, policy)
            return f"{path[-1]}：{zh}", f"{path[-1]}: {en}"
        if path[0] == "posts" and isinstance(value, tuple):
            return str(value[0]), str(value[1])
        return None if value is MISSING else said(value, policy, path[-1])


def _sentence(subject: list[str], label: str, was: str | None, now: str | None, new: str, gone: str, colon: str) -> str:
    if was is not None and now is not None:
        if not label and subject:
            # “办结 60 日 → 50 日”: a clock and its length need nothing between them.
            return f"{' · '.join(subject)} {was} → {now}"
        what = f"{label} {was} → {now}"
    else:
        what = f"{gone}{was}" if now is None else f"{new}{now}"
    return f"{' · '.join(subject)}{colon}{what}" if subject else what


def _subject(name: str, value: object) -> tuple[Words, ...]:
    """Return how a part is called in a sentence: by its own name where it has one."""
    zh, en = getattr(value, "zh", None), getattr(value, "en", None)
    if isinstance(zh, str) and isinstance(en, str):
        return ((zh, en),)
    return () if name in QUIET else (LABELS.get(name, (name, name)),)


def _parts(value: object) -> dict[str, object] | None:
    """Return what a thing is made of, by name; None for what is compared whole."""
    if isinstance(value, Mapping):
        return {str(name): part for name, part in value.items()}
    if (
        isinstance(value, tuple)
        and value
        and all(hasattr(each, "name") and isinstance(each, BaseModel) for each in value)
    ):
        return {str(each.name): each for each in value}
    if isinstance(value, BaseModel) and type(value).__name__ not in WHOLE:
        return {name: getattr(value, name) for name in type(value).model_fields}
    return None


WHOLE: Final = frozenset({"Length", "Moment"})
"""Values that are said in a word, and never taken apart."""


def _plain(value: object) -> JsonValue:
    if isinstance(value, BaseModel):
        found: JsonValue = value.model_dump(mode="json", exclude_defaults=True)
        return found
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    return value if isinstance(value, bool | int) else None if value is None or value is MISSING else str(value)
