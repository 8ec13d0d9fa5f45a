"""Times where pages show them: which are stamps of briefs, which are words of a text, and which day is the page's."""

from datetime import UTC, date, datetime

import pytest
from samples import NOW, briefs

from newscrawl.extraction import Extract, extract_page
from newscrawl.sites import SITES

INDEX = "https://www.zeelandnet.nl/nieuws/buitenland"
CARD = "<article><h3><a href='/nieuws/{0}'>Kop {0}</a></h3><p>LIMA (ANP) - De {0} is open.</p>{1}</article>"
FLAT = "<h3><a href='/nieuws/{0}'>Kop {0}</a></h3><p>LIMA (ANP) - De {0} is open.</p>{1}"
LONG = "De {0} bij Lima is na een maand van herstel weer open voor al het verkeer"


def index_of(page: str, *, content_type: str = "text/html") -> Extract:
    return extract_page(
        page, url=INDEX, crawled_at=NOW, content_type=content_type, headers=None, site=SITES["zeelandnet"]
    )


def stamps_of(page: str, *, content_type: str = "text/html") -> list[str | None]:
    return [brief.published_raw for brief in briefs(index_of(page, content_type=content_type).items)]


def texts_of(page: str, *, content_type: str = "text/html") -> list[str]:
    return [brief.text for brief in briefs(index_of(page, content_type=content_type).items)]


def cards(*stamps: str, card: str = CARD) -> str:
    return "<h1>Buitenland</h1>" + "".join(
        card.format(name, stamp) for name, stamp in zip("abcdef", stamps, strict=False)
    )


# --- The day of a page ------------------------------------------------------------------------------------------------

TWO = CARD.format("a", "<span>2 uur geleden</span>") + CARD.format("b", "<span>3 uur geleden</span>")


@pytest.mark.parametrize(
    "page",
    [
        f"<p>maandag 3 november 2025</p><h1>Buitenland</h1>{TWO}",
        f"<h1>Buitenland</h1><p>maandag 3 november 2025</p>{TWO}",
        f"<header><span>maandag 3 november 2025</span></header><h1>Buitenland</h1><div>{TWO}</div>",
        f"<div id=page><p>maandag 3 november 2025</p><div>{CARD.format('a', '<span>2 uur geleden</span>')}</div></div>",
        f"<p>maandag 3 november 2025</p><h1>Buitenland</h1>{CARD.format('a', '')}",
        f"<ul><li>maandag 3 november 2025</li></ul><h1>Buitenland</h1>{TWO}<p>zaterdag 8 november 2025</p><p>Braderie</p>",
        f"<p>maandag 3 november 2025</p><h1>Buitenland</h1>{CARD.format('a', '<p>zondag 2 november 2025</p>')}{TWO}",
    ],
)
def test_the_day_in_the_head_of_a_page_is_its_own(page: str) -> None:
    assert index_of(page).page.day == date(2025, 11, 3)


@pytest.mark.parametrize(
    "page",
    [
        f"<h1>Buitenland</h1>{TWO}<p>maandag 3 november 2025</p>",
        f"<h1>Buitenland</h1>{TWO}<footer>maandag 3 november 2025</footer>",
        f"<h1>Buitenland</h1>{TWO}<div><h4>Agenda</h4><p>zaterdag 28 februari 2026</p><p>Braderie in Goes</p></div>",
        f"<aside><h4>Agenda</h4><p>zaterdag 28 februari 2026</p><p>Braderie</p></aside><h1>Buitenland</h1>{TWO}",
        f"<nav>maandag 3 november 2025</nav><h1>Buitenland</h1>{TWO}",
        f"<h1>Buitenland</h1>{TWO}{CARD.format('c', '<span>maandag 3 november 2025</span>')}",
        f"<h1>Buitenland</h1>{CARD.format('c', '<p>maandag 3 november 2025</p><span>1 uur geleden</span>')}{TWO}",
        f"<h2>maandag 3 november 2025</h2>{TWO}<h2>zondag 2 november 2025</h2>{TWO.replace('/nieuws/', '/nieuws/x')}",
    ],
)
def test_a_day_anywhere_else_is_not(page: str) -> None:
    found = index_of(page)
    assert found.page.day is None
    assert {"2 uur geleden", "3 uur geleden"} <= {brief.published_raw for brief in briefs(found.items)}
    assert not found.day_contradicted


def days_of(page: str, *, content_type: str = "text/html") -> list[date | None]:
    lists = index_of(page, content_type=content_type).page.lists
    return [entry.day for entries in lists for entry in entries.entries]


