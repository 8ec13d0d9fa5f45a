"""Strings to fields: what is read from a page is cleaned, picked and joined here. No selectors, no names of sites."""

from collections.abc import Iterable, Mapping
from typing import Any

from itemloaders import ItemLoader
from itemloaders.processors import Identity, Join, MapCompose, TakeFirst

from newscrawl.characters import clean
from newscrawl.items import Article, Brief, Crosshead, Sighting


def line(value: str) -> str | None:
    """Return *value* cleaned, on one line; None when nothing is left of it."""
    return clean(value) or None


def lines(values: Iterable[str]) -> list[str]:
    """Return *values* cleaned, each on one line, without those of which nothing is left."""
    return list(filter(None, map(clean, values)))


def crosshead(value: tuple[str, int]) -> Crosshead | None:
    """Return a crosshead from its text and the index of the paragraph that follows it; None for an empty one."""
    text, before_paragraph = value
    cleaned = line(text)
    return Crosshead(cleaned, before_paragraph) if cleaned else None


class StoryLoader(ItemLoader):
    """Fills what articles and briefs share. Without a value a field keeps its default."""

    default_input_processor = lines
    default_output_processor = TakeFirst()

    agencies_out = Identity()
    text_out = Join("\n\n")
    crossheads_in = MapCompose(crosshead)
    crossheads_out = Identity()
    story_id_in = url_in = position_in = crawled_at_in = rendered_at_in = Identity()  # never read as text


class ArticleLoader(StoryLoader):
    """Fills an `Article`."""

    default_item_class = Article


class BriefLoader(StoryLoader):
    """Fills a `Brief`."""

    default_item_class = Brief


class SightingLoader(ItemLoader):
    """Fills a `Sighting`."""

    default_item_class = Sighting
    default_input_processor = lines
    default_output_processor = TakeFirst()
    story_id_in = where_in = url_in = page_url_in = position_in = Identity()
    earliest_in = latest_in = crawled_at_in = rendered_at_in = Identity()


def load(loader: ItemLoader, values: Mapping[str, Any]) -> Any:
    """Return the item that *loader* makes of fields and values; a value of None is no value."""
    for field, value in values.items():
        if value is not None:
            loader.add_value(field, value)
    return loader.load_item()
