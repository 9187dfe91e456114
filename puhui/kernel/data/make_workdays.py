"""Write workdays.csv from chinesecalendar: `python puhui/kernel/data/make_workdays.py`."""

import csv
from datetime import date, timedelta
from pathlib import Path

from chinese_calendar.constants import Holiday, holidays, in_lieu_days, workdays

NOTICES = {
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}


def rows_of(year: int) -> list[tuple[str, str, str]]:
    rows = [(str(year), "全年", NOTICES[year])]
    day = date(year, 1, 1)
    while day.year == year:
        if day in workdays and day.weekday() >= 5:
            rows.append((day.isoformat(), "上班", Holiday(workdays[day]).chinese))
        elif day in holidays or day in in_lieu_days:
            rows.append((day.isoformat(), "放假", Holiday(holidays[day]).chinese))
        day += timedelta(days=1)
    return rows


def main() -> None:
    target = Path(__file__).with_name("workdays.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("日期", "安排", "说明"))
        for year in NOTICES:
            writer.writerows(rows_of(year))


if __name__ == "__main__":
    main()