@pytest.mark.parametrize("tag", ["h2", "div", "p", "li"])
@pytest.mark.parametrize("brief", [CARD, FLAT, CARD.replace("article", "div")])
def test_in_a_list_by_days_a_brief_has_the_day_above_it(tag: str, brief: str) -> None:
    first, second, third = (brief.format(name, "<p>11:15</p>") for name in "abc")
    page = f"<h1>Buitenland</h1><{tag}>zondag 22 februari 2026</{tag}>{first}{second}<{tag}>zaterdag 21 februari 2026</{tag}>"
    assert days_of(page + third) == [date(2026, 2, 22), date(2026, 2, 22), date(2026, 2, 21)]
    assert index_of(page + third).page.day is None
    assert stamps_of(page + third) == ["11:15"] * 3


def test_each_day_may_have_a_section_of_its_own() -> None:
    page = "<h1>Buitenland</h1>" + "".join(
        f"<section><h2>{day}</h2>{''.join(CARD.format(name, '<p>11:15</p>') for name in names)}</section>"
        for day, names in (("zondag 22 februari 2026", "ab"), ("zaterdag 21 februari 2026", "c"))
    )
    assert days_of(page) == [date(2026, 2, 22), date(2026, 2, 22), date(2026, 2, 21)]


def test_plain_text_is_grouped_by_days_too() -> None:
    brief = "Kop {0}\nLIMA (ANP) - De {0} is open.\n\n{1}\n"
    page = (
        "Buitenland\nzondag 22 februari 2026\n" + brief.format("a", "11:15") + brief.format("b", "10:15")
        + "zaterdag 21 februari 2026\n" + brief.format("c", "23:10")
    )  # fmt: skip
    assert days_of(page, content_type="text/plain") == [date(2026, 2, 22), date(2026, 2, 22), date(2026, 2, 21)]


def test_the_one_day_of_a_page_is_no_day_of_a_list() -> None:
    assert days_of(f"<h1>Buitenland</h1><p>dinsdag 24 februari 2026</p>{TWO}") == [None, None]


# --- A day or a word as stamp -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "tag"),
    [
        *((card, tag) for card in (CARD, CARD.replace("article", "div"), FLAT) for tag in ("span", "p")),
        (CARD, "footer"),
        (CARD.replace("article", "li"), "footer"),
    ],
)
def test_a_full_day_dates_the_brief_in_whose_element_it_stands(card: str, tag: str) -> None:
    stamps = [f"<{tag}>{day}</{tag}>" for day in ("maandag 23 februari 2026", "zondag 22 februari 2026")]
    found = index_of(cards(*stamps, card=card))
    assert [brief.published_raw for brief in briefs(found.items)] == [
        "maandag 23 februari 2026",
        "zondag 22 februari 2026",
    ]
    first = briefs(found.items)[0]
    assert (first.published_source, first.published_precision) == ("clock", "day")
    assert first.published_earliest == datetime(2026, 2, 22, 23, 0, tzinfo=UTC)
    assert found.page.day is None


def test_the_day_may_stand_above_title_or_text() -> None:
    above = "<article><span>{1}</span><h3><a href='/nieuws/{0}'>Kop {0}</a></h3><p>LIMA (ANP) - De {0} is open.</p></article>"
    below = "<h3><a href='/nieuws/{0}'>Kop {0}</a></h3><p>{1}</p><p>LIMA (ANP) - De {0} is open.</p>"
    for card in (above, below):
        page = cards("maandag 23 februari 2026", "maandag 23 februari 2026", card=card)
        assert stamps_of(page) == ["maandag 23 februari 2026"] * 2
        assert index_of(page).page.day is None


def test_the_oldest_of_a_list_may_show_days() -> None:
    page = cards("<span>2 uur geleden</span>", "<span>zondag 22 februari 2026</span>", "<span>maandag</span>")
    assert stamps_of(page) == ["2 uur geleden", "zondag 22 februari 2026", "maandag"]


def test_in_plain_text_the_day_follows_its_brief() -> None:
    brief = "Kop {0}\nLIMA (ANP) - De {0} is open.\n\n{1}\n"
    days = "maandag 23 februari 2026", "zondag 22 februari 2026", "zaterdag 21 februari 2026"
    page = "Buitenland\n" + "".join(brief.format(name, day) for name, day in zip("abc", days, strict=True))
    assert stamps_of(page, content_type="text/plain") == list(days)
    assert texts_of(page, content_type="text/plain") == [f"De {name} is open." for name in "abc"]


