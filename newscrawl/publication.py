"""A story's fields of time: what they say, and how they are filled."""

from newscrawl.items import Sighting, Story
from newscrawl.timing.days import parse_clock
from newscrawl.timing.evidence import Evidence, Publication
from newscrawl.timing.interval import Interval, by_width


def set_publication(story: Story, known: Publication) -> None:
    """Write what is known of a story's publication into its fields; none is modified before it was published."""
    interval = known.interval
    story.published_at = interval.best
    story.published_earliest, story.published_latest = interval.earliest, interval.latest
    story.published_precision = interval.precision
    story.published_source = known.source
    story.published_raw = known.raw
    modified_at = known.modified_at or story.modified_at
    story.modified_at = None if modified_at and modified_at < interval.earliest else modified_at


def evidence_of(item: Story | Sighting) -> Evidence | None:
    """Return what an item says of its story's publication, or None.

    Of sightings only the lines of "Net binnen" are heard: what any other shows is in the story that came with it.
    """
    if isinstance(item, Sighting):
        if item.where != "net_binnen" or item.earliest is None or item.latest is None:
            return None
        width = item.latest - item.earliest
        return Evidence("clock", Interval(item.earliest, item.latest, by_width(width)), item.raw, undated=True)
    if item.published_earliest is None or item.published_latest is None:
        return None
    assert item.published_source and item.published_precision  # written together, above
    interval = Interval(item.published_earliest, item.published_latest, item.published_precision)
    # A clock without a day, unless a day stood above it; that is forgotten by now, and doubting it costs less.
    undated = item.published_source == "clock" and parse_clock(item.published_raw or "") is not None
    return Evidence(item.published_source, interval, item.published_raw, undated)
