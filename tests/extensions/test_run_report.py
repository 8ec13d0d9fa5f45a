"""The run report tells where times came from, and which of those told to machines were not believed."""

from contract import check_report, check_sighting, check_story
from harness import FAST, Crawl, LocalSite

CLOCK = "2026-02-24T10:00:00+01:00"
TEASER = "<li><h3><a href='/nieuws/{slug}'>Kop van {slug}</a></h3><p>LIMA (ANP) - Tekst van {slug}, die hier staat.</p>{time}</li>"
TIMES = {
    "eerste": "<time datetime='2026-02-24T06:30:00Z'>2 uur geleden</time>",
    "tweede": "<time datetime='2026-02-24T07:30:00'>2 uur geleden</time>",
    "derde": "<time datetime='2027-02-24T07:30:00Z'>3 uur geleden</time>",
    "vierde": "<time datetime='2026-02-24T06:30:00Z'>5 uur geleden</time>",
    "vijfde": "",
}


def test_times_by_source_and_width_and_what_was_distrusted(site: LocalSite, crawl: Crawl) -> None:
    teasers = "".join(TEASER.format(slug=slug, time=time) for slug, time in TIMES.items())
    site.say("/nieuws/buitenland", f"<h1>Buitenland</h1><ul>{teasers}</ul>")
    for slug in TIMES:
        site.say(f"/nieuws/{slug}", f"<h1>Kop van {slug}</h1><p>LIMA (ANP) - Tekst van {slug}, die hier staat.</p>")
    result = crawl(start_url=f"{site.url}/nieuws/buitenland", crawled_at=CLOCK, settings=FAST)
    assert result.report["verdict"] == "ok", result.stderr
    check_report(result.report)
    for line in result.stories:
        check_story(line)
    for line in result.sightings:
        check_sighting(line)
    # Five briefs and their articles, which have the times of their briefs.
    assert result.report["counts"]["written"] == 10
    assert result.report["times"] == {
        "metadata": {"second": 2},
        "feed": {},
        "clock": {},
        "relative": {"hour": 6},
        "none": 2,
    }
    assert result.report["reasons"] == [
        "3 machine-readable times cannot be true, and were left aside: 1 later than the page, 1 without a time zone that"
        " there is, 1 at variance with what stands beside them."
    ]
    raws = {line["raw"] for line in result.sightings if line["where"] == "index"}
    assert raws == {
        "2 uur geleden",
        "2 uur geleden [2026-02-24T07:30:00]",
        "3 uur geleden [2027-02-24T07:30:00Z]",
        "5 uur geleden [2026-02-24T06:30:00Z]",
        None,
    }


def test_a_run_without_stories_names_all_sources_all_the_same(site: LocalSite, crawl: Crawl) -> None:
    result = crawl(start_url=f"{site.url}/nieuws/buitenland", settings=FAST)
    check_report(result.report)
    assert result.report["times"] == {"metadata": {}, "feed": {}, "clock": {}, "relative": {}, "none": 0}