def test_a_day_above_briefs_without_times_dates_none_of_them() -> None:
    page = (
        "<h1>Buitenland</h1><div>zondag 22 februari 2026</div>" + FLAT.format("a", "") + FLAT.format("b", "")
        + "<div>zaterdag 21 februari 2026</div>" + FLAT.format("c", "")
    )  # fmt: skip
    assert stamps_of(page) == [None] * 3


@pytest.mark.parametrize(
    "stamp",
    [
        *("vorige week", "maandag", "afgelopen maandag", "afgelopen nacht", "zo-even", "een aantal dagen geleden"),
        *("2½ uur geleden", "24 feb '26", "'n uur geleden", "23 feb 2026 - 14:30", "gisteren | 14:30"),
        *("gisteren • 14:30", "13u15", "vorig jaar"),
    ],
)
@pytest.mark.parametrize("card", [CARD, FLAT])
def test_what_the_grammar_reads_is_a_stamp(stamp: str, card: str) -> None:
    found = index_of(cards(*[f"<p>{stamp}</p>"] * 3, card=card))
    assert [brief.published_raw for brief in briefs(found.items)] == [stamp] * 3
    assert all(brief.published_at for brief in briefs(found.items))
    assert [brief.text for brief in briefs(found.items)] == [f"De {name} is open." for name in "abc"]


def test_a_word_of_time_is_no_stamp_where_the_brief_has_one() -> None:
    assert stamps_of(cards(*["<p>5 min.</p><span>2 uur geleden</span>"] * 2)) == ["2 uur geleden"] * 2


@pytest.mark.parametrize(
    "box",
    [
        "<aside><h4>Agenda</h4><ul><li><a href='/agenda/1'>Braderie</a><span>zaterdag 28 februari 2026</span></li></ul></aside>",
        "<div><h4>Agenda</h4><div><p>Braderie in Goes</p><p>zaterdag 21 februari 2026</p></div></div>",
        "<div><h4>Weer</h4><div><p>Buien in Zeeland</p><p>Maandag</p></div></div>",
    ],
)
@pytest.mark.parametrize("where", ["{0}{1}", "{1}{0}"])
def test_a_box_beside_the_list_makes_no_brief_by_its_days(box: str, where: str) -> None:
    assert stamps_of("<h1>Buitenland</h1>" + where.format(TWO, box)) == ["2 uur geleden", "3 uur geleden"]


def test_a_title_may_be_a_word_of_time() -> None:
    card = "<article><h3><a href='/nieuws/{0}'>Maandag</a></h3><p>LIMA (ANP) - De {0} is open.</p><p>{1}</p></article>"
    found = index_of(cards("2 uur geleden", "3 uur geleden", card=card))
    assert [(brief.headline, brief.published_raw) for brief in briefs(found.items)] == [
        ("Maandag", "2 uur geleden"),
        ("Maandag", "3 uur geleden"),
    ]


# --- Beside labels ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "stamp"),
    [
        ("Buitenland | gisteren | 14:30", "gisteren 14:30"),
        ("3 uur geleden | bijgewerkt 5 minuten geleden", "3 uur geleden"),
        ("Bijgewerkt: 5 minuten geleden • 3 uur geleden", "3 uur geleden"),
        (
            "Buitenland • Gepubliceerd: 23 februari 2026 om 15.43 uur",
            "Gepubliceerd: 23 februari 2026 om 15.43 uur",
        ),
    ],
)
def test_a_time_beside_labels_and_other_times(shown: str, stamp: str) -> None:
    found = index_of(cards(*[f"<p>{shown}</p>"] * 2))
    assert [brief.published_raw for brief in briefs(found.items)] == [stamp] * 2
    assert all(brief.published_at for brief in briefs(found.items))


def test_the_label_of_an_update_may_have_its_own_element() -> None:
    update = "<span>Bijgewerkt</span> <time datetime='2026-02-24T08:55Z'>5 minuten geleden</time>"
    found = index_of(cards(*[f"<p>{update}</p>"] * 2))
    assert [(brief.published_at, brief.published_raw) for brief in briefs(found.items)] == [
        (None, "Bijgewerkt 5 minuten geleden")
    ] * 2
    assert all(brief.modified_at for brief in briefs(found.items))


# --- In links and at the ends of paragraphs ---------------------------------------------------------------------------


@pytest.mark.parametrize("stamp", ["gisteren 22:10", "23 februari 2026", "11:15", "2 uur geleden"])
def test_a_link_around_a_brief_holds_its_stamp(stamp: str) -> None:
    card = "<a href='/nieuws/{0}'><h3>Kop {0}</h3><p>LIMA (ANP) - De {0} is open.</p><span>{1}</span></a>"
    found = index_of(cards(stamp, stamp, card=card))
    assert [(brief.published_raw, brief.text) for brief in briefs(found.items)] == [
        (stamp, "De a is open."),
        (stamp, "De b is open."),
    ]


