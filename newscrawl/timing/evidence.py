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
    """One source's word on when a story was published.

    Attributes:
        source: which source.
        interval: what it says.
        raw: the same, as shown.
        undated: whether it shows a clock and no day, so that the day was inferred. It may be the wrong day, and then
            even a relative time is surer.
    """

    source: Source
    interval: Interval
    raw: str | None
    undated: bool = False

    @property
    def weight(self) -> int:
        """How little it counts where it contradicts another: the lowest wins."""
        return len(SOURCES) if self.undated else SOURCES.index(self.source)

    @property
    def order(self) -> tuple[int, datetime]:
        """What comes first is heard first: the surer, then the earlier."""
        return self.weight, self.interval.earliest


@dataclass(frozen=True, slots=True)
class Publication:
    """When a story was published, as far as all evidence so far can tell.

    `source` is the surest source that agrees, `raw` its word. `anew` is the moment at which the story was published
    anew, where a later sighting shows that; the sightings after it narrow that moment. `contradictions` counts the
    evidence that had to be left aside; `weight` is that of the evidence it rests on, see `Evidence.weight`.
    """

    interval: Interval
    source: Source
    raw: str | None
    weight: int
    anew: Interval | None = None
    contradictions: int = 0

    @property
    def modified_at(self) -> datetime | None:
        """The middle of the interval in which the story was published anew, or None."""
        return self.anew.best if self.anew else None

    @classmethod
    def by(cls, evidence: Evidence) -> "Publication":
        """Return what one piece of evidence says by itself."""
        return cls(evidence.interval, evidence.source, evidence.raw, evidence.weight)

    def with_evidence(self, evidence: Evidence) -> "Publication":
        """Return this publication, narrowed by further evidence.

        Evidence that agrees leaves the intersection. Where it contradicts, the surer source wins; among equals the
        first stays, and later evidence of a later moment means that the story was published anew.
        """
        common = self.interval.intersection(evidence.interval)
        if common is not None:
            surer = SOURCES.index(evidence.source) < SOURCES.index(self.source)
            source, raw = (evidence.source, evidence.raw) if surer else (self.source, self.raw)
            weight = min(self.weight, evidence.weight)
            return replace(self, interval=common, source=source, raw=raw, weight=weight)
        if evidence.weight < self.weight:
            return replace(
                self,
                interval=evidence.interval,
                source=evidence.source,
                raw=evidence.raw,
                weight=evidence.weight,
                contradictions=self.contradictions + 1,
            )
        if evidence.weight == self.weight and evidence.interval.earliest > self.interval.latest:
            return replace(self, anew=_last(self.anew, evidence.interval))
        return replace(self, contradictions=self.contradictions + 1)


def _last(known: Interval | None, told: Interval) -> Interval:
    """Return the last moment of publication that two sightings after the first one tell of."""
    if known is None or told.earliest > known.latest:
        return told
    return known.intersection(told) or known


def publication(evidence: Iterable[Evidence]) -> Publication | None:
    """Return what pieces of evidence say together, in whatever order they come; None when there are none."""
    pieces = list(evidence)
    if len(pieces) > 1:  # which few have
        pieces.sort(key=lambda piece: piece.order)
    known: Publication | None = None
    for piece in pieces:
        known = known.with_evidence(piece) if known else Publication.by(piece)
    return known
