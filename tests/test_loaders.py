"""Strings to fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from itemloaders import ItemLoader
from itemloaders.processors import Compose, Identity, MapCompose, TakeFirst

from newscrawl.items import Article, Brief, Crosshead
from newscrawl.loaders import ArticleLoader, BriefLoader, SightingLoader, load
from newscrawl.making import Maker


def test_strings_are_cleaned_picked_and_joined() -> None:
    article = load(
        ArticleLoader(),
        {
            "headline": ["  Brug\u00a0is \n weer\u00ad open ", "Een tweede kop"],
            "text": [" Eerste alinea. ", "", "Tweede\talinea."],
            "agencies": (" ANP", "RTR "),
            "crossheads": [(" Tussen  kop ", 1), (" ", 1)],
        },
    )
    assert isinstance(article, Article)
    assert article.headline == "Brug is weer open"
    assert article.text == "Eerste alinea.\n\nTweede alinea."
    assert article.agencies == ["ANP", "RTR"]
    assert article.crossheads == [Crosshead("Tussen kop", 1)]


def test_a_field_without_a_value_keeps_its_default() -> None:
    brief = load(BriefLoader(), {"headline": None, "url": "", "agencies": None, "text": (), "position": 0})
    assert brief == Brief(position=0)
    assert brief.agencies is not load(BriefLoader(), {}).agencies, "no default is shared"


def test_the_first_place_is_a_place() -> None:
    assert load(SightingLoader(), {"position": 0}).position == 0


# --- Many items -------------------------------------------------------------------------------------------------------

_TEXT = st.text(alphabet="aB é\u00a0\u00ad\u200b\n", max_size=6)
_ANY = st.one_of(
    *(st.none(), _TEXT, st.just("2 uur"), st.just(datetime(2026, 2, 24, 9, tzinfo=UTC)), st.integers(0, 3)),
    *(st.lists(_TEXT, max_size=3), st.lists(_TEXT, max_size=3).map(tuple)),
)


@pytest.mark.parametrize("loader", [ArticleLoader, BriefLoader, SightingLoader])
@settings(max_examples=50)
@given(data=st.data())
def test_a_maker_makes_what_a_loader_loads(loader: type[ItemLoader], data: st.DataObject) -> None:
    names = [known.name for known in fields(loader.default_item_class)]
    values = data.draw(st.dictionaries(st.sampled_from(names), _ANY))
    if "crossheads" in values:
        values["crossheads"] = data.draw(st.lists(st.tuples(_TEXT, st.integers(0, 3)), max_size=3))
    shared = {name: values.pop(name) for name in data.draw(st.permutations(sorted(values)))[:3]}
    assert _outcome(lambda: Maker(loader, shared).make(values)) == _outcome(
        lambda: load(loader(), {**shared, **values})
    )


def _outcome(make: Any) -> Any:
    try:
        return make()
    except ValueError as error:
        return str(error)


def test_items_of_one_maker_share_nothing_that_can_change() -> None:
    class Untouched(BriefLoader):
        agencies_in = Identity()

    agencies = ["ANP"]
    briefs = Maker(Untouched, {"site": "demo"})
    one, other, bare = briefs.make({"agencies": agencies}), briefs.make({"agencies": agencies}), briefs.make({})
    assert one == other == Brief(site="demo", agencies=["ANP"])
    one.agencies.append("RTR")
    assert (other.agencies, agencies, bare.agencies, briefs.make({}).agencies) == (["ANP"], ["ANP"], [], [])


@dataclass(slots=True, kw_only=True)
class _Signed(Brief):
    author: str | None = None
    desk: str | None = field(default=None, metadata={"input_processor": MapCompose(str.title)})
    words: int | None = None


class _SignedLoader(BriefLoader):
    default_item_class = _Signed
    author_in = MapCompose(lambda name: name.removeprefix("Door "))
    headline_out = Compose(TakeFirst(), str.upper)


class _WithMethod(BriefLoader):
    default_item_class = _Signed

    def author_in(self, values: Iterable[str]) -> list[str]:
        return [f"{value} van {' '.join(self.get_collected_values('desk'))}" for value in values]


class _Counting(_SignedLoader):
    def load_item(self) -> Any:
        item = super().load_item()
        item.words = len(item.text.split())
        return item


def _of_kind(value: str, loader_context: Mapping[str, Any]) -> str:
    return f"{value} bij een {loader_context['item'].kind}" if "item" in loader_context else value


class _WithContext(BriefLoader):
    default_item_class = _Signed
    author_in = MapCompose(str.strip, _of_kind)


class _FirstInBrackets(TakeFirst):
    def __call__(self, values: Any) -> Any:
        return f"[{super().__call__(values)}]"


class _WithBrackets(_SignedLoader):
    author_out = _FirstInBrackets()
    default_output_processor = _FirstInBrackets()


@pytest.mark.parametrize(
    ("loader", "wanted"),
    [
        (_SignedLoader, {"author": "Jan", "headline": "BRUG OPEN", "desk": "Buitenland", "words": None}),
        (_WithMethod, {"author": "Door Jan van Buitenland", "headline": "brug open"}),
        (_Counting, {"author": "Jan", "words": 3}),
        (_WithContext, {"author": "Door Jan bij een brief", "desk": "Buitenland"}),
        (_WithBrackets, {"author": "[Jan]", "headline": "BRUG OPEN", "site": "[demo]", "text": "Een twee drie"}),
    ],
)
def test_a_loader_of_ones_own_gets_what_the_library_promises(
    loader: type[ItemLoader], wanted: Mapping[str, str | int | None]
) -> None:
    values = {"desk": "buitenland", "author": "Door Jan", "headline": " brug  open", "text": "Een twee drie"}
    made = Maker(loader, {"site": "demo"}).make(values)
    assert made == load(loader(), {"site": "demo", **values})
    assert {name: getattr(made, name) for name in wanted} == wanted


def test_what_a_processor_fails_on_is_named() -> None:
    with pytest.raises(ValueError, match="field='crossheads'"):
        Maker(ArticleLoader, {}).make({"headline": "Brug open", "crossheads": ["geen paar"]})
    with pytest.raises(KeyError, match="byline"):
        Maker(ArticleLoader, {}).make({"byline": "Jan"})
