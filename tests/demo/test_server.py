import errno
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

import newscrawl.demo
from newscrawl.demo import DEMO_URL
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pages import Edition
from newscrawl.demo.server import ServeDemo

ROOT = Path(newscrawl.demo.__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-m", "newscrawl.demo"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Host and port of the edition as served by hand."""
    process = subprocess.Popen(
        [*COMMAND, "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    yield process.stdout.readline().strip().removeprefix("http://")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=5) == ("", "")  # no access log either
    assert process.returncode == 0


def ask(server: str, target: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(server, timeout=5)
    try:
        connection.request(method, target)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


@pytest.mark.parametrize("target", ["/nieuws/sport?page=2", f"{DEMO_URL}/nieuws/sport?page=2"])
def test_a_page_is_served_to_a_browser_and_to_one_who_takes_us_for_a_proxy(server: str, target: str) -> None:
    response, body = ask(server, target)
    rendered_at = parsedate_to_datetime(response.headers["Date"])
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Length"] == str(len(body))
    assert abs(datetime.now(UTC) - rendered_at) < timedelta(seconds=10)
    assert body == Edition(Newsroom.shipped()).answer("/nieuws/sport?page=2", rendered_at).body


@pytest.mark.parametrize("target", ["/", DEMO_URL, f"{DEMO_URL}/"])
def test_an_address_without_a_path_is_the_front_page(server: str, target: str) -> None:
    response, body = ask(server, target)
    assert response.status == 200
    assert "Welkom" in body.decode()


def test_what_is_not_there_is_a_404_page(server: str) -> None:
    response, body = ask(server, f"{DEMO_URL}/nergens")
    assert response.status == 404
    assert "Pagina niet gevonden" in body.decode()


def test_robots_txt_is_plain_text(server: str) -> None:
    response, _ = ask(server, f"{DEMO_URL}/robots.txt")
    assert (response.status, response.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")


def test_head_has_the_headers_alone(server: str) -> None:
    response, body = ask(server, "/nieuws/contact", "HEAD")
    assert (response.status, body) == (200, b"")
    assert response.headers["Content-Length"] == str(len(ask(server, "/nieuws/contact")[1]))


def test_nothing_can_be_sent_in(server: str) -> None:
    assert ask(server, "/nieuws/contact", "POST")[0].status == 405


def test_a_port_that_is_taken_or_no_port_ends_in_one_line(server: str) -> None:
    taken = server.rpartition(":")[2]
    run = subprocess.run([*COMMAND, "--port", taken], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"--port: {taken} cannot be listened on: ")
    run = subprocess.run([*COMMAND, "--port", "70000"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.endswith("--port: a number from 0 to 65535 is wanted, not 70000\n")


CRAWL = """if True:
    import json, socket
    from datetime import datetime
    from types import SimpleNamespace
    from scrapy import Request, Spider, signals
    from scrapy.crawler import AsyncCrawlerProcess

    class Reader(Spider):
        name = "reader"
        site = SimpleNamespace(name="demo")
        crawled_at = datetime.fromisoformat("2026-03-29T02:30:00.5+01:00")
        custom_settings = {
            "DOWNLOADER_MIDDLEWARES": {"newscrawl.demo.server.ServeDemo": 50},
            "HTTPERROR_ALLOW_ALL": True,
            "REMOTE_CONTROL_ENABLED": False,
            "ROBOTSTXT_OBEY": True,
            "TELNETCONSOLE_ENABLED": False,
        }

        async def start(self):
            self.crawler.signals.connect(self.stopped, signals.engine_stopped)
            yield Request(BASE + "/nieuws/buitenland")

        def parse(self, response):
            self.proxy = response.request.meta["proxy"]
            print(json.dumps([response.url, response.status, response.headers["Date"].decode(), response.text]))
            for path in ("/nergens", "/zoeken", "/nieuws/partner/x"):
                yield response.follow(path)

        def stopped(self):
            host, _, port = self.proxy.removeprefix("http://").partition(":")
            with socket.socket() as client:
                print(json.dumps(client.connect_ex((host, int(port)))))

    process = AsyncCrawlerProcess()
    process.crawl(Reader)
    process.start()
"""


def test_a_crawl_of_the_demo_serves_itself() -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"BASE = {DEMO_URL!r}\n{CRAWL}"],
        cwd=ROOT,
        env={"http_proxy": "http://127.0.0.1:9"},  # nobody's: a proxy of the machine must not come between
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    *pages, connected = (json.loads(line) for line in run.stdout.splitlines())
    answers: dict[str, list[Any]] = {url: rest for url, *rest in pages}
    clock = "Sun, 29 Mar 2026 01:30:00 GMT"
    edition = Edition(Newsroom.shipped())
    at = parsedate_to_datetime(clock)
    assert answers == {
        f"{DEMO_URL}{path}": [status, clock, edition.answer(path, at).body.decode()]
        for path, status in {"/nieuws/buitenland": 200, "/nergens": 404}.items()
    }
    assert connected == errno.ECONNREFUSED
    assert f"{DEMO_URL} is served on http://127.0.0.1:" in run.stderr
    assert "HTTP/1.1" not in run.stderr
    assert " ERROR: " not in run.stderr


class Reader(Spider):
    name = "reader"


@pytest.mark.parametrize("site", [None, "demo", SimpleNamespace(name="zeelandnet")])
def test_other_sites_are_not_served(site: object) -> None:
    crawler = get_crawler(Reader)
    with pytest.raises(NotConfigured):
        ServeDemo.from_crawler(crawler)
    crawler.spider = Reader(site=site)
    with pytest.raises(NotConfigured):
        ServeDemo.from_crawler(crawler)


def test_requests_elsewhere_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "newscrawl.demo.server.listen", lambda *_: SimpleNamespace(getHost=lambda: SimpleNamespace(port=7))
    )
    crawler = get_crawler(Reader)
    crawler.spider = Reader(site=SimpleNamespace(name="demo"))
    middleware = ServeDemo.from_crawler(crawler)
    middleware.open()
    for url in ("https://www.zeelandnet.nl/", "http://newscrawl.test/", "http://x.demo.newscrawl.test/"):
        request = Request(url)
        middleware.process_request(request)
        assert "proxy" not in request.meta
    request = Request(f"{DEMO_URL}/nieuws/sport")
    middleware.process_request(request)
    assert request.meta["proxy"] == "http://127.0.0.1:7"
