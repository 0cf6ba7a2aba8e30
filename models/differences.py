"""What sets one organisation apart from another: what is new, what is changed, what is gone."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.organisation import Duty, Grid, Organisation, Person, Unit

Thing = Unit | Person | Grid | Duty
LABELS = {
    "zh": "名称",
    "en": "英文名",
    "name": "名称",
    "township": "乡镇",
    "above": "上级单位",
    "aliases": "别名",
    "closed": "已撤销",
    "unit": "单位",
    "roles": "职责",
    "posts": "职务",
    "charge": "分管单位",
    "away": "暂离",
    "delegate": "代理人",
    "leave": "休假",
    "interests": "利害关系",
    "retired": "已离任",
    "words": "村居",
    "person": "网格员",
}
"""What a field that can differ is called."""


@dataclass(frozen=True)
class Differences:
    """Lines for people to read, each naming one thing; nothing in any of them where nothing differs."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.added or self.changed or self.gone)

    def told(self) -> dict[str, tuple[str, ...]]:
        """Return them by name."""
        return {"added": self.added, "changed": self.changed, "gone": self.gone}


def differences(before: Organisation, after: Organisation) -> Differences:
    """Return what is different in ``after``; who has retired and which units are closed count as gone."""
    old, new = dict(_things(before)), dict(_things(after))
    gone = [name for name, thing in old.items() if not _over(thing) and (name not in new or _over(new[name]))]
    added = [name for name, thing in new.items() if not _over(thing) and (name not in old or _over(old[name]))]
    both = [name for name in new if name in old and name not in gone and name not in added]
    changed = [_change(name, old[name], new[name]) for name in both if old[name] != new[name]]
    if before.name != after.name:
        changed.insert(0, f"名称 name: {before.name} → {after.name}")
    if not (added or changed or gone) and before != after:
        changed.append("排列次序 order")
    return Differences(tuple(added), tuple(changed), tuple(gone))


def _things(organisation: Organisation) -> Iterator[tuple[str, Thing]]:
    for unit in organisation.units:
        yield f"单位 unit {unit.id}", unit
    for person in organisation.people:
        yield f"人员 person {person.id}", person
    for grid in organisation.grids:
        yield f"网格 grid {grid.id}", grid
    for duty in organisation.duties:
        yield f"值班 duty {duty.since}—{duty.until} {duty.post} {duty.person}", duty


def _over(thing: Thing) -> bool:
    return (isinstance(thing, Person) and thing.retired) or (isinstance(thing, Unit) and thing.closed)


def _change(name: str, old: Thing, new: Thing) -> str:
    was, now = old.model_dump(mode="json"), new.model_dump(mode="json")
    parts = (f"{LABELS[field]} {_said(was[field])} → {_said(now[field])}" for field in now if now[field] != was[field])
    return f"{name}: {'；'.join(parts)}"


def _said(value: object) -> str:
    match value:
        case list():
            return "、".join(map(_said, value)) or "—"
        case dict():
            return " ".join(_said(each) for each in value.values() if each)
        case bool():
            return "是" if value else "否"
        case _:
            return str(value or "—")
