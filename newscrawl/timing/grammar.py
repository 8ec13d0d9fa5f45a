"""The grammar of phrases of time: a text to what it says, or to nothing. No clock.

    phrase    := [label] (age | few | just now | calendar | moment) ["."] [label]
    label     := ("geplaatst" | "bijgewerkt" | "laatste update" | …) ["op" | "om"] [":"]
    age       := [qualifier] amount {[","] ["en"] amount} "geleden"
    amount    := number ["en een half"] unit | ["een"] ("half" | "anderhalf") unit
    few       := ("een paar" | "enkele") unit "geleden"
    just now  := "zojuist" | "nu" | …
    calendar  := ("deze" | "vorige") ("week" | "maand" | "kwartaal" | "jaar")
    moment    := day [","] ["om"] [clock] | "vannacht" [clock] | ["om"] clock [date]
    day       := ("vandaag" | "gisteren" | … | ["afgelopen"] weekday) [part] | [weekday] date
    date      := 3 november [2025] | november 2025 | 3-11-2025 | 3/11/'25 | 2025-11-03
    clock     := 13:15 | 13.15 | 13u15 | 13:15:20 ["uur"] | 13 "uur"

The words are in `newscrawl.timing.vocabulary`. A text is read once, from left to right, and the work is bounded by its
length, which is limited.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from functools import lru_cache
from typing import TypeVar

from newscrawl.characters import clean
from newscrawl.timing.calendar import WEEKDAYS, YEARS
from newscrawl.timing.phrases import (
    MAX_LENGTH,
    Age,
    Amount,
    CalendarUnit,
    Clock,
    Date,
    Day,
    DaysAgo,
    Moment,
    MonthOfYear,
    Part,
    Phrase,
    Recent,
    Weekday,
)
from newscrawl.timing.units import HOUR, MINUTE, QUARTER_HOUR, SECOND, Unit
from newscrawl.timing.vocabulary import (
    AGO,
    ALONE,
    AND_A_HALF,
    CALENDAR,
    DAYS,
    DAYS_WITH_PART,
    FEW,
    HALF_UNITS,
    HALVES,
    IN_FULL,
    JUST_NOW,
    LABELS,
    LAST,
    MONTH_NAMES,
    NEVER_LABELLED,
    NIGHTS,
    NUMBERS,
    O_CLOCK,
    ONE,
    PARTICIPLES,
    PARTS,
    QUALIFIERS,
    UNITS,
    WEEKDAY_NAMES,
    WORDS,
    Sayings,
)

MAX_RAW = 1_000  # characters as they came, white space and all
_CACHE = 4_096  # phrases; a site repeats the same few hundred
_MOST_FIGURES = 4
_YEAR_FIGURES = 4
_LAST_HOUR, _LAST_MINUTE = 23, 59
_WITH_SECONDS = 3
_LEAP_YEAR = 2024
_BETWEEN = (",", "-", "–", "—", "|", "·", "•")  # a day and a clock
_TELLING_DAYS = frozenset((*WEEKDAYS, *DAYS_WITH_PART, LAST))  # by themselves, unlike "zo"
_APOSTROPHES = str.maketrans(dict.fromkeys("‘’ʼ", "'"))

_Meaning = TypeVar("_Meaning")
_Found = TypeVar("_Found")  # what a rule finds, or None

_DATE = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.]'?(?:[0-9]{4}|[0-9]{2})"
_CLOCK = r"[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2})?|\.[0-9]{2}|[uh][0-9]{2})"
# What no rule knows becomes a token too, and makes the phrase none.
_TOKEN = re.compile(rf"(?:{_DATE}|{_CLOCK}|'[0-9]{{2}})(?![0-9])|[0-9]+(?:,5)?|zo-even|zo'n|'n|[^\W\d_]+|\S")
_IS_DATE, _IS_CLOCK = re.compile(_DATE), re.compile(_CLOCK)


def parse(phrase: str) -> Phrase | None:
    """Return what *phrase* says of a time, or None when it is no phrase of time; nothing is raised for any text.

    >>> parse("2 uur  geleden").amounts[0].count
    2.0
    >>> parse("2 uur geleden kwam de eerste melding") is None
    True
    """
    return _parse(phrase) if len(phrase) <= MAX_RAW else None  # what is longer must not stay in memory


@lru_cache(maxsize=_CACHE)
def _parse(phrase: str) -> Phrase | None:
    text = clean(phrase)
    if not text or len(text) > MAX_LENGTH:
        return None
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    text = text.casefold()
    first = _TOKEN.match(text)
    if first and _is_other_word(first[0]):  # as most texts that are asked about begin
        return None
    tokens = _TOKEN.findall(text)
    return None if any(map(_is_other_word, tokens)) else _Grammar(tokens, unbroken="\u00a0" in phrase).phrase()


def _is_other_word(token: str) -> bool:
    """Return whether a token is a word that no phrase of time holds."""
    return token.isalpha() and token not in WORDS


class _Grammar:
    """One reading of the tokens of a phrase, from left to right.

    A rule returns None where it does not fit; `attempt` then goes back to where the rule began.
    """

    def __init__(self, words: list[str], *, unbroken: bool) -> None:
        self.words = [*words, ""]  # the empty word ends the phrase
        self.unbroken = unbroken
        """Whether there is a no-break space in it, which software writes and people do not."""
        self.at = 0

    # --- Steps --------------------------------------------------------------------------------------------------------

    def attempt(self, rule: Callable[[], _Found]) -> _Found:
        """Return what *rule* makes of what comes next; where it makes nothing of it, nothing is passed."""
        start = self.at
        meaning = rule()
        if meaning is None:
            self.at = start
        return meaning

    def skip(self, *words: str) -> bool:
        """Pass the next token when it is one of *words*."""
        if self.words[self.at] in words:
            self.at += 1
            return True
        return False

    def lookup(self, table: Mapping[str, _Meaning]) -> _Meaning | None:
        """Return what the next word means in *table*, and pass it."""
        meaning = table.get(self.words[self.at])
        if meaning is not None:
            self.at += 1
        return meaning

    def longest(self, table: Sayings[_Meaning]) -> _Meaning | None:
        """Return what the next words mean in *table*, as many of them as it can, and pass them."""
        for words, meaning in table.get(self.words[self.at], ()):
            if self.words[self.at : self.at + len(words)] == words:
                self.at += len(words)
                return meaning
        return None

    # --- The whole ----------------------------------------------------------------------------------------------------

    def phrase(self) -> Phrase | None:
        labelled = self.label()
        first = self.words[self.at]
        found = (
            self.attempt(self.age)
            or self.attempt(self.few)
            or self.attempt(self.just_now)
            or self.attempt(self.calendar_unit)
            or self.attempt(self.clock_first)
            or self.attempt(self.moment)
        )
        if not labelled and first not in NEVER_LABELLED:
            self.longest(PARTICIPLES)
        self.skip(".")
        if self.words[self.at] or (isinstance(found, Moment) and not labelled and _may_be_a_figure(self.words, found)):
            return None
        return found

    def label(self) -> bool:
        if not self.longest(LABELS):
            return False
        self.skip("op", "om")
        self.skip(":", "-", "–")
        self.skip("op", "om")
        return True

    # --- Ages ---------------------------------------------------------------------------------------------------------

    def age(self) -> Age | None:
        start = self.at
        qualifier = self.longest(QUALIFIERS)
        amounts: list[Amount] = []
        behind = start
        while amount := self.attempt(self.amount):
            if amounts and not _fits_in(amount, amounts[-1].unit):
                return None
            amounts.append(amount)
            behind = self.at
            self.skip(",")
            self.skip("en")
        self.at = behind
        if not amounts or (not amounts[0].count and amounts[0].unit not in (SECOND, MINUTE)):
            return None
        if not self.skip(AGO) and (qualifier or not self.tells_an_age_alone(start, amounts)):
            return None
        return Age(tuple(amounts), qualifier)

    def tells_an_age_alone(self, start: int, amounts: Sequence[Amount]) -> bool:
        """Return whether amounts are an age without "geleden": "5 min.", "1 dag", and what Django writes."""
        words = self.words[start : self.at]
        if len(amounts) > 1:
            return "," in words and self.unbroken
        return words == ["1", "dag"] or (words[-1] == "." and words[-2] in ALONE)

    def amount(self) -> Amount | None:
        bare = self.words[self.at - 1 : self.at] == ["geen"]  # "nog geen uur geleden"
        one = self.skip(*ONE)
        number: float | None = self.lookup(HALVES)
        if number is None:
            unit = self.lookup(HALF_UNITS)
            if unit is not None:
                return Amount(0.5, unit)
            if one:
                number = 1
            else:
                number = self.attempt(self.figures)
                number = self.lookup(NUMBERS) if number is None else number
            if number and self.longest(AND_A_HALF):
                number += 0.5
        name = self.words[self.at]
        unit = self.lookup(UNITS)
        if number is None and (bare or unit is QUARTER_HOUR):
            number = 1  # "kwartier geleden"
        if number is None or unit is None:
            return None
        if name not in IN_FULL:
            self.skip(".")
        return Amount(number, unit, worded=one and number == 1, in_full=name in IN_FULL)

    def figures(self) -> float | None:
        word = self.words[self.at]
        self.at += 1
        return float(word.replace(",", ".")) if _is_number(word.removesuffix(",5"), 1, _MOST_FIGURES) else None

    def few(self) -> Recent | None:
        seconds = self.longest(FEW)
        unit = self.lookup(UNITS) if seconds else None
        self.skip(".")
        if seconds is None or unit is None or not self.skip(AGO):
            return None
        if unit is SECOND:
            return Recent(timedelta(0), seconds, SECOND)
        return Recent(unit.length * 1.5, unit.length * unit.few, unit)

    def just_now(self) -> Recent | None:
        oldest = self.longest(JUST_NOW)
        return Recent(timedelta(0), oldest, SECOND if oldest < MINUTE.length else MINUTE) if oldest else None

    def calendar_unit(self) -> CalendarUnit | None:
        named = self.longest(CALENDAR)
        return CalendarUnit(*named) if named else None

    # --- Days and clocks ----------------------------------------------------------------------------------------------

    def clock_first(self) -> Moment | None:
        clock = self.clock(whole_hours=self.skip("om"))
        day = self.attempt(self.day_behind_clock)
        return Moment(day, None, clock) if clock else None

    def day_behind_clock(self) -> Day | None:
        self.skip(*_BETWEEN)
        self.skip("op")
        return self.dated()

    def moment(self) -> Moment | None:
        self.skip("op")
        first = self.words[self.at]
        night = self.longest(NIGHTS)
        day, part = (None, night) if night else self.day_and_part()
        if day is None and part is None:
            return None
        clock = self.attempt(self.clock_behind_day)
        if isinstance(day, Weekday) and first not in _TELLING_DAYS and (clock is None or clock.unit is HOUR):
            return None  # "zo" is no Sunday, "do 2 uur" no Thursday
        return Moment(day, part, clock)

    def clock_behind_day(self) -> Clock | None:
        self.skip(*_BETWEEN)
        self.skip("om")
        return self.clock(whole_hours=True)

    def clock(self, *, whole_hours: bool) -> Clock | None:
        word = self.words[self.at]
        if _IS_CLOCK.fullmatch(word):
            numbers = [int(number) for number in re.split(r"\D", word)]
            unit = SECOND if len(numbers) == _WITH_SECONDS else MINUTE
        elif whole_hours and _is_number(word, 1, 2) and self.words[self.at + 1] in O_CLOCK:
            numbers, unit = [int(word)], HOUR
        else:
            return None
        self.at += 1
        self.skip(*O_CLOCK)
        hour, minute, second = (*numbers, 0, 0)[:_WITH_SECONDS]
        if hour > _LAST_HOUR or max(minute, second) > _LAST_MINUTE:
            return None
        return Clock(time(hour, minute, second), unit)

    def day_and_part(self) -> tuple[Day | None, Part | None]:
        found = self.lookup(DAYS_WITH_PART)
        if found:
            return found
        day: Day | None = self.lookup(DAYS)
        day = day or self.attempt(self.last_weekday) or self.attempt(self.dated) or self.attempt(self.weekday)
        return day, self.lookup(PARTS) if isinstance(day, DaysAgo | Weekday) and day != DaysAgo(0) else None

    def last_weekday(self) -> Weekday | None:
        number = self.lookup(WEEKDAY_NAMES) if self.skip(LAST) else None
        return None if number is None else Weekday(number, before_today=True)

    def weekday(self) -> Weekday | None:
        number = self.lookup(WEEKDAY_NAMES)
        self.skip(".")
        return None if number is None else Weekday(number)

    def dated(self) -> Day | None:
        weekday = self.lookup(WEEKDAY_NAMES)
        self.skip(".")
        self.skip(",")
        shown = self.attempt(self.figured_date) or self.attempt(self.worded_date)
        if shown is None:
            return self.month_of_year() if weekday is None else None
        day, month, year = shown
        try:
            real = date(_LEAP_YEAR if year is None else year, month, day)
        except ValueError:
            return None
        if year is not None and (year not in YEARS or weekday not in (None, real.weekday())):
            return None
        return Date(day, month, year, weekday)

    def figured_date(self) -> tuple[int, int, int] | None:
        word = self.words[self.at]
        if not _IS_DATE.fullmatch(word):
            return None
        self.at += 1
        first, second, third = re.findall(r"\d+", word)
        if len(first) == _YEAR_FIGURES:
            return int(third), int(second), int(first)
        return int(first), int(second), _year(third)

    def worded_date(self) -> tuple[int, int, int | None] | None:
        word = self.words[self.at]
        if not _is_number(word, 1, 2):
            return None
        self.at += 1
        month = self.lookup(MONTH_NAMES)
        self.skip(".")
        return (int(word), month, self.attempt(self.year_behind_month)) if month else None

    def year_behind_month(self) -> int | None:
        self.skip(",")
        return self.year()

    def month_of_year(self) -> MonthOfYear | None:
        month = self.lookup(MONTH_NAMES)
        year = self.year() if month else None
        return MonthOfYear(month, year) if month and year and year in YEARS else None

    def year(self) -> int | None:
        word = self.words[self.at]
        if _is_number(word, _YEAR_FIGURES, _YEAR_FIGURES) or (word[:1] == "'" and _is_number(word[1:], 2, 2)):
            self.at += 1
            return _year(word)
        return None


def _fits_in(amount: Amount, larger: Unit) -> bool:
    """Return whether *amount* may be the rest of the unit that is named before it: a month has at most 31 days."""
    return amount.unit.length < larger.length and (amount.count - 1) * amount.unit.length < larger.length


def _may_be_a_figure(words: Sequence[str], said: Moment) -> bool:
    """Return whether a clock by itself may be a price or a length: "12.50", "1:05:30"."""
    clock = words[0]
    alone = words[1] in ("", ".")
    return alone and said.day is None and said.part is None and ("." in clock or clock.count(":") > 1)


def _is_number(word: str, fewest: int, most: int) -> bool:
    """Return whether *word* is a whole number of so many figures."""
    return fewest <= len(word) <= most and word.isascii() and word.isdigit()


def _year(figures: str) -> int:
    """Return the year that four figures stand for, or two, as in ``'26``."""
    year = int(figures.lstrip("'"))
    return year if len(figures) == _YEAR_FIGURES else 2000 + year
