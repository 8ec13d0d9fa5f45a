"""What several sources say of one story's publication, put together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from newscrawl.timing.interval import Interval

Source = Literal["metadata", "feed", "clock", "relative"]

SOURCES: tuple[Source, ...] = get_args(Source)  # the surest first


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source's word on when a story was published; `raw` is that word as shown."""

    source: Source
    interval: Interval
    raw: str | None


@dataclass(frozen=True, slots=True)
class Publication:
    """When a story was published, as far as all evidence so far can tell.

    `source` is the surest source that agrees, `raw` its word. `modified_at` is set where a later sighting shows that
    the story was published anew. `contradictions` counts the evidence that had to be left aside.
    """

    interval: Interval
    source: Source
    raw: str | None
    modified_at: datetime | None = None
    contradictions: int = 0

    @classmethod
    def by(cls, evidence: Evidence) -> "Publication":
        """Return what one piece of evidence says by itself."""
        return cls(evidence.interval, evidence.source, evidence.raw)

    def with_evidence(self, evidence: Evidence) -> "Publication":
        """Return this publication, narrowed by further evidence.

        Evidence that agrees leaves the intersection. Where it contradicts, the surer source wins; among equals the
        first stays, and later evidence of a later moment means that the story was published anew.
        """
        common = self.interval.intersection(evidence.interval)
        surer = SOURCES.index(evidence.source) < SOURCES.index(self.source)
        if common is not None:
            source, raw = (evidence.source, evidence.raw) if surer else (self.source, self.raw)
            return replace(self, interval=common, source=source, raw=raw)
        if surer:
            return replace(
                self,
                interval=evidence.interval,
                source=evidence.source,
                raw=evidence.raw,
                contradictions=self.contradictions + 1,
            )
        if evidence.source == self.source and evidence.interval.earliest > self.interval.latest:
            anew = evidence.interval.best
            return replace(self, modified_at=max(self.modified_at or anew, anew))
        return replace(self, contradictions=self.contradictions + 1)


def publication(evidence: Iterable[Evidence]) -> Publication | None:
    """Return what pieces of evidence say together, the earliest moment first; None when there are none."""
    known: Publication | None = None
    for piece in sorted(evidence, key=lambda piece: (SOURCES.index(piece.source), piece.interval.earliest)):
        known = known.with_evidence(piece) if known else Publication.by(piece)
    return known
