"""What one run knows of each story."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from newscrawl.items import Sighting, Story
from newscrawl.ledger.identity import Names, id_of_url
from newscrawl.timing.days import parse_clock
from newscrawl.timing.evidence import Evidence, Publication
from newscrawl.timing.interval import Interval, by_width


class RunLedger:
    """Remembers, for the length of a run, the names of stories, when they were published, and what was written."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._published: dict[str, Publication] = {}
        self._learnt: defaultdict[str, set[Evidence]] = defaultdict(set)
        self._written: set[tuple[str | None, str]] = set()

    def identify(self, item: Story | Sighting) -> str:
        """Return the id that a story or sighting goes by in this run, and learn its other names."""
        if isinstance(item, Sighting):
            return self._ids.get(item.story_id or "", item.story_id or "")
        return Names.of(item.url, item.place, item.text.replace("\n\n", " "), item.headline).join(self._ids)

    def known_as(self, names: Names) -> str:
        """Return the id of the story that *names* tell of, without learning them: stories are named by pages alone."""
        return self._ids.get(names.own, names.own)

    def moved(self, url: str, to: str | None) -> None:
        """Learn that the story at the canonical address *url* is found at the canonical address *to* by now."""
        if to is not None and to != url:
            known = id_of_url(url)
            self._ids.setdefault(id_of_url(to), self._ids.get(known, known))

    def publication(self, story_id: str) -> Publication | None:
        """Return what is known of a story's publication."""
        return self._published.get(story_id)

    def learn(self, story_id: str, evidence: Evidence, *, until: datetime | None = None) -> Publication:
        """Return what is known of a story's publication, after one more piece of evidence.

        It is cut off at *until*, when the story was shown already. The same piece counts once, however often it is
        brought, and whether it is cut off or not.
        """
        known = self._published.get(story_id)
        if known is not None and evidence in self._learnt[story_id]:
            return known
        told = replace(evidence, interval=evidence.interval.until(until)) if until else evidence
        known = known.with_evidence(told) if known else Publication.by(told)
        self._learnt[story_id].add(evidence)
        self._published[story_id] = known
        return known

    def was_weighed(self, story_id: str, evidence: Evidence) -> None:
        """Learn that a piece of evidence was weighed already, as a part of another; it does not count again."""
        self._learnt[story_id].add(evidence)

    def claim(self, story: Story) -> bool:
        """Return whether this is the first line of its kind for its story in this run."""
        key = (story.kind, story.story_id or "")
        if key in self._written:
            return False
        self._written.add(key)
        return True


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
    assert item.published_source and item.published_precision  # written together, in extraction
    interval = Interval(item.published_earliest, item.published_latest, item.published_precision)
    # A clock without a day, unless a day stood above it; that is forgotten by now, and doubting it costs less.
    undated = item.published_source == "clock" and parse_clock(item.published_raw or "") is not None
    return Evidence(item.published_source, interval, item.published_raw, undated)