def test_a_link_may_hold_title_and_stamp_side_by_side() -> None:
    card = "<div><a href='/nieuws/{0}'><b>Kop {0}</b><span>{1}</span></a><p>LIMA (ANP) - De {0} is open.</p></div>"
    found = index_of(cards("gisteren 22:10", "gisteren 21:10", card=card))
    assert [(brief.headline, brief.published_raw) for brief in briefs(found.items)] == [
        ("Kop a", "gisteren 22:10"),
        ("Kop b", "gisteren 21:10"),
    ]


def test_a_link_to_a_day_is_no_stamp() -> None:
    page = f"<p><a href='?dag=1'>23 februari 2026</a></p><h1>Buitenland</h1>{TWO}"
    assert stamps_of(page) == ["2 uur geleden", "3 uur geleden"]


@pytest.mark.parametrize(
    "stamp", ["vandaag om 09:15", "23 februari 2026, 22.10 uur", "maandag 22:10", "maandag 23 februari 2026"]
)
def test_a_day_and_clock_may_end_a_paragraph(stamp: str) -> None:
    card = "<div><h3><a href='/nieuws/{0}'>Kop {0}</a></h3><p>LIMA (ANP) - De {0} is open. <span>{1}</span></p></div>"
    found = index_of(cards(stamp, stamp, card=card))
    assert [(brief.published_raw, brief.text) for brief in briefs(found.items)] == [
        (stamp, "De a is open."),
        (stamp, "De b is open."),
    ]


def test_a_day_and_clock_that_end_a_sentence_are_words_of_it() -> None:
    text = "<p>LIMA (ANP) - " + LONG + " vanaf <b>vrijdag 20 februari om 20.00 uur</b></p><span>{1}</span>"
    card = "<div><h3><a href='/nieuws/{0}'>Kop {0}</a></h3>" + text + "</div>"
    found = index_of(cards("2 uur geleden", "3 uur geleden", card=card))
    assert [brief.published_raw for brief in briefs(found.items)] == ["2 uur geleden", "3 uur geleden"]
    assert all(brief.text.endswith("vanaf vrijdag 20 februari om 20.00 uur") for brief in briefs(found.items))


@pytest.mark.parametrize(
    "words", ["De {0} bij de haven van Lima ging dicht op", "Zo was het met de {0} in Lima al eens,"]
)
@pytest.mark.parametrize("outer", ["article", "div", "li", ""])
def test_a_time_in_a_text_gives_way_to_the_stamp_of_the_brief(words: str, outer: str) -> None:
    body = f"<p>LIMA (ANP) - {words} <time datetime=2026-02-20>20 februari</time></p><span>{{1}}</span>"
    card = f"<h3><a href='/nieuws/{{0}}'>Kop {{0}}</a></h3>{body}"
    page = cards("2 uur geleden", "3 uur geleden", card=f"<{outer}>{card}</{outer}>" if outer else card)
    found = index_of(page)
    assert [(brief.published_raw, brief.text) for brief in briefs(found.items)] == [
        ("2 uur geleden", f"{words.format('a')} 20 februari"),
        ("3 uur geleden", f"{words.format('b')} 20 februari"),
    ]


def test_a_time_that_ends_a_text_without_a_full_stop_is_its_stamp() -> None:
    card = "<div><h3><a href='/nieuws/{0}'>Kop {0}</a></h3><p>LIMA (ANP) - " + LONG + " <time>{1}</time></p></div>"
    page = cards("2 uur geleden", "3 uur geleden", card=card)
    assert stamps_of(page) == ["2 uur geleden", "3 uur geleden"]
    assert texts_of(page) == [LONG.format("a"), LONG.format("b")]


# --- "Net binnen", glued labels, updates ------------------------------------------------------------------------------


def test_the_first_brief_below_net_binnen_keeps_its_stamp() -> None:
    card = "<article><header><span>{1}</span><h3><a href='/nieuws/{0}'>Kop {0}</a></h3></header><p>LIMA (ANP) - De {0} is open.</p></article>"
    page = "<h2>Net binnen</h2>" + "".join(
        card.format(name, stamp) for name, stamp in (("a", "gisteren 23:29"), ("b", "ma 22:10"))
    )
    found = index_of(page)
    assert found.page.clock_lines == ()
    assert [(brief.headline, brief.published_raw) for brief in briefs(found.items)] == [
        ("Kop a", "gisteren 23:29"),
        ("Kop b", "ma 22:10"),
    ]


