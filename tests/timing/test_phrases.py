"""Phrases as software and editors word them, each with what a person understands by it; and what is no phrase."""

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.timing import Interval, UnknownTimePhrase, resolve
from newscrawl.timing.calendar import AMSTERDAM

NOW = datetime(2025, 11, 5, 14, 0, tzinfo=AMSTERDAM)  # a Wednesday


def local(text: str) -> datetime:
    """Return ``3 13:15`` of this month, ``10-31 13:15`` of this year, or ``2024-02-29 13:15``, in Amsterdam."""
    day, clock = text.split()
    given = [int(number) for number in day.split("-")]
    year, month, day_of_month = [*(NOW.year, NOW.month)[: 3 - len(given)], *given]
    hour, minute = map(int, clock.split(":"))
    return datetime(year, month, day_of_month, tzinfo=AMSTERDAM) + timedelta(hours=hour, minutes=minute)


def minutes(*ages: float) -> Interval:
    return Interval(NOW - timedelta(minutes=ages[1]), NOW - timedelta(minutes=ages[0]), "minute")


# --- Ages: exactly one unit where whole ones are counted, and all that software may mean where that is not known --------


@pytest.mark.parametrize(
    ("phrase", "down", "wide"),
    [
        # As libraries write it, the widest of them known from measurement.
        ("2 uur geleden", (120, 180), (90, 180)),
        ("1 uur geleden", (60, 120), (51, 120)),
        ("een uur geleden", (60, 120), (44.5, 120)),
        ("één uur geleden", (60, 120), (44.5, 120)),
        ("1 minuut geleden", (1, 2), (0.5, 2)),
        ("7 minuten geleden", (7, 8), (6.5, 8)),
        ("10 minuten geleden", (10, 11), (7.5, 12.5)),  # some software shows steps of five
        ("55 minuten geleden", (55, 56), (54.5, 56)),  # but only up to fifty
        ("0 minuten geleden", (0, 1), (0, 1)),
        ("1 dag geleden", (1440, 2880), (1224, 2880)),
        ("1 dag en 3 uur geleden", (1620, 1680), (1620, 1680)),
        ("1\u00a0dag, 3\u00a0uur geleden", (1620, 1680), (1620, 1680)),
        ("2 uur en 5 minuten geleden", (125, 126), (125, 126)),
        ("2 u 5 min geleden", (125, 126), (125, 126)),
        ("1 uur 1 minuut en 30 seconden geleden", (61.5, 61.5 + 1 / 60), (61.5, 61.5 + 1 / 60)),
        # Qualified.
        ("ongeveer 2 uur geleden", (90, 150), (89.5, 150)),
        ("ongeveer een uur geleden", (30, 90), (44.5, 90)),
        ("circa 3 uur geleden", (150, 210), (149.4, 210)),
        ("ca. 3 uur geleden", (150, 210), (149.4, 210)),
        ("ruim een uur geleden", (60, 120), (60, 120)),
        ("ruim 2 uur geleden", (120, 180), (120, 180)),
        ("meer dan 2 uur geleden", (120, 180), (120, 180)),
        ("bijna een uur geleden", (30, 60), (30, 60)),
        ("minder dan een minuut geleden", (0, 1), (0, 1)),
        ("minder dan een uur geleden", (0, 60), (0, 60)),
        ("nog geen uur geleden", (0, 60), (0, 60)),
        ("nog geen 2 uur geleden", (0, 120), (0, 120)),
        # Halves and quarters.
        ("een half uur geleden", (30, 60), (15, 60)),
        ("half uur geleden", (30, 60), (15, 60)),
        ("een halfuur geleden", (30, 60), (15, 60)),
        ("een halve minuut geleden", (0.33, 0.67), (0.33, 0.67)),
        ("anderhalf uur geleden", (90, 120), (75, 120)),
        ("twee en een half uur geleden", (150, 180), (135, 180)),
        ("2,5 uur geleden", (150, 180), (135, 180)),
        ("een kwartier geleden", (15, 30), (7.5, 30)),
        ("kwartier geleden", (15, 30), (7.5, 30)),
        ("drie kwartier geleden", (45, 60), (37.5, 60)),
        ("½ uur geleden", (30, 60), (15, 60)),
        ("2½ uur geleden", (150, 180), (135, 180)),
        ("tweeëneenhalf uur geleden", (150, 180), (135, 180)),
        # Numbers as words, abbreviations, plurals that do not fit, capitals, spaces that are none.
        ("twee uur geleden", (120, 180), (90, 180)),
        ("twaalf uur geleden", (720, 780), (690, 780)),
        ("vijfendertig minuten geleden", (35, 36), (32.5, 37.5)),
        ("tweeëntwintig minuten geleden", (22, 23), (21.5, 23)),
        ("2 uren geleden", (120, 180), (90, 180)),
        ("2u geleden", (120, 180), (90, 180)),
        ("2 u. geleden", (120, 180), (90, 180)),
        ("7 min. geleden", (7, 8), (6.5, 8)),
        ("7m geleden", (7, 8), (6.5, 8)),
        ("7min geleden", (7, 8), (6.5, 8)),
        ("7 min.", (7, 8), (6.5, 8)),
        ("10 min. geleden", (10, 11), (9.5, 11)),  # steps of five are written in full
        ("2 UUR GELEDEN", (120, 180), (90, 180)),
        ("\n \t2  uur \u00a0 geleden\n", (120, 180), (90, 180)),
        ("\u200b2 uur geleden\ufeff", (120, 180), (90, 180)),
        ("e\u0301e\u0301n uur geleden", (60, 120), (44.5, 120)),
        ("2 uur geleden.", (120, 180), (90, 180)),
        # Labels.
        ("Geplaatst: 2 uur geleden", (120, 180), (90, 180)),
        ("Laatste update: 2 uur geleden", (120, 180), (90, 180)),
        ("Bijgewerkt 7 minuten geleden", (7, 8), (6.5, 8)),
        ("2 uur geleden geplaatst.", (120, 180), (90, 180)),
        ("Laatste update - 2 uur geleden", (120, 180), (90, 180)),
        ("zojuist geplaatst", (0, 46 / 60), (0, 46 / 60)),
        # Just now, and a few.
        ("zojuist", (0, 46 / 60), (0, 46 / 60)),
        ("nu", (0, 31 / 60), (0, 31 / 60)),
        ("recent", (0, 11 / 60), (0, 11 / 60)),
        ("net", (0, 5), (0, 5)),
        ("zonet", (0, 5), (0, 5)),
        ("een paar seconden geleden", (0, 46 / 60), (0, 46 / 60)),
        ("enkele seconden geleden", (0, 11 / 60), (0, 11 / 60)),
        ("een paar uur geleden", (90, 600), (90, 600)),
        ("enkele minuten geleden", (1.5, 10), (1.5, 10)),
    ],
)  # fmt: skip
def test_ages(phrase: str, down: tuple[float, float], wide: tuple[float, float]) -> None:
    exact, found = resolve(phrase, NOW, rounding="down"), resolve(phrase, NOW)
    assert (exact.earliest, exact.latest) == (minutes(*down).earliest, minutes(*down).latest)
    slack = timedelta(seconds=10)
    assert found.earliest <= minutes(*wide).earliest <= found.earliest + slack
    assert found.latest - slack <= minutes(*wide).latest <= found.latest


