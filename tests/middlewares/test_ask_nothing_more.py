"""What a run that is ending lets through."""

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from newscrawl.middlewares.ask_nothing_more import AskNothingMore, RunEnding

PAGE = Request("https://www.zeelandnet.nl/nieuws/buitenland")


def crawler(*, crawling: bool = True, slot: object = None) -> Any:
    return SimpleNamespace(crawling=crawling, engine=SimpleNamespace(_slot=slot))


@pytest.mark.parametrize("slot", [None, SimpleNamespace(closing=None)])
def test_a_run_that_goes_on_asks(slot: object) -> None:
    AskNothingMore(crawler(slot=slot)).process_request(PAGE)


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(crawler(crawling=False), id="by a signal"),
        pytest.param(crawler(slot=SimpleNamespace(closing=object())), id="by an extension"),
    ],
)
def test_a_run_that_is_ending_does_not(ending: Any) -> None:
    with pytest.raises(RunEnding, match=f"does not ask for {PAGE.url}"):
        AskNothingMore(ending).process_request(PAGE)
