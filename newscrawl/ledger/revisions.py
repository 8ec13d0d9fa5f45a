"""Whether a story has to be written: because it is new, or because it has changed in substance."""

from datetime import datetime
from typing import Literal

from newscrawl.items import Story, Where
from newscrawl.ledger.identity import key_of
from newscrawl.ledger.naming import shown_at
from newscrawl.ledger.records import CopyRecord, LineRecord
from newscrawl.ledger.schedule import next_look
from newscrawl.ledger.substance import Substance
from newscrawl.ledger.workspace import Workspace

Novelty = Literal["new", "revised", "known", "later"]
"""Of a story on a page; `later` is one that has changed since this run wrote it, and is left for the next."""

_Column = Literal["substance", "in_index", "in_sidebar"]


def judge(story: Story, place: Where, run: int, workspace: Workspace) -> Novelty:
    """Return whether *story*, shown in that *place* of its page, has to be written by *run*, and set its revision.

    Each kind counts by itself: a brief is no revision of its article. A run writes no story of a kind twice, so what
    changes while it goes on is left for the next one to find. A page that was captured before the story was last seen
    shows no revision: in an archive it may be read long after what came of it.
    """
    assert story.kind  # set by its class
    key = key_of(story.story_id or "")
    substance = Substance.of(story.headline, story.dateline, story.text)
    copy = CopyRecord(key, story.kind, shown_at(story), story.place, story.headline, story.dateline, story.text)
    column: _Column = "substance" if story.kind == "article" else "in_index" if place == "index" else "in_sidebar"
    line = workspace.lines.get((key, story.kind))
    if line is None:
        line = LineRecord(key, story.kind, 0, run, substance.digest)
        setattr(line, column, substance.digest)
        workspace.write(line, copy)
        return "new"
    story.revision = line.revision
    seen = workspace.seen_before.get(key)
    if (seen is not None and shown_at(story) < seen) or not _is_revision(line, column, substance, workspace):
        return "known"
    if line.run == run:
        return "later"
    line.revision = story.revision = line.revision + 1
    line.run, line.substance = run, substance.digest
    setattr(line, column, substance.digest)
    workspace.write(line, copy)
    article = workspace.lines.get((key, "article"))
    if story.kind == "brief" and article is not None and article.run != run:
        article.due = shown_at(story)  # what has changed in the brief has changed in its article
        workspace.write(article)
    return "revised"


def look_again(story: int, run: int, looked_at: datetime, workspace: Workspace) -> None:
    """Set when the article of a story is to be looked at again, that *run* has fetched at *looked_at*."""
    line = workspace.lines.get((story, "article"))
    if line is None:
        return
    record = workspace.stories[story]
    since = record.publication.interval.latest if record.publication else record.first_shown
    has_changed = line.run == run and line.revision > 0
    line.due = next_look(looked_at, looked_at if has_changed else since)
    workspace.write(line)


def _is_revision(line: LineRecord, column: _Column, substance: Substance, workspace: Workspace) -> bool:
    """Return whether what is shown is another story in substance than what was written last.

    A site may show one brief in two forms: shorter beside an article than on an index page, or under another headline.
    So it is compared with what was shown in the same part of the site; and a change that comes there after it was
    written from the other part is none, nor is a capture that was cut off.
    """
    digest, last = substance.digest, getattr(line, column)
    if last is not None and digest not in (last, line.substance):
        copy = workspace.copies.get((line.story, line.kind))
        if copy is None:
            return True
        written = Substance.of(copy.headline, copy.dateline, copy.text)
        arrives = last != line.substance and written.text.startswith(substance.text)
        if not arrives and not substance.is_cut_of(written):
            return True
    if last != digest and column != "substance":
        setattr(line, column, digest)
        workspace.write(line)
    return False
