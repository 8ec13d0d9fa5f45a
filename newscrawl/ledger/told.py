"""Lines of files as items again, and what a sighting says of its story's time."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from newscrawl.items import Article, Brief, Sighting
from newscrawl.sites import Site
from newscrawl.timing import UnknownTimePhrase, resolve
from newscrawl.timing.days import parse_clock
from newscrawl.timing.evidence import SOURCES, Evidence, publication
from newscrawl.timing.interval import PRECISIONS, Interval, by_width
from newscrawl.timing.stamps import tells_clock

_KINDS: Mapping[str, type[Article] | type[Brief]] = {"article": Article, "brief": Brief}
_TEXTS_OF_STORY = ("url", "headline", "section", "dateline", "place", "published_raw", "site", "spider", "found_on")
_TEXTS_OF_SIGHTING = ("url", "headline", "section", "page_url", "raw")


def story_of(line: dict[str, Any]) -> Article | Brief:
    """Return the story that a line holds, as far as a ledger needs it. Raises: ValueError, TypeError, KeyError."""
    revision, text = line["revision"], line["text"]
    if not (isinstance(revision, int) and 0 <= revision < 2**31 and isinstance(text, str)):
        raise ValueError("revision or text")
    story = _KINDS[line["kind"]](
        story_id=_id(line),
        revision=revision,
        text=text,
        crawled_at=moment_of(line["crawled_at"]),
        rendered_at=moment_of(line["rendered_at"]),
        **_texts(line, _TEXTS_OF_STORY),
    )
    story.published_earliest, story.published_latest = _interval(line, "published_earliest", "published_latest")
    if story.published_earliest is not None:
        story.published_precision = PRECISIONS[PRECISIONS.index(line["published_precision"])]
        story.published_source = SOURCES[SOURCES.index(line["published_source"])]
    return story


def sighting_of(line: dict[str, Any]) -> Sighting:
    """Return the sighting that a line holds. Raises: ValueError, TypeError, KeyError."""
    if line["where"] not in ("lead", "sidebar", "index", "net_binnen"):
        raise ValueError("where")
    earliest, latest = _interval(line, "earliest", "latest")
    return Sighting(
        story_id=_id(line),
        where=line["where"],
        earliest=earliest,
        latest=latest,
        crawled_at=moment_of(line["crawled_at"]),
        rendered_at=moment_of(line["rendered_at"]),
        **_texts(line, _TEXTS_OF_SIGHTING),
    )


def _id(line: dict[str, Any]) -> str:
    story_id: str = line["story_id"]
    if len(story_id) != 16 or len(bytes.fromhex(story_id)) != 8:  # white space in between is no digit
        raise ValueError("story_id")
    return story_id


def _texts(line: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    texts = {name: line.get(name) for name in names}
    if not all(value is None or isinstance(value, str) for value in texts.values()):
        raise TypeError("a text is wanted")
    return texts


def moment_of(value: str) -> datetime:
    """Return a moment of ISO 8601 in UTC. Raises: ValueError for one without its offset."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError("a moment without its offset")
    return moment.astimezone(UTC)


def _interval(line: dict[str, Any], earliest: str, latest: str) -> tuple[datetime | None, datetime | None]:
    begin, end = line[earliest], line[latest]
    if begin is None and end is None:
        return None, None
    interval = Interval(moment_of(begin), moment_of(end), "second")
    return interval.earliest, interval.latest


def evidence_of_sighting(item: Sighting, site: Site) -> Evidence | None:
    """Return what a sighting says of its story's publication; its words tell the source, which its line does not."""
    if item.earliest is None or item.latest is None:
        return None
    assert item.rendered_at  # every item of a page has it
    interval = Interval(item.earliest, item.latest, by_width(item.latest - item.earliest))
    raw = item.raw.partition(" [")[0] if item.raw else None  # behind it stands what was not believed
    if item.where == "net_binnen":
        return Evidence("clock", interval, raw, undated=True)
    if item.where == "lead" or raw is None:  # a lead shows no time
        return Evidence("metadata", interval, raw)
    try:
        words = resolve(raw, item.rendered_at, rounding=site.rounding, zone=site.time_zone)
    except UnknownTimePhrase:
        return Evidence("metadata", interval, raw)
    if (words.earliest, words.latest) == (interval.earliest, interval.latest):
        interval = words
    elif interval.earliest in words and interval.latest in words:  # narrower than the words shown
        return Evidence("metadata", interval, raw)
    if tells_clock(raw):
        return Evidence("clock", interval, raw, undated=parse_clock(raw) is not None)
    return Evidence("relative", interval, raw)


def together(pieces: list[Evidence]) -> Evidence:
    """Return what one page says of a story, as its brief would have told it."""
    known = publication(pieces) if len(pieces) > 1 else None
    if known is None:
        return pieces[0]
    undated = known.source == "clock" and parse_clock(known.raw or "") is not None
    return Evidence(known.source, known.interval, known.raw, undated)