@pytest.mark.parametrize(
    ("phrase", "earliest", "latest"),
    [
        # The calendar counts too: three days ago is also all of the day three days ago.
        ("3 dagen geleden", "1 14:00", "3 02:00"),
        ("2 maanden geleden", "08-05 14:00", "09-30 24:00"),
        ("2 jaar geleden", "2022-11-05 14:00", "2024-05-09 00:00"),
        ("meer dan 1 jaar geleden", "2024-02-01 00:00", "2024-08-10 00:00"),
        ("bijna 2 jaar geleden", "2023-11-04 14:00", "2024-02-08 14:00"),
        ("vorige week", "10-22 14:00", "11-02 24:00"),
        ("vorige maand", "09-05 14:00", "10-31 24:00"),
        ("vorig jaar", "2023-11-05 14:00", "2024-12-31 24:00"),
        ("vorig kwartaal", "07-01 00:00", "09-30 24:00"),
        ("2 kwartalen geleden", "04-01 00:00", "06-30 24:00"),
        ("deze maand", "1 00:00", "5 14:00"),
    ],
)
def test_units_of_the_calendar(phrase: str, earliest: str, latest: str) -> None:
    found = resolve(phrase, NOW)
    day = timedelta(days=1.5)  # months and years have no one length: to the day is near enough here
    assert abs(found.earliest - local(earliest)) <= day
    assert abs(found.latest - local(latest)) <= day


