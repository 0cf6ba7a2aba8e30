"""``banjie compare``: townships, units, channels or types in two periods, and this county beside other districts."""

from pathlib import Path
from typing import Annotated

import typer

from adapters.comparison import called_as, compare, comparison_view, write_comparison
from cli.exits import UsageProblem
from cli.opening import DataOption, JsonOption, opened
from cli.reading import must_have_folder
from cli.screen import Screen
from models.comparison import period_said
from models.statistics import By, Period, Tally

PERIOD = "2023、2023-Q3、2023-09、2023-09-06..2023-09-26"
Now = Annotated[str, typer.Argument(metavar="PERIOD", help=f"时段 · period: {PERIOD}")]
Was = Annotated[str, typer.Argument(metavar="AGAINST", help="对比的时段 · the one it is compared with")]
ByOption = Annotated[By, typer.Option("--by", help="按什么 · side by side by")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="OUT.xlsx", help="写到哪个文件 · file to write", show_default=False)
]


def compare_periods(
    now: Now,
    was: Was,
    *,
    by: ByOption = By.TOWNSHIP,
    out: Out = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """县区和时段对比 · Districts and periods side by side."""
    screen = Screen(as_json=as_json)
    must_have_folder(out, "--out")
    this, then = _period(now, "PERIOD"), _period(was, "AGAINST")
    with opened(data, screen) as desk:
        world = desk.world()
        found = compare(desk.database, world, this, then, by, desk.moments.now())
    if out is not None:
        write_comparison(out, world, found)
    if as_json:
        screen.data({**comparison_view(world, found), "file": str(out.absolute()) if out else None})
        return
    rows = [_row(called_as(world, by, each.name), each.this, each.was) for each in found.rows]
    heads = (by.zh, f"收件 in {now}", f"收件 in {was}", "增减 change", f"办结率 rate {now}", f"办结率 rate {was}")
    screen.table(heads, [*rows, _row("合计 all", found.this, found.then)])
    screen.table(
        ("县区 district", now, was, "怎样得来 how", "来源 source"),
        [
            (
                each.name,
                "—" if each.now is None else str(each.now),
                "—" if each.was is None else str(each.was),
                "台账统计 counted" if each.counted else "登记 entered",
                each.source,
            )
            for each in found.districts
        ],
        title="县区对比 districts",
    )
    if out is not None:
        screen.say(f"✓ 已写出 written: {out}", "green")


def _period(said: str, field: str) -> Period:
    found = period_said(said)
    if found is None:
        raise UsageProblem(f"“{said[:40]}”不是时段，应如 {PERIOD}。", f'"{said[:40]}" is no period.', field=field)
    return found


def _row(name: str, this: Tally, then: Tally) -> tuple[str, ...]:
    shares = ("—" if each.rate is None else f"{each.rate:.1%}" for each in (this, then))
    return (name, str(this.received), str(then.received), f"{this.received - then.received:+d}", *shares)
