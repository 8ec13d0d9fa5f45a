"""Pages of runs on their way back into a ledger."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from newscrawl.items import Article, Brief, Item, Sighting
from newscrawl.ledger.identity import Names, id_of_key, key_of
from newscrawl.ledger.likeness import WITHIN
from newscrawl.ledger.naming import names_of, shown_at
from newscrawl.ledger.records import CopyRecord, LineRecord
from newscrawl.ledger.revisions import look_again
from newscrawl.ledger.substance import Substance
from newscrawl.ledger.told import evidence_of_sighting, together
from newscrawl.ledger.workspace import Workspace
from newscrawl.output import RunFiles
from newscrawl.publication import evidence_of
from newscrawl.sites import Site
from newscrawl.timing.evidence import Evidence, Publication


@dataclass(slots=True, eq=False)
class Run:
    """A run, as its report tells it, or else its files."""

    files: RunFiles
    site: Site
    scope: str
    started_at: datetime
    finished_at: datetime | None
    verdict: str | None
    progress: dict[str, Any]
    number: int = 0
    """In the ledger."""
    newest: datetime | None = None
    """When the page was made that its newest line of a story is from."""


@dataclass(slots=True, eq=False)
class Page:
    """What one page, or a part of it, has shown, and the lines that were written of it."""

    run: Run
    sightings: list[Sighting]
    stories: list[Article | Brief] = field(default_factory=list)

    @property
    def is_list(self) -> bool:
        """Whether it is no article's."""
        return bool(self.sightings) and all(item.where != "lead" for item in self.sightings)


class Restoring:
    """Pages of runs on their way into a ledger: of which story each item is, and which revision, was decided before."""

    def __init__(self, connection: Connection, ledger: int, items: Sequence[Item] = ()) -> None:
        """Read what the ledger with that number knows of *items*, and give each the id by which its story goes now."""
        self.workspace = Workspace(connection, ledger)
        names = [names_of(item) for item in items]
        keys = {key_of(item.story_id or "") for item in items}
        keys |= {key_of(name) for each in names for name in (each.url, each.text, each.headline) if name}
        self.workspace.load(keys)
        for item, each in zip(items, names, strict=True):
            self._recognise(item, each)
        for item in items:
            item.story_id = id_of_key(self._key(item))

    def _key(self, item: Item) -> int:
        return self.workspace.final(key_of(item.story_id or ""))

    def _recognise(self, item: Item, names: Names) -> None:
        """Learn the names of the story that *item* is known to be of; what went by them until now is the same story."""
        known, shown = self.workspace, shown_at(item)
        url, text, headline = (key_of(name) if name else None for name in (names.url, names.text, names.headline))
        key = self._key(item)
        record = known.story(key, shown)
        record.first_shown, record.last_shown = min(record.first_shown, shown), max(record.last_shown, shown)
        record.sightings += isinstance(item, Sighting)
        by_url = known.known(url)
        if by_url is not None and by_url != key:
            known.absorb(key, by_url)
        known.name(url, key)
        if url is not None and record.address is None:
            record.address = url
        by_text = known.known(text)
        if by_text is None:
            known.name(text, key)
        elif by_text != key and known.stories[by_text].address is None:
            known.absorb(key, by_text)
        if headline is not None and not (isinstance(item, Sighting) and item.where == "net_binnen"):
            other = known.known(headline)
            if other == headline != key:  # so far only a headline was shown
                known.absorb(key, headline, with_time=abs(known.stories[headline].last_shown - shown) <= WITHIN)
            elif other is None or known.stories[other].first_shown < record.first_shown:
                known.name(headline, key)

    def restore(self, pages: list[Page], run: int) -> None:
        """Learn what pages have shown that a run told of together, and what it wrote of them."""
        for story_id, evidence, shown in sorted(self._pieces(pages), key=lambda piece: piece[1].order):
            record = self.workspace.stories[key_of(story_id)]
            if evidence.interval.earliest <= record.first_shown < shown:
                evidence = replace(evidence, interval=evidence.interval.until(record.first_shown))
            known = record.publication
            record.publication = known.with_evidence(evidence) if known else Publication.by(evidence)
        for page in pages:
            places = {item.story_id: item.where for item in reversed(page.sightings)}
            for story in page.stories:
                self._restore_line(story, run, places.get(story.story_id))
            leads = [story for story in page.stories if story.kind == "article"]
            for item in (*leads, *(item for item in page.sightings if item.where == "lead")):
                if item.crawled_at is not None:
                    look_again(key_of(item.story_id or ""), run, item.crawled_at, self.workspace)

    def _pieces(self, pages: list[Page]) -> Iterator[tuple[str, Evidence, datetime]]:
        """Yield what pages say of their stories' times, and when they did."""
        for page in pages:
            said: defaultdict[str, list[Evidence]] = defaultdict(list)
            for item in page.sightings:
                evidence = evidence_of_sighting(item, page.run.site)
                if evidence is not None:
                    said[item.story_id or ""].append(evidence)
            for story_id, pieces in said.items():
                yield story_id, together(pieces), shown_at(page.sightings[0])
            for story in page.stories:
                evidence = evidence_of(story)  # that of all pages and feeds until then
                if evidence is not None:
                    yield story.story_id or "", evidence, shown_at(story)

    def _restore_line(self, story: Article | Brief, run: int, where: str | None) -> None:
        assert story.kind  # set by its class
        key, known = key_of(story.story_id or ""), self.workspace
        digest = Substance.of(story.headline, story.dateline, story.text).digest
        line = known.lines.get((key, story.kind)) or LineRecord(key, story.kind, story.revision, run, digest)
        if story.revision > line.revision:
            line.revision, line.run, line.substance = story.revision, run, digest
        if story.kind == "brief" and where in ("index", "sidebar"):
            setattr(line, f"in_{where}", digest)
        known.write(line)
        article = known.lines.get((key, "article"))
        if story.kind == "brief" and story.revision and article is not None and article.run != run:
            article.due = shown_at(story)
            known.write(article)

    def has_article(self, item: Item) -> bool:
        """Return whether an article was written of an item's story."""
        return (key_of(item.story_id or ""), "article") in self.workspace.lines

    def keep_copies(self, stories: Sequence[Article | Brief]) -> None:
        """Keep copies of those of some stories that are the last of their kind."""
        known = self.workspace
        known.load({key_of(story.story_id or "") for story in stories})
        for story in stories:
            assert story.kind  # set by its class
            key = self._key(story)
            line = known.lines.get((key, story.kind))
            if line is not None and line.revision == story.revision:
                shown = shown_at(story)
                copy = CopyRecord(key, story.kind, shown, story.place, story.headline, story.dateline, story.text)
                known.write(line, copy)
