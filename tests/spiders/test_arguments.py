"""Arguments: one line that names argument, value and what is allowed, before anything is asked for."""

import subprocess

import pytest
from harness import Crawl, crawl_command, environment

from newscrawl.spiders.arguments import SECTION_ARGUMENTS, ArgumentError, read_arguments


def test_defaults() -> None:
    assert read_arguments({}, SECTION_ARGUMENTS) == {
        "site": "zeelandnet", "start_url": None, "max_pages": 5, "crawled_at": None, "render": "http",
    }  # fmt: skip
    assert read_arguments({"_job": "x"}, SECTION_ARGUMENTS) == read_arguments({}, SECTION_ARGUMENTS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_pages", "0"), ("max_pages", "-1"), ("max_pages", "1.5"), ("max_pages", "veel"), ("max_pages", ""),
        ("max_pages", "10001"), ("max_pages", "٣"), ("site", "nu"), ("site", ""), ("start_url", "buitenland"),
        ("start_url", "ftp://example.org/"), ("start_url", "file:///etc/passwd"), ("start_url", "http://"),
        ("start_url", "http://[::1"), ("start_url", "http://a b/"), ("start_url", "http://a:99999/"),
        ("crawled_at", "2026-02-24T10:00:00"), ("crawled_at", "gisteren"), ("crawled_at", "2026-02-30T10:00:00Z"),
        ("crawled_at", "0001-01-01T00:00:00+01:00"), ("crawled_at", "9999-12-31T00:00:00Z"), ("render", "browser"), ("render", "HTTP"), ("pages", "3"), ("", ""),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named_with_its_value_and_what_is_allowed(name: str, value: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        read_arguments({name: value}, SECTION_ARGUMENTS)
    message = str(refused.value)
    assert message.startswith(f"{name}: ")
    assert repr(value) in message
    assert "wanted" in message or "there are site" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("spider", "given", "words"),
    [
        ("anp_buitenland", {"max_pages": "nul"}, ("max_pages", "'nul'", "a whole number from 1")),
        ("anp_buitenland", {"maxpages": "3"}, ("maxpages", "'3'", "max_pages")),
        ("anp_nergens", {}, ("spider", "'anp_nergens'", "anp_buitenland")),
    ],
)
def test_the_command_says_it_in_one_line_and_exits_with_2(
    crawl: Crawl, spider: str, given: dict[str, str], words: tuple[str, ...]
) -> None:
    result = crawl(spider, **given)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert all(word in line for word in words)
    assert result.names == set()


def test_help_still_helps(crawl: Crawl) -> None:
    result = crawl("--help")
    assert result.exit_code == 0
    done = subprocess.run(
        crawl_command("anp_sport", {}, {})[:-1],
        env=environment(result.folder),
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 2
    assert "one spider is wanted" in done.stderr
