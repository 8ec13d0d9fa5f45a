"""What holds the rooms together: order, settings, signals, entry points."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.misc import load_object
from scrapy.utils.project import get_project_settings

from newscrawl import settings as module
from newscrawl.sites import SITES
from newscrawl.spiders.section import SectionSpider

ROOT = Path(__file__).parent.parent


@pytest.fixture
def settings() -> Settings:
    project: Settings = get_project_settings()
    return project


def test_the_pipelines_decide_in_this_order(settings: Settings) -> None:
    components = sorted(settings.getdict("ITEM_PIPELINES").items(), key=lambda pair: int(pair[1]))
    assert [path.rpartition(".")[2] for path, _ in components] == [
        "RequireFields", "ResolveTimes", "Dedupe", "WriteJsonLines",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["ITEM_PIPELINES", "EXTENSIONS", "DOWNLOADER_MIDDLEWARES"])
def test_every_component_that_is_named_is_there(settings: Settings, name: str) -> None:
    for path in settings.getdict(name):
        assert load_object(path).__doc__, path


def test_nothing_is_asked_elsewhere_not_even_robots_txt(settings: Settings) -> None:
    order = settings.getdict("DOWNLOADER_MIDDLEWARES")
    robots = settings.getdict("DOWNLOADER_MIDDLEWARES_BASE")[
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware"
    ]
    assert order["newscrawl.middlewares.stay_on_site.StayOnSite"] < robots
    assert order["newscrawl.demo.server.ServeDemo"] < robots


def test_a_run_that_is_ending_asks_for_nothing_whatever_it_waited_for(settings: Settings) -> None:
    order = settings.getdict("DOWNLOADER_MIDDLEWARES_BASE") | settings.getdict("DOWNLOADER_MIDDLEWARES")
    last = max(order, key=lambda path: float(order[path]))
    assert last == "newscrawl.middlewares.ask_nothing_more.AskNothingMore"


def test_manners_and_safety(settings: Settings) -> None:
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert settings.getfloat("DOWNLOAD_DELAY") >= 1
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert 0 < settings.getint("DOWNLOAD_MAXSIZE") <= 50 * 1024 * 1024
    assert 0 < settings.getint("DOWNLOAD_TIMEOUT") <= 60


def test_the_contact_of_the_operator_is_in_the_user_agent() -> None:
    code = "from newscrawl.settings import USER_AGENT; print(USER_AGENT)"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NEWSCRAWL_CONTACT": "redactie@example.org"},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
    assert shown.strip().endswith("(+redactie@example.org)")


def test_only_the_settings_read_the_environment() -> None:
    for path in (ROOT / "newscrawl").rglob("*.py"):
        if path.name == "settings.py":
            continue
        names = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
        assert not names & {"environ", "getenv"}, path


def test_timing_and_reading_know_nothing_of_scrapy() -> None:
    package = ROOT / "newscrawl"
    rooms = [
        *(package / "timing").glob("*.py"),
        *(package / "reading").glob("*.py"),
        *(package / "ledger").glob("*.py"),
    ]
    for path in (*rooms, package / "extraction.py", package / "loaders.py", package / "items.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(name.split(".")[0] in ("scrapy", "twisted", "socket") for name in names), path


def test_only_the_ledger_speaks_sql() -> None:
    package = ROOT / "newscrawl"
    for path in package.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        names = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
        names += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
        if any(name.split(".")[0] in ("sqlalchemy", "sqlite3", "psycopg") for name in names):
            assert path.is_relative_to(package / "ledger"), path


def test_every_section_has_its_spider_and_so_have_archives(settings: Settings) -> None:
    loader = get_spider_loader(settings)
    sections = ["anp_binnenland", "anp_buitenland", "anp_financieel", "anp_politiek", "anp_sport", "anp_voetbal"]
    assert sorted(loader.list()) == sorted([*sections, "anp_archive"])
    for name in sections:
        spider = loader.load(name)
        assert issubclass(spider, SectionSpider)
        for site in SITES.values():
            assert site.sections[spider.section]


def test_each_of_our_settings_has_a_reason() -> None:
    source = (ROOT / "newscrawl" / "settings.py").read_text("utf-8").splitlines()
    for name in (name for name in dir(module) if name.startswith("NEWSCRAWL_")):
        (line,) = [number for number, text in enumerate(source) if text.startswith(f"{name} =")]
        assert "  # " in source[line] or source[line - 1].startswith("# "), name
