"""Strings to fields."""

from newscrawl.items import Article, Brief, Crosshead
from newscrawl.loaders import ArticleLoader, BriefLoader, SightingLoader, load


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
