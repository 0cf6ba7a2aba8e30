"""What a forecast means, in a sentence: does the backlog grow, who is too few, how many would hold it."""

from collections.abc import Iterable
from math import isfinite

from adapters.forecasting.advice import Advice
from adapters.forecasting.outlook import Outlook
from adapters.forecasting.setup import Crew, Setup
from models.world import World

Sentence = tuple[str, str]
FULL = 1.0


def crew_words(world: World, crew: Crew) -> Sentence:
    """Return what a crew is called."""
    unit = world.organisation.unit(crew.unit) if world.organisation and crew.unit else None
    zh, en = (f"（{unit.zh}）", f" ({unit.en or unit.id})") if unit else ("", "")
    return f"{crew.role.zh}{zh}", f"{crew.role.en}{en}"


def staffed(world: World, crews: Iterable[Crew]) -> Sentence:
    """Return how many people of which kind, in words."""
    named = [(crew_words(world, crew), crew.size) for crew in crews]
    zh = "、".join(f"{words[0]} {size} 人" for words, size in named)
    return zh, ", ".join(f"{size} {words[1]}{'s' if size > 1 else ''}" for words, size in named)


def meaning(setup: Setup, seen: Outlook) -> Sentence:
    """Return what the present staffing comes to."""
    zh, en = staffed(setup.world, setup.crews)
    last = seen.backlog[-1].p50
    if seen.grows(setup.per_day):
        cannot = "，顶不住" if any(each.load >= FULL for each in seen.crews) else ""
        growth = max(0.0, seen.growth)
        grows = f"grows by about {growth:.1f} a day"
        return (
            f"{zh}：待办积案每天约增加 {growth:.1f} 件，第 {setup.days} 天积案共约 {last:,.0f} 件{cannot}。",
            f"With {en} the backlog that waits for people {grows}; all of it is {last:,.0f} on day {setup.days}.",
        )
    return (
        f"{zh}：待办积案稳得住，第 {setup.days} 天积案共约 {last:,.0f} 件。",
        f"With {en} the backlog that waits for people holds; all of it is {last:,.0f} on day {setup.days}.",
    )


def counsel(setup: Setup, advice: Advice) -> Sentence:
    """Return what the search over the staffing found."""
    changed = [crew for crew, was in zip(advice.crews, setup.crews, strict=True) if crew != was]
    if not changed:
        zh, en = staffed(setup.world, setup.crews)
        least = ", ".join(f"{name} {count}" for name, count in advice.least.items())
        if advice.holds:
            return f"{zh}够用；按工作量计，至少需要 {least}。", f"{en} are enough; by the load alone at least: {least}."
        return (
            f"{zh}按工作量够用，待办积案仍在增加：多半是预测期太短。",
            f"{en} are enough by the load, and still it grows: most likely the days are few.",
        )
    zh, en = staffed(setup.world, changed)
    if advice.holds:
        return f"{zh}可以稳住积案。", f"{en} would hold it."
    return (
        f"增至{zh}，积案每天仍增加 {advice.growth:.1f} 件。",
        f"Even with {en} it grows by {advice.growth:.1f} a day.",
    )


def overloaded(setup: Setup, seen: Outlook) -> list[Sentence]:
    """Return a warning for every kind of people whose work is more than they can do: there is no steady state."""
    found = []
    for each in seen.crews:
        if each.load >= FULL:
            zh, en = crew_words(setup.world, each.crew)
            told = (
                (f"预测期内没有工作时间，{zh}无法办理。", f"Nobody works in that time; {en}: nothing is done.")
                if not isfinite(each.load)
                else (
                    f"{zh}的工作量是其能力的 {each.load:.0%}，没有稳态：排队只会越来越长，各数字取决于预测天数。",
                    f"{en}: {each.load:.0%} of what they can do; no steady state, the figures depend on the days.",
                )
            )
            found.append(told)
    return found
