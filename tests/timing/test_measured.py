"""What was measured of 17 libraries: every class of phrases resolves, and no interval is much wider than they make it.

The tables lie beside the checkout and are not part of it.
"""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import NamedTuple

import pytest
from harness import ROOT

from newscrawl.timing import UnknownTimePhrase, resolve
from newscrawl.timing.calendar import AMSTERDAM, MONTHS, WEEKDAYS

TABLES = ROOT.parent / "shared" / "relative-time"

pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason=f"the measured tables are not in {TABLES}")


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- Every class of phrases ---------------------------------------------------------------------------------------

# In the evening, when all parts of the day have begun.
EVENING = datetime(2026, 2, 24, 22, 30, tzinfo=AMSTERDAM)
COUNTS = (2, 3, 4)  # few enough to stand behind any larger unit
SHORT = ["jan", "feb", "mrt", *(month[:3] for month in MONTHS[3:])]
_ONE = re.compile(r"\bN (seconde|minuut|dag|week|maand)\b")  # of which there is only one
_DATE = re.compile(r"((?:WD|W2) )?N (MON|M3)(\.?)( N(?![:.]))?")
_FIGURES = re.compile(r"N([-/])N[-/]('?)N")
_CLOCK = re.compile(r"N([:.])N")


def filled(form: str) -> Iterator[str]:
    """Yield phrases of a class: N is a number, WD a weekday and W2 its abbreviation, MON a month and M3 its own."""
    for count, month, weekday in product(COUNTS, range(1, 13), WEEKDAYS):
        day = date(2025 if month > 2 else 2026, month, 3)

        def dated(found: re.Match[str], day: date = day) -> str:
            name = WEEKDAYS[day.weekday()]
            shown = {"WD ": f"{name} ", "W2 ": f"{name[:2]} ", None: ""}[found[1]]
            month = (MONTHS if found[2] == "MON" else SHORT)[day.month - 1]
            return f"{shown}{day.day} {month}{found[3]}{f' {day.year}' if found[4] else ''}"

        def in_figures(found: re.Match[str], day: date = day) -> str:
            return found[1].join((str(day.day), str(day.month), f"'{day:%y}" if found[2] else str(day.year)))

        phrase = _FIGURES.sub(in_figures, form)
        phrase = _DATE.sub(dated, phrase)
        phrase = re.sub(r"MON N\b", f"{MONTHS[day.month - 1]} {day.year}", phrase)
        phrase = phrase.replace("WD", weekday)
        phrase = _CLOCK.sub(r"13\g<1>15", phrase)
        phrase = _ONE.sub(r"1 \1", phrase)
        yield re.sub(r"(?<![A-Z])N(?![A-Z])", str(count), phrase)


def resolves(phrase: str) -> bool:
    try:
        return resolve(phrase, EVENING).latest <= EVENING
    except UnknownTimePhrase:
        return False


# The classes that do not resolve, and why.
REFUSED = {
    "N uur": "a clock, or how long something lasts; no stamp by itself",
}


def test_every_class_of_phrases_resolves_but_for_those_that_are_refused_on_purpose() -> None:
    forms = [row["phrase class (N number, WD weekday)"] for row in rows("phrases.csv")]
    missed = {form: phrase for form in forms for phrase in dict.fromkeys(filled(form)) if not resolves(phrase)}
    assert missed.keys() == REFUSED.keys(), missed


# --- The ages at which each library writes a phrase ---------------------------------------------------------------

# In seconds; months and years are those of the table, which counts in means.
LENGTHS = {
    "seconde": 1, "minuut": 60, "uur": 3600, "dag": 86400, "week": 7 * 86400, "maand": 2629746, "jaar": 31556952,
}  # fmt: skip
MANY = {"seconde": "seconden", "minuut": "minuten", "dag": "dagen", "week": "weken", "maand": "maanden"}
# Who writes "een" and not "1": always, or of some units only.
WITH_ARTICLE = {
    **dict.fromkeys(("arrow", "carbon-aunit", "dayjs", "humanize", "jquery-timeago", "moment"), LENGTHS.keys()),
    "date-fns": {"minuut"},
    "date-fns-seconds": {"minuut"},
    "django-naturaltime": {"seconde", "minuut", "uur"},
}
# They count units of the calendar: what an age is called depends on the hour and the day.
BY_CALENDAR = {"date-fns-intl", "luxon-calendar"}
STEPS_OF_FIVE = ("jta-approximate", "minuut")  # it writes no number between them


class Row(NamedTuple):
    """One library's ages of one phrase, in seconds, at some moment or other."""

    library: str
    unit: str
    youngest: float
    oldest: float