# --- Days and clocks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "earliest", "latest"),
    [
        ("vandaag", "5 00:00", "5 14:00"),
        ("vandaag om 09:12", "5 09:12", "5 09:13"),
        ("Vandaag, 9.12 uur", "5 09:12", "5 09:13"),
        ("vandaag 13.15 uur", "5 13:15", "5 13:16"),
        ("gisteren", "3 14:00", "5 00:00"),  # the calendar's yesterday, and 24 to 48 hours ago
        ("eergisteren", "2 14:00", "4 00:00"),
        ("gisteren 22:10", "4 22:10", "4 22:11"),
        ("Gisteren, 22.10 uur", "4 22:10", "4 22:11"),
        ("eergisteren om 10:00", "3 10:00", "3 10:01"),
        ("gisteren 13 uur", "4 13:00", "4 14:00"),
        ("vannacht", "4 23:00", "5 07:00"),
        ("afgelopen nacht", "4 23:00", "5 07:00"),
        ("vannacht om 03.15 uur", "5 03:15", "5 03:16"),
        ("vannacht 23:40", "4 23:40", "4 23:41"),
        ("vannacht 11.40", "4 23:40", "4 23:41"),
        ("vannacht 12.15 uur", "5 00:15", "5 00:16"),
        ("vanochtend", "5 05:00", "5 12:00"),
        ("vanmorgen 8.15 uur", "5 08:15", "5 08:16"),
        ("vanmiddag", "5 12:00", "5 14:00"),
        ("vanmiddag om 1.15 uur", "5 13:15", "5 13:16"),
        ("gisteravond", "4 17:00", "4 24:00"),
        ("gisteren avond", "4 17:00", "4 24:00"),
        ("gisteravond 22:10", "4 22:10", "4 22:11"),
        ("gisteravond 10.10 uur", "4 22:10", "4 22:11"),
        ("maandag 14:05", "3 14:05", "3 14:06"),
        ("ma 14:05", "3 14:05", "3 14:06"),
        ("ma. 14.05 uur", "3 14:05", "3 14:06"),
        ("maandag om 14.05 uur", "3 14:05", "3 14:06"),
        ("maandagavond 21.30 uur", "3 21:30", "3 21:31"),
        ("maandagochtend", "3 05:00", "3 12:00"),
        ("afgelopen maandag", "3 00:00", "3 24:00"),
        ("afgelopen maandag om 14:05", "3 14:05", "3 14:06"),
        ("afgelopen woensdag", "10-29 00:00", "10-29 24:00"),  # today is no day that has passed
        ("woensdag 13:00", "5 13:00", "5 13:01"),
        ("woensdag 15:00", "10-29 15:00", "10-29 15:01"),  # today it is not that late
        ("woensdag", "10-29 00:00", "5 14:00"),  # today, or a week ago
        ("op maandag", "3 00:00", "3 24:00"),
        ("gisterenavond", "4 17:00", "4 24:00"),
        ("3 november 2025", "3 00:00", "3 24:00"),
        ("op 3 november 2025", "3 00:00", "3 24:00"),
        ("3 november 2025 · 13:15", "3 13:15", "3 13:16"),
        ("3 febr. 2025", "02-03 00:00", "02-03 24:00"),
        ("3 november", "3 00:00", "3 24:00"),
        ("6 november", "2024-11-06 00:00", "2024-11-06 24:00"),  # the last one
        ("29 februari", "2024-02-29 00:00", "2024-02-29 24:00"),
        ("3 nov", "3 00:00", "3 24:00"),
        ("3 nov. 2025, 13:15", "3 13:15", "3 13:16"),
        ("3 november, 13:15", "3 13:15", "3 13:16"),
        ("3 november om 13.15 uur", "3 13:15", "3 13:16"),
        ("3 november 2025 - 13:15", "3 13:15", "3 13:16"),
        ("ma 3 nov 2025", "3 00:00", "3 24:00"),
        ("ma 3 nov 13.15", "3 13:15", "3 13:16"),
        ("maandag 3 november 2025 om 13:15 uur", "3 13:15", "3 13:16"),
        ("maandag, 3 november 2025", "3 00:00", "3 24:00"),
        ("Gepubliceerd op 3 november 2025 om 13:15", "3 13:15", "3 13:16"),
        ("Geplaatst op: maandag 3 november 2025", "3 00:00", "3 24:00"),
        ("3-11-2025", "3 00:00", "3 24:00"),
        ("03-11-2025 13:15", "3 13:15", "3 13:16"),
        ("3.11.2025", "3 00:00", "3 24:00"),
        ("3/11/2025, 13:15", "3 13:15", "3 13:16"),
        ("3-11-'25 13:15", "3 13:15", "3 13:16"),
        ("2025-11-03", "3 00:00", "3 24:00"),
        ("maandag 03-11-2025", "3 00:00", "3 24:00"),
        ("3 NOVEMBER 2025", "3 00:00", "3 24:00"),
        ("november 2025", "1 00:00", "5 14:00"),
        ("december 2024", "2024-12-01 00:00", "2024-12-31 24:00"),
        ("13:15", "5 13:15", "5 13:16"),
        ("14:11", "4 14:11", "4 14:12"),  # still to come today
        ("14:10", "4 14:10", "5 14:00"),  # the clock that wrote it may be fast: yesterday, or just now
        ("woensdag 14:10", "10-29 14:10", "5 14:00"),
        ("om 13.15 uur", "5 13:15", "5 13:16"),
        ("13u15", "5 13:15", "5 13:16"),
        ("13:15, 3 november 2025", "3 13:15", "3 13:16"),
        ("Update: 13:15", "5 13:15", "5 13:16"),
    ],
)
def test_days_and_clocks(phrase: str, earliest: str, latest: str) -> None:
    found = resolve(phrase, NOW)
    assert found.earliest == local(earliest)
    assert timedelta(0) <= local(latest) - found.latest <= timedelta(microseconds=1)
    assert resolve(phrase, NOW, rounding="down") == found, "a calendar is not rounded"


