"""What every line must be: each field there, in its order, of its type."""

import re
from datetime import UTC, datetime
from typing import Any

STORY_FIELDS = [
    *("kind", "story_id", "revision", "url", "headline", "section", "dateline", "place", "agencies", "text"),
    *("crossheads", "position", "published_at", "published_earliest", "published_latest", "published_precision"),
    *("published_source", "published_raw", "modified_at", "language", "site", "spider", "found_on", "crawled_at"),
    *("rendered_at", "schema_version"),
]
SIGHTING_FIELDS = [
    *("story_id", "where", "url", "headline", "section", "position", "page_url", "raw", "earliest", "latest"),
    *("crawled_at", "rendered_at"),
]
COUNTS = [
    *("requests", "failed_requests", "pages", "not_news", "leads", "briefs", "sightings", "times_read"),
    *("times_unread", "written", "revised", "known", "pending"),
]
SOURCES = ("metadata", "feed", "clock", "relative")
PRECISIONS = ("second", "minute", "hour", "day", "week", "month", "year")


def moment(value: str) -> datetime:
    """Return the moment of an ISO 8601 text in UTC, or fail."""
    parsed = datetime.fromisoformat(value)
    assert parsed.utcoffset() == UTC.utcoffset(None), value
    return parsed


def check_story(line: dict[str, Any]) -> None:
    assert list(line) == STORY_FIELDS
    assert line["kind"] in ("article", "brief")
    assert re.fullmatch("[0-9a-f]{16}", line["story_id"])
    assert isinstance(line["revision"], int)
    assert line["schema_version"] == 1
    for name in ("url", "headline", "section", "dateline", "place", "published_raw", "found_on"):
        assert line[name] is None or (isinstance(line[name], str) and line[name].strip() == line[name] != ""), name
    for name in ("language", "site", "spider", "text"):
        assert isinstance(line[name], str), name
    assert line["url"] is None or line["url"].startswith(("http://", "https://"))
    assert all(isinstance(agency, str) and agency for agency in line["agencies"])
    assert (line["dateline"] is None) == (line["place"] is None)
    assert "\n\n\n" not in line["text"]
    paragraphs = line["text"].split("\n\n")
    for crosshead in line["crossheads"]:
        assert list(crosshead) == ["text", "before_paragraph"]
        assert 0 < crosshead["before_paragraph"] < len(paragraphs)
    assert (line["position"] is None) == (line["kind"] == "article")
    check_publication(line)
    crawled, rendered = moment(line["crawled_at"]), moment(line["rendered_at"])
    assert rendered <= crawled
    if line["modified_at"] is not None:
        moment(line["modified_at"])


def check_publication(line: dict[str, Any]) -> None:
    fields = ("published_at", "published_earliest", "published_latest", "published_precision", "published_source")
    known = {line[name] is not None for name in fields}
    assert len(known) == 1, "all of them, or none"
    if known == {True}:
        best, earliest, latest = (moment(line[name]) for name in fields[:3])
        assert earliest <= latest <= moment(line["rendered_at"])
        assert abs(best - (earliest + (latest - earliest) / 2)).total_seconds() < 0.001
        assert line["published_precision"] in PRECISIONS
        assert line["published_source"] in SOURCES


def check_sighting(line: dict[str, Any]) -> None:
    assert list(line) == SIGHTING_FIELDS
    assert re.fullmatch("[0-9a-f]{16}", line["story_id"])
    assert line["where"] in ("lead", "sidebar", "index", "net_binnen")
    assert (line["position"] is None) == (line["where"] == "lead")
    assert (line["earliest"] is None) == (line["latest"] is None)
    if line["earliest"] is not None:
        assert moment(line["earliest"]) <= moment(line["latest"]) <= moment(line["rendered_at"])
        assert line["raw"]
    assert line["raw"] is None or line["raw"].strip() == line["raw"] != ""
    assert moment(line["rendered_at"]) <= moment(line["crawled_at"])


def check_report(report: dict[str, Any]) -> None:
    assert report["verdict"] in ("ok", "degraded", "failed")
    assert all(isinstance(reason, str) and reason.endswith((".", ")")) for reason in report["reasons"])
    assert {"spider", "site", "arguments", "versions", "files"} <= set(report)
    assert moment(report["started_at"]) <= moment(report["finished_at"])
    of_archive = ["records", "damaged"] if report["spider"] == "anp_archive" else []
    assert list(report["counts"]) == COUNTS + of_archive
    assert all(isinstance(count, int) and count >= 0 for count in report["counts"].values())
    assert list(report["times"]) == [*SOURCES, "none"]
    widths = [width for source in SOURCES for width in report["times"][source].items()]
    assert all(name in PRECISIONS and number > 0 for name, number in widths)
    assert sum(number for _, number in widths) + report["times"]["none"] == report["counts"]["written"]
