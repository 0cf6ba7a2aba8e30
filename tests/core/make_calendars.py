"""Write the statutory calendar's tables from the library `chinesecalendar` (run once for each new notice).

python tests/core/make_calendars.py            write the tables that are missing, leave the others alone
python tests/core/make_calendars.py --check    exit 1 if a table differs from what would be written
"""

import sys
from datetime import date
from pathlib import Path

from chinese_calendar import Holiday, constants

FOLDER = Path(__file__).resolve().parents[2] / "policies" / "calendars" / "statutory"
NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
# The notice for 2006 made 2005-12-31, a Saturday, a working day; the library lacks it.
MISSING_WORK = {date(2005, 12, 31): Holiday.new_years_day.value}
FURTHER_NOTICES = {
    2015: "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知",
    2019: "国务院办公厅关于调整2019年劳动节假期安排的通知",
    2020: "国务院办公厅关于延长2020年春节假期的通知",
}


def years() -> range:
    """Return the years the library knows."""
    return range(min(constants.holidays).year, max(constants.holidays).year + 1)


def notice_of(day: date) -> int:
    """Return the year whose notice names `day`: a December is only ever moved for the next New Year."""
    return day.year + 1 if day.month == 12 else day.year


def rows(days: dict[date, str], year: int, *, weekend: bool) -> list[str]:
    """Return the lines `2026-10-01 = "国庆节"` of one table."""
    wanted = sorted(day for day in days if notice_of(day) == year and (day.weekday() >= 5) is weekend)
    names = {day: Holiday(days[day]).chinese for day in wanted}
    return [f'{day} = "{NAMES.get(name, name)}"' for day, name in names.items()]


def render(year: int) -> str:
    """Return the text of one year's table."""
    sources = [f"国务院办公厅关于{year}年部分节假日安排的通知"]
    if year in FURTHER_NOTICES:
        sources.append(FURTHER_NOTICES[year])
    lines = [
        f"year = {year}",
        f'source = "{"；".join(sources)}"',
        'version = "1"',
        "",
        "# Weekdays off. Ordinary weekends are not listed.",
        "[off]",
        *rows(constants.holidays, year, weekend=False),
        "",
        "# Weekend days on which people work.",
        "[work]",
        *rows(constants.workdays | MISSING_WORK, year, weekend=True),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write what is missing, or check what is there."""
    changed = []
    for year in years():
        path = FOLDER / f"{year}.toml"
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_text(encoding="utf-8") != render(year):
                changed.append(path.name)
        elif not path.exists():
            path.write_text(render(year), encoding="utf-8")
    for name in changed:
        print(f"{name} is not what the library gives")
    return 1 if changed else 0


if __name__ == "__main__":
    raise SystemExit(main())