def test_a_clock_with_seconds_is_a_second_wide() -> None:
    found = resolve("gisteren 22:10:30", NOW)
    assert (found.earliest, found.precision) == (local("4 22:10") + timedelta(seconds=30), "second")
    assert found.width < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("phrase", "rendered_at", "earliest", "latest"),
    [
        # Half past one at night in Amsterdam is half past eleven of the day before in UTC: the day is Amsterdam's.
        ("vandaag", "2026-07-01T23:30Z", "2026-07-01T22:00Z", "2026-07-01T23:30Z"),
        ("gisteren 23:10", "2026-07-01T23:30Z", "2026-07-01T21:10Z", "2026-07-01T21:11Z"),
        ("gisteravond", "2026-07-01T23:30Z", "2026-07-01T15:00Z", "2026-07-01T22:00Z"),
        ("vanavond", "2026-07-01T22:30Z", "2026-07-01T15:00Z", "2026-07-01T22:00Z"),  # half an hour past midnight
        ("vanochtend", "2026-07-02T02:30Z", "2026-07-01T22:00Z", "2026-07-02T02:30Z"),  # half past four
        ("vannacht", "2026-07-02T21:30Z", "2026-07-01T21:00Z", "2026-07-02T21:30Z"),  # last night, or this one
        # The night in which the clocks go forward: yesterday has 24 hours, the day itself 23.
        ("gisteren", "2026-03-29T22:30Z", "2026-03-27T22:30Z", "2026-03-29T22:00Z"),
        ("zondag", "2026-03-30T10:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
        ("gisteren", "2026-03-30T10:00Z", "2026-03-28T10:00Z", "2026-03-29T22:00Z"),
        # Back: the day has 25, an hour comes twice, and "gisteren" may be 49 hours ago.
        ("zondag", "2026-10-26T10:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
        ("gisteren", "2026-10-26T10:00Z", "2026-10-24T09:00Z", "2026-10-25T23:00Z"),
        ("vannacht 02:30", "2026-10-25T10:00Z", "2026-10-25T00:30Z", "2026-10-25T01:31Z"),
        ("2 uur geleden", "2026-10-25T01:30Z", "2026-10-24T22:30Z", "2026-10-25T00:00Z"),  # real hours
        # Some minutes before midnight a clock of some minutes past it is of this morning, or of a fast machine.
        ("00:05", "2026-07-01T21:58Z", "2026-06-30T22:05Z", "2026-07-01T21:58Z"),
        # Leap days and new years.
        ("gisteren", "2028-03-01T11:00Z", "2028-02-28T11:00Z", "2028-02-29T23:00Z"),
        ("29 februari", "2028-02-29T11:00Z", "2028-02-28T23:00Z", "2028-02-29T11:00Z"),
        ("31 december", "2026-01-01T11:00Z", "2025-12-30T23:00Z", "2025-12-31T23:00Z"),
        ("31 december 23:50", "2025-12-31T23:30Z", "2025-12-31T22:50Z", "2025-12-31T22:51Z"),
        ("vorig jaar", "2026-01-01T00:30Z", "2024-01-01T00:30Z", "2025-12-31T23:00Z"),
    ],
)
def test_midnights_clock_changes_and_leap_days(phrase: str, rendered_at: str, earliest: str, latest: str) -> None:
    found = resolve(phrase, datetime.fromisoformat(rendered_at))
    slack = timedelta(seconds=5)
    assert abs(found.earliest - datetime.fromisoformat(earliest)) <= slack
    assert abs(found.latest - datetime.fromisoformat(latest)) <= slack


# --- What is no stamp -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        # Nothing, or a piece of something.
        "", " ", ".", ":", "2", "12", "geleden", "uur", "uur geleden", "2 geleden", "2 uur", "10 uur", "een uur", "2 uur g", "2 uur gele",
        "om", "op", "Geplaatst:", "Update", "een", "een paar", "een paar uur", "ongeveer", "vorige", "afgelopen", "2 uur en geleden",
        # Durations, ages of people, distances, scores, prices.
        "3 dagen", "12 jaar", "2 uur en 5 minuten", "5 min", "90 minuten", "80 km/uur", "6-2", "3-1", "2,50", "2.5", "1:0", "€ 3", "10%",
        # The future, and what cannot have been shown at two in the afternoon.
        "over 2 uur", "over 39 minuten", "over een uur", "binnen 2 uur", "morgen", "overmorgen", "morgen om 10:00", "volgende week",
        "vandaag om 15:00", "vandaag 14:01", "vanavond", "vanavond 20:00", "6 november 2025", "5 november 2025 15:00", "5 november, 15:00",
        "3 november 2099", "december 2025", "-2 uur geleden", "- 2 uur geleden", "+2 uur geleden",
        # Nothing has passed, in units in which nobody says so.
        "0 uur geleden", "0 dagen geleden", "0 jaar geleden", "nul uur geleden",
        # Days that there were not, and clocks that there are not.
        "31 november 2025", "29 februari 2025", "0 november", "32 december", "30 februari", "dinsdag 3 november 2025", "di 3 nov", "zo 3 nov 13.15",
        "dinsdag 03-11-2025", "3-13-2025", "13-13-2025", "2025-13-01", "25:00", "24:00", "12:60", "12:30:61", "1:2", "99.99 uur", "3 november 1899",
        "gisteravond 09:99", "vanochtend 15:00", "gistermiddag 22:00",
        "2 uur, 30 minuten", "3 jaar, 2 maanden", "12.50", "12.50.", "2.50", "1:05:30", "wo 2 uur", "vrij 2 uur", "Recent toegevoegd", "Nu verschenen",
        "Net gepubliceerd", "gisteren update:", "vorig week", "dit week", "deze jaar", "vandaag morgen", "1 uur en 90 minuten geleden",
        "vorige maandag", "november '", "3 november 'n uur", "2 uur. geleden",
        # Sentences and titles that hold a phrase.
        "Ruim 400 jaar geleden stond hier een molen.", "2 uur geleden kwam de melding", "het is 2 uur geleden", "De brug ging 2 uur geleden open",
        "Gisteren viel er sneeuw", "Vandaag is rood", "Maandag gehaktdag", "November 2025 was warm", "Net binnen", "Nu live", "Recent nieuws",
        "02.45 uur gisteren", "tussen 13:15 en 14:00", "13:15 - 14:00", "van 9.00 tot 17.00 uur", "2 uur geleden, 3 uur geleden",
        "1 uur en 2 dagen geleden", "2 uur en 3 uur geleden", "vorige week maandag", "deze dag", "vorige uur",
        # Words that are days only beside a clock or a date, other languages, other figures.
        "zo", "ma", "do", "wo", "vr", "mei", "maart", "2 hours ago", "vor 2 Stunden", "il y a 2 heures", "yesterday", "²  uur geleden", 
        "2.5 uur geleden", "2,3 uur geleden", "12345 uur geleden", "9999 jaar geleden", "300 jaar geleden", "1e4 uur geleden",
        "2 uur\0 geleden", "\ud800", "2 uur geleden\ud800", "2 uur geleden!", "2 uur geleden?", "(2 uur geleden)", "9" * 5_000, "9" * 5_000 + " uur geleden",
        "2 uur geleden" + " " * 100_000, "2 uur " * 30 + "geleden", "x" * 1_000_000,
    ],
)  # fmt: skip
def test_what_is_no_stamp_is_refused(text: str) -> None:
    with pytest.raises(UnknownTimePhrase) as refused:
        resolve(text, NOW)
    assert len(str(refused.value)) < 200


def test_the_refusal_quotes_the_phrase() -> None:
    with pytest.raises(UnknownTimePhrase, match="'ooit'"):
        resolve("ooit", NOW)


@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 1), datetime(1, 1, 1, 12), datetime(1990, 1, 1), datetime(9999, 12, 31, 23, 59)]
)
@pytest.mark.parametrize("phrase", ["2 uur geleden", "1 maand geleden", "gisteren", "13:15", "vorig jaar", "2 jaar en 3 maanden geleden", "maandag 3 november 2025", "zojuist"])  # fmt: skip
def test_at_the_ends_of_the_calendar_nothing_else_is_raised(phrase: str, moment: datetime) -> None:
    try:
        found = resolve(phrase, moment.replace(tzinfo=UTC))
    except UnknownTimePhrase:
        return
    assert found.latest <= moment.replace(tzinfo=UTC)