def test_a_label_before_a_glued_age_belongs_to_it() -> None:
    page = (
        "Buitenland\nLIMA (ANP) - De a is open.\nGeplaatst: 2 uur geledenPARIJS (ANP) - De b is open.\n"
        "Geplaatst: 3 uur geleden\n"
    )
    assert stamps_of(page, content_type="text/plain") == ["Geplaatst: 2 uur geleden", "Geplaatst: 3 uur geleden"]
    assert texts_of(page, content_type="text/plain") == ["De a is open.", "De b is open."]


def test_a_glued_update_is_no_publication() -> None:
    page = (
        "Buitenland\nLIMA (ANP) - De a is open.\nBijgewerkt 5 minuten geledenPARIJS (ANP) - De b is open.\n"
        "3 uur geleden\n"
    )
    first, second = briefs(index_of(page, content_type="text/plain").items)
    assert (first.published_at, first.text) == (None, "De a is open.")
    assert (second.published_raw, second.text) == ("3 uur geleden", "De b is open.")


BRIEF = "Kop {0}\nLIMA (ANP) - De {0} is open.\n\n{1}\n"


def test_in_plain_text_an_update_may_be_all_that_a_brief_shows() -> None:
    page = "Buitenland\n" + BRIEF.format("a", "Bijgewerkt 5 minuten geleden") + BRIEF.format("b", "3 uur geleden")
    first, second = briefs(index_of(page, content_type="text/plain").items)
    assert (first.headline, first.published_at, first.published_raw) == ("Kop a", None, "Bijgewerkt 5 minuten geleden")
    assert first.modified_at is not None
    assert (second.headline, second.published_raw, second.modified_at) == ("Kop b", "3 uur geleden", None)


@pytest.mark.parametrize("start", ["Buitenland\n", "Laatst bijgewerkt: 5 minuten geleden\nBuitenland\n"])
def test_in_plain_text_the_update_of_a_page_is_no_brief_s(start: str) -> None:
    page = start + BRIEF.format("a", "2 uur geleden") + "Kop b\nLIMA (ANP) - De b is open.\n"
    items = briefs(index_of(page + "Laatst bijgewerkt: 5 minuten geleden\n", content_type="text/plain").items)
    assert [(brief.published_raw, brief.modified_at) for brief in items] == [("2 uur geleden", None), (None, None)]


def test_a_machine_readable_update_of_a_brief_is_no_publication() -> None:
    update = "<p>{} <time itemprop=dateModified datetime='2026-02-24T08:55Z'>5 minuten geleden</time></p>"
    for label, shown in (("", None), ("<b>Bijgewerkt</b>", "Bijgewerkt 5 minuten geleden")):
        items = briefs(index_of(cards(*[update.format(label)] * 2)).items)
        assert [(brief.published_at, brief.published_raw) for brief in items] == [(None, shown)] * 2


def test_a_sidebar_settles_its_times_too() -> None:
    page = (
        "<h1>Brug open</h1><p>GENT (ANP) - De brug is open.</p><aside><h2>Meer uit Buitenland</h2>"
        + CARD.format("a", "<span>maandag 23 februari 2026</span>") + CARD.format("b", "<span>vorige week</span>")
    )  # fmt: skip
    found = extract_page(
        page, url="https://www.zeelandnet.nl/nieuws/brug", crawled_at=NOW, content_type="text/html", headers=None,
        site=SITES["zeelandnet"],
    )  # fmt: skip
    assert [brief.published_raw for brief in briefs(found.items)] == ["maandag 23 februari 2026", "vorige week"]


@pytest.mark.parametrize("crosshead", ["Maandag", "Vorige week", "Afgelopen nacht", "Deze week"])
@pytest.mark.parametrize("form", ["<h1>Brug open</h1><p>{}</p><p>{}</p><p>{}</p>", "Brug open\n{}\n{}\n{}\n"])
def test_a_word_of_time_may_be_a_crosshead_of_a_lead(crosshead: str, form: str) -> None:
    text = "De brug bij de haven is na een maand van herstel weer open voor al het verkeer."
    page = form.format(f"GENT (ANP) - {text}", crosshead, text)
    found = extract_page(
        page, url=None, crawled_at=NOW, content_type="text/html" if "<" in page else "text/plain", headers=None,
        site=SITES["zeelandnet"],
    )  # fmt: skip
    assert found.page.lead is not None
    assert found.page.lead.crossheads == ((crosshead, 1),)
