"""The words of which phrases of time are made, and what each means. A new word is an entry here, and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

from newscrawl.timing.calendar import MONTHS, WEEKDAYS
from newscrawl.timing.phrases import Day, DaysAgo, Part, Weekday
from newscrawl.timing.units import (
    ABOUT,
    DAY,
    HOUR,
    LESS_THAN,
    MINUTE,
    MONTH,
    MORE_THAN,
    NEARLY,
    OVER,
    QUARTER,
    QUARTER_HOUR,
    SECOND,
    WEEK,
    YEAR,
    Unit,
)

_Meaning = TypeVar("_Meaning")
# What several words mean together, by the first of them; the longest stand first.
Sayings = Mapping[str, Sequence[tuple[list[str], _Meaning]]]


def _sayings(meanings: Mapping[str, _Meaning]) -> Sayings[_Meaning]:
    table: dict[str, list[tuple[list[str], _Meaning]]] = {}
    for saying, meaning in sorted(meanings.items(), key=lambda entry: -len(entry[0].split())):
        words = saying.split()
        table.setdefault(words[0], []).append((words, meaning))
    return table


AGO = "geleden"

_UNITS_IN_FULL: Mapping[Unit, str] = {
    SECOND: "seconde seconden",
    MINUTE: "minuut minuten minuutje minuutjes",
    QUARTER_HOUR: "kwartier kwartiertje kwartieren",
    HOUR: "uur uren uurtje uurtjes",
    DAY: "dag dagen dagje dagjes",
    WEEK: "week weken weekje weekjes",
    MONTH: "maand maanden maandje maandjes",
    QUARTER: "kwartaal kwartalen",
    YEAR: "jaar jaren jaartje jaartjes",
}
_UNITS_IN_SHORT: Mapping[Unit, str] = {
    SECOND: "sec secs s",
    MINUTE: "min mins m",
    HOUR: "u h",
    DAY: "dgn dg d",
    WEEK: "wkn wk w",
    MONTH: "mnd mnden mdn",
    YEAR: "jr j",
}
UNITS: Mapping[str, Unit] = {
    name: unit for table in (_UNITS_IN_FULL, _UNITS_IN_SHORT) for unit, names in table.items() for name in names.split()
}
IN_FULL = frozenset(name for names in _UNITS_IN_FULL.values() for name in names.split())
HALF_UNITS: Mapping[str, Unit] = {"halfuur": HOUR, "halfuurtje": HOUR, "halfjaar": YEAR}

# Abbreviations that, with their full stop, tell an age without "geleden" too. "2 uur" may be a clock or a duration.
ALONE = frozenset(("sec", "min", "dgn", "wk", "wkn", "mnd", "jr"))

ONE = ("een", "één", "éen", "'n")
_TO_NINE = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_TO_NINETEEN = (
    *("tien", "elf", "twaalf", "dertien", "veertien", "vijftien"),
    *("zestien", "zeventien", "achttien", "negentien"),
)
_TENS = {"twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70, "negentig": 90}
NUMBERS: Mapping[str, int] = {
    **{word: count for count, word in enumerate((*_TO_NINE, *_TO_NINETEEN), start=1)},
    **_TENS,
    **{
        f"{one}{joint}{ten}": count + tens  # "tweeëntwintig", "vijfentwintig"
        for ten, tens in _TENS.items()
        for count, one in enumerate(_TO_NINE, start=1)
        for joint in (("ën", "en") if one.endswith("e") else ("en",))
    },
    "één": 1,
    "éen": 1,
}
HALVES: Mapping[str, float] = {
    **{"half": 0.5, "halve": 0.5, "½": 0.5, "anderhalf": 1.5, "anderhalve": 1.5},
    **{
        f"{one}{joint}half": count + 0.5  # "tweeënhalf", "drieëneenhalf"
        for count, one in enumerate(_TO_NINE, start=1)
        for joint in (("ën", "ëneen") if one.endswith("e") else ("en", "eneen"))
        if count > 1
    },
}
AND_A_HALF = _sayings({"en een half": True, "en een halve": True, "½": True})

QUALIFIERS = _sayings(
    {
        **dict.fromkeys(("ongeveer", "circa", "ca", "ca .", "zo'n"), ABOUT),
        **dict.fromkeys(("ruim", "iets meer dan"), OVER),
        **dict.fromkeys(("meer dan", "langer dan"), MORE_THAN),
        "bijna": NEARLY,
        **dict.fromkeys(("minder dan", "korter dan", "nog geen"), LESS_THAN),
    }
)

# How old something of "so many seconds" may be: one library writes "enkele" up to ten, others "een paar" up to 45.
FEW = _sayings(
    {
        **dict.fromkeys(("een paar", "paar", "een aantal"), timedelta(seconds=46)),
        "enkele": timedelta(seconds=11),
    }
)

# How old something may be that is just there. Software is exact; the words that only editors use are less so.
JUST_NOW = _sayings(
    {
        "nu": timedelta(seconds=31),
        "recent": timedelta(seconds=11),
        "zojuist": timedelta(seconds=46),
        **dict.fromkeys(("net", "nu net", "zo net", "zonet", "daarnet"), timedelta(minutes=5)),
        **dict.fromkeys(("zo-even", "zoëven", "zoeven"), timedelta(minutes=5)),
    }
)
# With a participle these are names of pages: "Recent toegevoegd", "Net verschenen".
NEVER_LABELLED = frozenset(("nu", "recent", "net"))

# The calendar unit that these name, and how many before the present one it is.
CALENDAR = _sayings(
    {
        **{"deze week": (WEEK, 0), "deze maand": (MONTH, 0), "dit kwartaal": (QUARTER, 0), "dit jaar": (YEAR, 0)},
        **{
            "vorige week": (WEEK, 1),
            "vorige maand": (MONTH, 1),
            "vorig kwartaal": (QUARTER, 1),
            "vorig jaar": (YEAR, 1),
        },
    }
)

LAST = "afgelopen"
DAYS: Mapping[str, DaysAgo] = {"vandaag": DaysAgo(0), "gisteren": DaysAgo(1), "eergisteren": DaysAgo(2)}
_NIGHT = frozenset((21, 22, 23, *range(9)))
# In hours, as editors use the words; an hour to spare where one part of the day passes into the next.
MORNING = Part(5, 12, frozenset(range(13)))
EVENING = Part(17, 24, frozenset(range(16, 24)))
PARTS: Mapping[str, Part] = {
    "nacht": Part(0, 31, _NIGHT),
    "ochtend": MORNING,
    "morgen": MORNING,
    "middag": Part(12, 18, frozenset(range(11, 20))),
    "avond": EVENING,
}
LAST_NIGHT = Part(-1, 7, _NIGHT)
NIGHTS = _sayings(dict.fromkeys(("vannacht", "afgelopen nacht", "vorige nacht"), LAST_NIGHT))
WEEKDAY_NAMES: Mapping[str, int] = {
    name: number for number, weekday in enumerate(WEEKDAYS) for name in (weekday, weekday[:2], weekday[:3])
} | {"vrij": 4}
_STEMS: Mapping[str, Day] = {
    **{
        "van": DaysAgo(0),
        "gister": DaysAgo(1),
        "eergister": DaysAgo(2),
        "gisteren": DaysAgo(1),
        "eergisteren": DaysAgo(2),
    },
    **{weekday: Weekday(number) for number, weekday in enumerate(WEEKDAYS)},
}
DAYS_WITH_PART: Mapping[str, tuple[Day, Part]] = {
    f"{stem}{name}": (day, part)
    for stem, day in _STEMS.items()
    for name, part in PARTS.items()
    if f"{stem}{name}" != "vannacht"  # that is the night before today, not the one after
}
MONTH_NAMES: Mapping[str, int] = {
    name: number for number, month in enumerate(MONTHS, start=1) for name in (month, month[:3]) if name != "maa"
} | {"febr": 2, "mrt": 3, "sept": 9}

O_CLOCK = ("uur", "u", "h")

# What stands before a time, and is no part of it: of a publication, or of an update. Participles stand behind it too.
UPDATED = ("bijgewerkt", "gewijzigd", "aangepast", "geüpdatet", "geüpdate", "geactualiseerd")
UPDATES = (
    *(*UPDATED, *(f"laatst {participle}" for participle in UPDATED), "voor het laatst bijgewerkt"),
    *("update", "laatste update", "laatste wijziging"),
)
PARTICIPLES = _sayings(dict.fromkeys(("geplaatst", "gepubliceerd", "gepost", "toegevoegd", *UPDATED), True))
LABELS = _sayings(
    dict.fromkeys(
        (
            *("geplaatst", "gepubliceerd", "gepost", "toegevoegd", "geschreven", "verschenen"),
            *("publicatiedatum", "publicatie", "datum", *UPDATES),
        ),
        True,
    )
)

# Every word that a phrase of time may hold: a text with any other is none.
WORDS = frozenset(
    {
        *(AGO, LAST, *ONE, *O_CLOCK, "op", "om", "en"),
        *(*UNITS, *HALF_UNITS, *NUMBERS, *HALVES, *DAYS, *PARTS, *DAYS_WITH_PART, *WEEKDAY_NAMES, *MONTH_NAMES),
        *(
            word
            for sayings in (AND_A_HALF, QUALIFIERS, FEW, JUST_NOW, CALENDAR, NIGHTS, PARTICIPLES, LABELS)
            for entries in sayings.values()
            for words, _ in entries
            for word in words
        ),
    }
)
