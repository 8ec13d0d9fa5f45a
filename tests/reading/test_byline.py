"""The time of a lead: what stands in its byline, and never the time of a neighbour."""

import pytest
from samples import NOW, articles

from newscrawl import extract

TEXT = "<p>GENT (ANP) - De stadsbrug van Gent is maandag weer opengegaan na een storing van twee weken.</p>"
SIDEBAR = "<h2>Meer uit Buitenland</h2><p>LIMA (ANP) - Een trein rijdt weer.</p><p>5 uur geleden</p>"
H1 = "<h1>Brug in Gent weer open</h1>"
TIME = "<time datetime='2022-03-01T10:00+01:00'>1 maart 2022 10:00</time>"
NEAR = "<time datetime='2026-02-24T08:00Z'>1 uur geleden</time>"
LINK = "<a href='/nieuws/andere'>Andere kop van de dag</a>"


def raw_of(page: str) -> str | None:
    items = extract(page + SIDEBAR, url="https://www.zeelandnet.nl/nieuws/brug-in-gent", crawled_at=NOW)
    (lead,) = articles(items)
    assert (lead.headline, lead.text[:18]) == ("Brug in Gent weer open", "De stadsbrug van G")
    return lead.published_raw


@pytest.mark.parametrize(
    "page",
    [
        f"{H1}<p class=byline>Door Jan | {TIME}</p>{TEXT}",
        f"{H1}<p class=byline>Door Jan {TIME}</p>{TEXT}",
        f"{H1}<p>Gepubliceerd op {TIME}</p>{TEXT}",
        f"{H1}<dl><dt>Geplaatst</dt><dd>{TIME}</dd></dl>{TEXT}",
        f"{H1}{TIME}{TEXT}",
        f"{H1}<p>Een brug van staal, met een verhaal</p><p>{TIME}</p>{TEXT}",
        f"<article><header>{H1}{TIME}</header>{TEXT}</article>",
        f"<article><header>{TIME}{H1}</header>{TEXT}</article>",
        f"<article><p>{TIME}</p>{H1}{TEXT}</article>",
        f"<section>{H1}<p>{TIME}</p>{TEXT}</section>",
        f"<article><a href='/nieuws/buitenland'>Buitenland</a>{TIME}{H1}{TEXT}</article>",
        f"{H1}<p>{TIME}</p><p>{LINK}</p>{TEXT}",
        f"{H1}<p>Geplaatst {TIME}</p><p><span>Bijgewerkt</span> {NEAR}</p>{TEXT}",
    ],
)
def test_a_time_of_the_byline(page: str) -> None:
    assert raw_of(page) == "2022-03-01T10:00+01:00"


@pytest.mark.parametrize(
    "page",
    [
        f"{H1}<aside>{LINK} {NEAR}</aside>{TEXT}",
        f"{H1}<ul><li>{LINK} {NEAR}</li></ul>{TEXT}",
        f"{H1}<ol><li>Iets anders</li><li>{NEAR}</li></ol>{TEXT}",
        f"{H1}<div>{LINK} {NEAR}</div>{TEXT}",
        f"{H1}<div><p>{NEAR}</p><p>{LINK}</p></div>{TEXT}",
        f"{H1}<div><h3>{LINK}</h3><p>{NEAR}</p></div>{TEXT}",
        f"{H1}<p>{LINK}</p><p>{NEAR}</p>{TEXT}",
        f"{H1}<div>Lees ook het verhaal van de sluis</div>{NEAR}{TEXT}",
        f"{H1}<section><p>{NEAR}</p></section>{TEXT}",
        f"{H1}<p>Buien in Zeeland {NEAR}</p>{TEXT}",
        f"{H1}<p>Aanvang: {NEAR}</p>{TEXT}",
        f"<article><ul><li>{LINK} {NEAR}</li></ul>{H1}{TEXT}</article>",
        f"<article><div><p>{NEAR}</p></div>{H1}{TEXT}</article>",
        f"<article><p>{LINK}</p><p>{NEAR}</p>{H1}{TEXT}</article>",
        f"<p>{NEAR}</p>{H1}{TEXT}",
    ],
)
def test_a_time_of_a_neighbour_is_none(page: str) -> None:
    assert raw_of(page) is None


@pytest.mark.parametrize(
    "update",
    [
        f"<p><span>Bijgewerkt</span>{NEAR}</p>",
        f"<p><span>Laatst bijgewerkt:</span> {NEAR}</p>",
        f"<p>{NEAR} <span>bijgewerkt</span></p>",
        f"<dl><dt>Bijgewerkt</dt><dd>{NEAR}</dd></dl>",
        f"<div>Update</div><div>{NEAR}</div>",
        f"<p>{NEAR.replace('datetime', 'itemprop=dateModified datetime', 1)}</p>",
    ],
)
def test_a_time_of_an_update_is_no_publication(update: str) -> None:
    assert raw_of(f"<article>{H1}{update}{TEXT}</article>") is None
