"""Strings to fields: what is read from a page is cleaned, picked and joined here. No selectors, no names of sites."""

from collections.abc import Mapping
from typing import Any

from itemloaders import ItemLoader
from itemloaders.processors import Compose, Identity, Join, MapCompose, TakeFirst

from newscrawl.characters import clean
from newscrawl.items import Article, Brief, Crosshead, Sighting


def line(value: str) -> str | None:
    """Return *value* cleaned, on one line; None when nothing is left of it."""
    return clean(value) or None


def crosshead(value: tuple[str, int]) -> Crosshead | None:
    """Return a crosshead from its text and the index of the paragraph that follows it; None for an empty one."""
    text, before_paragraph = value
    cleaned = line(text)
    return Crosshead(cleaned, before_paragraph) if cleaned else None


class StoryLoader(ItemLoader):
    """Fills what articles and briefs share. Without a value a field keeps its default."""

    default_input_processor = MapCompose(line)
    default_output_processor = TakeFirst()

    agencies_out = Compose(list)
    text_out = Join("\n\n")
    crossheads_in = MapCompose(crosshead)
    crossheads_out = Identity()
    position_in = Identity()
    crawled_at_in = Identity()
    rendered_at_in = Identity()


class ArticleLoader(StoryLoader):
    """Fills an `Article`."""

    default_item_class = Article


class BriefLoader(StoryLoader):
    """Fills a `Brief`."""

    default_item_class = Brief


class SightingLoader(ItemLoader):
    """Fills a `Sighting`."""

    default_item_class = Sighting
    default_input_processor = MapCompose(line)
    default_output_processor = TakeFirst()
    position_in = crawled_at_in = rendered_at_in = earliest_in = latest_in = Identity()


def load(loader: ItemLoader, values: Mapping[str, Any]) -> Any:
    """Return the item that *loader* makes of fields and values; a value of None is no value."""
    for field, value in values.items():
        if value is not None:
            loader.add_value(field, value)
    return loader.load_item()
