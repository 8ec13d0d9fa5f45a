"""What one batch changes in a ledger. Nobody else knows of it before it is committed."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from newscrawl.batch import Batch
from newscrawl.items import Story
from newscrawl.ledger import schema
from newscrawl.ledger.identity import Names, id_of_url, key_of
from newscrawl.ledger.naming import Naming
from newscrawl.ledger.records import to_number
from newscrawl.ledger.revisions import Novelty, judge, look_again
from newscrawl.ledger.schedule import MAX_ATTEMPTS
from newscrawl.ledger.workspace import Workspace
from newscrawl.timing.evidence import Evidence, Publication


class RunMemory:
    """What one run has seen so far and no ledger needs to keep."""

    def __init__(self) -> None:
        self.addresses: defaultdict[int, set[int]] = defaultdict(set)
        """Keys of the addresses under which each story was shown in this run."""
        self.learnt: defaultdict[int, set[Evidence]] = defaultdict(set)
        """Pieces of evidence that were weighed for each story."""


class Draft:
    """A ledger as it will be after one batch: who is who, when it was published, what is new, what is to be fetched."""

    def __init__(self, connection: Connection, ledger: int, run: int, memory: RunMemory, batch: Batch) -> None:
        """Read what the ledger with that number knows of the items of *batch*, and give each its story's id."""
        self.connection = connection
        self._run, self._memory = run, memory
        self._workspace = Workspace(connection, ledger)
        self._naming = Naming(self._workspace, memory.addresses)
        self._naming.name(batch)
        self._walk: tuple[Batch, str, str, datetime] | None = None
        self.contradictions = 0
        """Pieces of evidence that contradicted a surer one."""

    # --- When ---------------------------------------------------------------------------------------------------------

    def known_as(self, names: Names) -> str:
        """Return the id of the story that *names* tell of, without learning them: stories are named by pages alone."""
        return self._naming.known_as(names)

    def first_shown(self, story_id: str) -> datetime | None:
        """Return when the first page was made that showed a story; None for one that only feeds tell of."""
        record = self._workspace.stories.get(key_of(story_id))
        return record.first_shown if record and record.sightings else None

    def publication(self, story_id: str) -> Publication | None:
        """Return what is known of a story's publication."""
        record = self._workspace.stories.get(key_of(story_id))
        return record.publication if record else None

    def learn(self, story_id: str, evidence: Evidence, *, shown: datetime, until: datetime | None = None) -> None:
        """Weigh one more piece of evidence on a story's publication, that a page or feed showed at *shown*.

        It is cut off at *until*, when the story was shown already. The same piece counts once in a run, however often
        it is brought, and whether it is cut off or not.
        """
        key = key_of(story_id)
        if evidence in self._memory.learnt[key]:
            return
        self._memory.learnt[key].add(evidence)
        told = replace(evidence, interval=evidence.interval.until(until)) if until else evidence
        record = self._workspace.story(key, shown)
        known = record.publication
        record.publication = known.with_evidence(told) if known else Publication.by(told)
        self.contradictions += record.publication.contradictions - (known.contradictions if known else 0)

    def was_weighed(self, story_id: str, evidence: Evidence) -> None:
        """Learn that a piece of evidence was weighed already, as a part of another; it does not count again."""
        self._memory.learnt[key_of(story_id)].add(evidence)

    # --- What is new --------------------------------------------------------------------------------------------------

    def judge(self, story: Story) -> Novelty:
        """Return whether *story* has to be written, and set its revision; see `newscrawl.ledger.revisions`."""
        return judge(story, self._naming.place_of(story), self._run, self._workspace)

    # --- What is still to be fetched ----------------------------------------------------------------------------------

    def walked(self, batch: Batch, spider: str, start: str, now: datetime) -> None:
        """Learn how far the walk of *spider* from the address *start* has come, and what became of articles."""
        self._walk = (batch, spider, start, now)

    def save(self) -> None:
        """Write all that has changed."""
        if self._walk is not None:
            self._save_walk(*self._walk)
        self._workspace.save()

    def _save_walk(self, batch: Batch, spider: str, start: str, now: datetime) -> None:
        articles, ledger, upsert = schema.articles, self._workspace.ledger, self._workspace.upsert
        row = {"ledger": ledger, "spider": spider, "announced": to_number(now), "attempts": 0}
        fetched = key_of(id_of_url(batch.fetched)) if batch.fetched else None
        if fetched is not None:
            mine = (articles.c.ledger == ledger, articles.c.address == fetched)
            self.connection.execute(articles.delete().where(*mine))
            story = self._workspace.known(fetched)
            if story is not None:
                look_again(story, self._run, now, self._workspace)
        announced = {key: url for url in batch.announced if (key := key_of(id_of_url(url))) != fetched}
        upsert(articles, [row | {"address": key, "url": url} for key, url in announced.items()], ("announced",))
        if batch.failed:
            key = key_of(id_of_url(batch.failed))
            upsert(articles, [row | {"address": key, "url": batch.failed, "failed": to_number(now)}], ("failed",))
            attempts = MAX_ATTEMPTS if batch.refused else articles.c.attempts + 1
            mine = (articles.c.ledger == ledger, articles.c.address == key)
            self.connection.execute(articles.update().where(*mine).values(attempts=attempts))
        if batch.depth is not None:
            walk = {"ledger": ledger, "spider": spider, "start": key_of(id_of_url(start)), "depth": batch.depth}
            upsert(schema.walks, [walk])
