"""The spider by itself: whose manners it has, and whom it may ask."""

from typing import Any

import pytest
from scrapy.crawler import Crawler

from newscrawl.spiders.anp import AnpBuitenland


def spider(**given: object) -> tuple[AnpBuitenland, Any]:
    crawler = Crawler(
        AnpBuitenland, {"DOWNLOAD_DELAY": 2, "AUTOTHROTTLE_ENABLED": True, "NEWSCRAWL_OUTPUT_DIR": "output"}
    )
    return AnpBuitenland.from_crawler(crawler, **given), crawler.settings


@pytest.mark.parametrize(
    ("given", "delay"),
    [
        ({}, 2),
        ({"site": "demo"}, 0),
        ({"site": "demo", "start_url": "http://demo.newscrawl.test/nieuws/buitenland?page=2"}, 0),
        ({"site": "demo", "start_url": "https://www.zeelandnet.nl/nieuws/buitenland"}, 2),
        ({"start_url": "http://127.0.0.1:8080/"}, 2),
    ],
)
def test_only_the_demos_own_server_is_asked_without_manners(given: dict[str, object], delay: float) -> None:
    _, settings = spider(**given)
    assert settings.getfloat("DOWNLOAD_DELAY") == delay
    assert settings.getbool("AUTOTHROTTLE_ENABLED") == (delay > 0)


@pytest.mark.parametrize(
    ("given", "own", "foreign"),
    [
        (
            {},
            ["https://www.zeelandnet.nl/x", "http://zeelandnet.nl/x", "https://ZEELANDNET.nl:443/"],
            [
                "https://mail.zeelandnet.nl/",
                "https://www.zeelandnet.nl:8443/",
                "ftp://www.zeelandnet.nl/",
                "http://[",
                "https://zeelandnet.nl.evil.example/",
            ],
        ),
        (
            {"start_url": "http://zeelandnet.nl/nieuws/buitenland"},
            ["https://www.zeelandnet.nl/x"],
            ["http://127.0.0.1/"],
        ),
        (
            {"start_url": "http://127.0.0.1:8080/nieuws"},
            ["http://127.0.0.1:8080/x"],
            ["http://127.0.0.1/", "http://127.0.0.1:8081/", "http://localhost:8080/", "https://www.zeelandnet.nl/"],
        ),
    ],
)
def test_whom_it_may_ask(given: dict[str, object], own: list[str], foreign: list[str]) -> None:
    crawling, _ = spider(**given)
    assert all(crawling.is_own(url) for url in own)
    assert not any(crawling.is_own(url) for url in foreign)


def test_a_program_may_give_a_number_as_a_number() -> None:
    crawling, _ = spider(max_pages=3)
    assert crawling.max_pages == 3
    assert crawling.given == {"max_pages": "3"}
