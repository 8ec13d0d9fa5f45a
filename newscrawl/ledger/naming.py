"""Which story each item of a batch is: the rules by which many appearances are one story.

- An address tells a story for certain, whatever it carries by now: a text that has changed is a revision.
- Where an item has no address, or one that is new, the place and the start of its text tell the story, and it keeps the
  id that was published first. Two stories of which only one has an address become one in the same way when it turns out
  that they are one, and so do two whose addresses lead to one page.
- A new address with the text of a story that has another address is that story (a slug that was changed, another
  portal) where both are near-duplicates within three days, and no page of this run has shown the other address: a site
  that shows both has two stories.
- A headline alone, as in "Net binnen", is that of the last story under it, if that was shown within three days.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from newscrawl.batch import Batch
from newscrawl.items import Sighting, Story, Where
from newscrawl.ledger.identity import Names, id_of_key, id_of_url, key_of
from newscrawl.ledger.likeness import WITHIN, Copy, alike
from newscrawl.ledger.records import KINDS
from newscrawl.ledger.workspace import Workspace


class Naming:
    """Names the items of batches."""

    def __init__(self, workspace: Workspace, addresses: defaultdict[int, set[int]]) -> None:
        """Name items by what *workspace* has; *addresses* are those under which this run has seen each story."""
        self._known, self._addresses = workspace, addresses
        self._places: dict[tuple[str | None, str], Where] = {}

    def name(self, batch: Batch) -> None:
        """Give every item of *batch* its story's id, and count its sightings."""
        names = [names_of(item) for item in batch.items]
        keys = {key for each in names for key in _keys(each)}
        keys |= {key for claim in batch.claims for key in _keys(claim.names)}
        keys |= {key_of(item.story_id) for item in batch.items if item.story_id}
        keys |= {key_of(id_of_url(url)) for url in (batch.fetched, batch.moved_to) if url}
        self._known.load(keys)
        if batch.fetched and batch.moved_to:
            self._move(key_of(id_of_url(batch.fetched)), key_of(id_of_url(batch.moved_to)))
        found = self._identify_all(
            [(item, each) for item, each in zip(batch.items, names, strict=True) if isinstance(item, Story)]
        )
        on_page = {(item.found_on, item.story_id): found[id(item)] for item in batch.stories}
        for item, each in zip(batch.items, names, strict=True):
            if isinstance(item, Sighting):
                key = on_page.get((item.page_url, item.story_id))
                key = self._known.final(self._of_sighting(item, each) if key is None else key)
                item.story_id = id_of_key(key)
                self._places.setdefault((item.page_url, item.story_id), item.where or "sidebar")
                self._see(key, shown_at(item))
            else:
                item.story_id = id_of_key(self._known.final(found[id(item)]))

    def place_of(self, story: Story) -> Where:
        """Return the part of its page that showed a story first."""
        return self._places.get((story.found_on, story.story_id or ""), "sidebar")

    def known_as(self, names: Names) -> str:
        """Return the id of the story that *names* tell of, without learning them: stories are named by pages alone."""
        return id_of_key(self._known.final(key_of(names.own)))

    def _identify_all(self, stories: list[tuple[Story, Names]]) -> dict[int, int]:
        """Return the story of each item, by the item's identity."""
        # Those whose address is known claim their story first: what else looks like it then is another.
        known = [(item, names) for item, names in stories if self._by_url(names) is not None]
        found = {id(item): self._identify(item, names, ()) for item, names in known}
        others = [(item, names) for item, names in stories if id(item) not in found]
        unknown = [item for item, names in others if not names.text or self._known.known(key_of(names.text)) is None]
        like = dict(zip(map(id, unknown), self._known.load_like([item.text for item in unknown]), strict=True))
        return found | {id(item): self._identify(item, names, like.get(id(item), ())) for item, names in others}

    def _identify(self, item: Story, names: Names, like: Iterable[int]) -> int:
        url, text, headline = (key_of(name) if name else None for name in (names.url, names.text, names.headline))
        known, shown = self._known, shown_at(item)
        key, by_text = self._by_url(names), known.known(text)
        if key is not None and by_text not in (None, key) and known.stories[by_text].address is None:
            key = self._merge(key, by_text)  # two published ids turn out to be one story
        if key is None and by_text is not None:
            is_free = url is None or known.stories[by_text].address in (None, url)
            key = by_text if is_free or self._is_copy(by_text, item, url) else None
        if key is None and by_text is None:
            by_headline = known.known(headline)
            same = [
                other
                for other in {*like, *([by_headline] if by_headline is not None else [])}
                if self._is_copy(other, item, url)
            ]
            key = min(same, key=lambda other: (known.stories[other].first_shown, other), default=None)
        if key is None and url is None and text is None and headline is not None:
            key = self._of_headline(headline, shown)
        if key is None:
            key = known.final(key_of(names.own))
        record = known.story(key, shown)
        if url is not None:
            record.address = url if record.address is None else record.address
            self._addresses[key].add(url)
        known.name(url, key)
        if known.known(text) is None:
            known.name(text, key)
        if headline is not None:
            self._name_by_headline(headline, key, shown)
        return key

    def _name_by_headline(self, headline: int, key: int, shown: datetime) -> None:
        """Let a mere headline mean the last story under it."""
        known = self._known
        other = known.known(headline)
        if other == headline != key:  # so far only a headline was shown
            known.absorb(key, headline, with_time=self._recent(headline, shown) is not None)
        elif other is None or known.stories[other].first_shown < known.stories[key].first_shown:
            known.name(headline, key)

    def _of_sighting(self, item: Sighting, names: Names) -> int:
        """Return the story of a sighting that no brief of its page tells."""
        shown, key = shown_at(item), self._by_url(names)
        if key is None and names.url is None and names.headline is not None:
            key = self._of_headline(key_of(names.headline), shown)
        if key is None:
            key = self._known.final(key_of(names.own if names.url or names.headline else item.story_id or ""))
        record = self._known.story(key, shown)
        if names.url is not None and record.address is None:
            record.address = key_of(names.url)
        return key

    def _by_url(self, names: Names) -> int | None:
        return self._known.known(key_of(names.url)) if names.url else None

    def _of_headline(self, headline: int, shown: datetime) -> int:
        """Return the story of which a headline is all that is shown; a new one where the last under it is too old."""
        key = self._recent(headline, shown)
        if key is None:
            self._known.begin_anew(headline)
        return headline if key is None else key

    def _recent(self, headline: int, shown: datetime) -> int | None:
        """Return the last story under a headline, unless that is so long ago that it may be another."""
        key = self._known.known(headline)
        return key if key is not None and abs(self._known.stories[key].last_shown - shown) <= WITHIN else None

    def _is_copy(self, key: int, item: Story, url: int | None) -> bool:
        """Return whether *item* is a known story's copy under another address, or under none."""
        if url is not None and self._addresses[key] - {url}:
            return False
        if abs(self._known.stories[key].last_shown - shown_at(item)) > WITHIN:
            return False
        copies = [copy for kind in KINDS if (copy := self._known.copies.get((key, kind)))]
        own = Copy(item.place, item.headline, item.text)
        return any(alike(Copy(copy.place, copy.headline, copy.text), own) for copy in copies)

    def _move(self, old: int, new: int) -> None:
        """Learn that what was at one address is found at another by now."""
        known = self._known
        before, after = known.known(old), known.known(new)
        if before is not None and after is not None and before != after:
            self._merge(before, after)
        elif before is not None and after is None:
            known.name(new, before)
            self._addresses[before].add(new)
        elif after is not None and before is None:
            known.name(old, after)
            self._addresses[after].add(old)

    def _merge(self, one: int, other: int) -> int:
        """Make one story of two. The id that was published first stays; where one was not published, the other's."""
        known = self._known
        keep, gone = sorted(
            (one, other), key=lambda key: (not known.is_written(key), known.stories[key].first_shown, key)
        )
        known.absorb(keep, gone)
        self._addresses[keep] |= self._addresses.pop(gone, set())
        return keep

    def _see(self, key: int, shown: datetime) -> None:
        record = self._known.story(key, shown)
        record.first_shown = min(record.first_shown, shown)
        record.last_shown = max(record.last_shown, shown)
        record.sightings += 1


def names_of(item: Story | Sighting) -> Names:
    """Return the names by which one appearance of a story may be known."""
    if isinstance(item, Sighting):
        return Names.of(item.url, None, "", item.headline)
    return Names.of(item.url, item.place, item.text.replace("\n\n", " "), item.headline)


def shown_at(item: Story | Sighting) -> datetime:
    """Return when the page was made that shows *item*."""
    assert item.rendered_at  # every item of a page has it
    return item.rendered_at


def _keys(names: Names) -> set[int]:
    return {key_of(name) for name in (names.url, names.text, names.headline) if name}