def measured() -> dict[str, list[Row]]:
    """Return what was measured of each phrase, by library."""
    found: dict[str, list[Row]] = {}
    for row in rows("rounding.csv"):
        *qualifier, unit = row["pattern"].split()
        length = LENGTHS[unit]
        for count in range(int(row["n_min"]), int(row["n_max"]) + 1):
            if count % 5 and row["n_group"] == "2+" and (row["lib"], unit) == STEPS_OF_FIVE:
                continue
            shown = "een" if count == 1 and unit in WITH_ARTICLE.get(row["lib"], ()) else str(count)
            phrase = " ".join((*qualifier, shown, unit if count == 1 else MANY.get(unit, unit), "geleden"))
            # Of some rows that hold a single age the two columns, which are rounded, differ by less than that.
            youngest, oldest = sorted(
                (
                    max((count + float(row["min_age_minus_n_units"])) * length, float(row["min_age_s"])),
                    min((count + float(row["max_age_minus_n_units"])) * length, float(row["max_age_s"])),
                )
            )
            found.setdefault(phrase, []).append(Row(row["lib"], unit, youngest, oldest))
    return found


def pages() -> list[datetime]:
    """Return moments of three years: the ends and the middle of months, clock changes and the days behind them."""
    changes = [
        datetime(y, m, d, tzinfo=UTC) for y, m, d in ((2024, 3, 31), (2025, 10, 26), (2026, 3, 29), (2026, 10, 25))
    ]
    found = [change + timedelta(days=days, hours=1, minutes=30) for change in changes for days in range(4)]
    for year, month in product((2024, 2025, 2026), range(1, 13)):
        first = datetime(year, month, 1, tzinfo=AMSTERDAM)
        found += [first, first - timedelta(seconds=1), first.replace(day=15, hour=13)]
    return [*found, datetime(2024, 2, 29, 23, 30, tzinfo=UTC)]


def ages(phrase: str) -> list[tuple[float, float]]:
    """Return the youngest and the oldest age, in seconds, that *phrase* allows on each page."""
    found = [(at, resolve(phrase, at)) for at in pages()]
    return [((at - each.latest).total_seconds(), (at - each.earliest).total_seconds()) for at, each in found]


HOUR, DAY = 3600, 86400


def test_the_interval_covers_what_each_library_was_measured_to_mean() -> None:
    missed = []
    for phrase, measured_rows in measured().items():
        allowed = ages(phrase)
        for row in measured_rows:
            slack = 0.00051 * LENGTHS[row.unit]  # the table is rounded to the third decimal
            if row.unit in ("maand", "jaar") or row.library in BY_CALENDAR:
                # The table tells what happens on some page, not on which.
                youngest, oldest = min(young for young, _ in allowed), max(old for _, old in allowed)
                # Eleven months may last two days more than eleven mean ones, two no more than one: the table has the
                # most of all numbers.
                slack += 1.5 * DAY if row.unit == "maand" else 0
            else:
                youngest, oldest = max(young for young, _ in allowed), min(old for _, old in allowed)
                slack += HOUR if LENGTHS[row.unit] >= DAY else 0  # the day of a clock change is not on every page
            if youngest > row.youngest + slack or oldest < row.oldest - slack:
                missed.append((phrase, row, youngest, oldest))
    assert not missed


# How much wider than all libraries together an interval may be, in seconds on either side.
TOLERANCE = {
    "seconde": 1.1,  # clocks are read in whole seconds
    "minuut": 1.5,
    "uur": 60,  # "ongeveer een uur" of one library is a little more than that of another
    "dag": HOUR + 60,  # days of 24 hours and days on the wall are both covered
    "week": HOUR + 300,
    "maand": 3
    * DAY,  # the table counts in means of 30.4 days; the calendar's months, several in a row, differ by these
    "jaar": 5 * DAY,  # a leap day, and margins that are rounded to a hundredth of a year
}
# What is wider still: the side (-1 is the recent one), and by how much.
WIDER = {
    # From here on the libraries take the next larger unit, so they write these of the first ages only. Whether others
    # do as much is not known.
    ("60 minuten geleden", 1): 61,
    ("24 uur geleden", 1): HOUR,
    ("ongeveer 24 uur geleden", 1): HOUR / 2,
    ("30 dagen geleden", -1): 13 * HOUR,
    ("4 weken geleden", 1): 4 * DAY,
    ("5 weken geleden", 1): 11.7 * DAY,
    ("12 maanden geleden", -1): 11.1 * DAY,
    ("12 maanden geleden", 1): 31.1 * DAY,
    ("ongeveer 2 maanden geleden", 1): 17.3 * DAY,
    # On the first of January, last year's last day is "1 jaar" to who counts by the calendar; the table has no such page.
    ("2 jaar geleden", -1): 14.6 * DAY,
    ("3 jaar geleden", -1): 14.8 * DAY,
}


def test_the_interval_is_hardly_wider_than_all_libraries_together() -> None:
    wider = {}
    for phrase, measured_rows in measured().items():
        allowed = ages(phrase)
        for side, excess in (
            (-1, min(row.youngest for row in measured_rows) - min(young for young, _ in allowed)),
            (1, max(old for _, old in allowed) - max(row.oldest for row in measured_rows)),
        ):
            if excess > TOLERANCE[measured_rows[0].unit]:
                wider[phrase, side] = excess
    assert wider.keys() == WIDER.keys(), wider
    assert all(excess <= WIDER[which] for which, excess in wider.items()), wider
