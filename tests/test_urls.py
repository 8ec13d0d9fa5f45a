"""Addresses in their one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.sites import SITES
from newscrawl.urls import absolute_url, canonical_url, host_and_port

SITE = SITES["zeelandnet"]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.zeelandnet.nl/nieuws/a", "http://www.zeelandnet.nl/nieuws/a", "https://zeelandnet.nl/nieuws/a",
        "https://www.zeelandnet.nl:443/nieuws/a", "http://www.zeelandnet.nl:80/nieuws/a", "https://WWW.ZeelandNet.nl/nieuws/a/",
        "https://www.zeelandnet.nl/nieuws/a#reacties", "https://www.zeelandnet.nl/nieuws/a?utm_source=x&fbclid=y&utm_term=z",
    ],
)  # fmt: skip
def test_one_page_has_one_address(url: str) -> None:
    assert canonical_url(url, SITE) == "https://www.zeelandnet.nl/nieuws/a"


def test_what_tells_pages_apart_stays() -> None:
    url = canonical_url("https://www.zeelandnet.nl/nieuws/x?b=2&page=3&a=1", SITE)
    assert url == "https://www.zeelandnet.nl/nieuws/x?a=1&b=2&page=3"
    assert canonical_url("http://127.0.0.1:8080/nieuws/A", SITE) == "http://127.0.0.1:8080/nieuws/A"
    assert canonical_url("https://www.zeelandnet.nl:8443/a", SITE) == "https://www.zeelandnet.nl:8443/a"
    assert canonical_url("https://www.zeelandnet.nl/", SITE) == canonical_url("https://www.zeelandnet.nl", SITE)


@given(st.sampled_from(["http://a.nl/x", "https://www.zeelandnet.nl/nieuws/b"]), st.text(max_size=30))
def test_a_canonical_address_is_its_own_canonical_address(base: str, path: str) -> None:
    url = absolute_url(path, base)
    if url is not None:
        once = canonical_url(url, SITE)
        assert once is None or canonical_url(once, SITE) == once


@given(st.from_regex(r"https?://[abz.-]{1,5}(:[0-9]{1,3})?(/[aB2_.%-]{0,3}){0,4}", fullmatch=True))
def test_a_plain_address_is_written_as_any_other_is(url: str) -> None:
    # What has an empty query is no plain address, and goes the long way.
    assert canonical_url(url, SITE) == canonical_url(f"{url}?", SITE)


def test_a_long_address_is_an_address() -> None:
    path = "/nieuws/" + "a" * 3_000
    assert absolute_url(path, SITE.base_url) == SITE.base_url + path
    assert canonical_url(f"{SITE.base_url}{path}/?utm_source=x", SITE) == SITE.base_url + path


@pytest.mark.parametrize("href", [None, "javascript:x()", "mailto:a@b.nl", "http://[", "tel:1", "data:,x", "http:///x"])
def test_what_is_no_address(href: str | None) -> None:
    assert absolute_url(href, "https://www.zeelandnet.nl/nieuws/") is None


def test_host_and_port() -> None:
    assert host_and_port("https://A.nl/x") == host_and_port("https://a.nl:443") == ("a.nl", 443)
    assert host_and_port("http://a.nl:99999") == ("", None)
