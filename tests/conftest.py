"""Fixtures that several rooms of tests need."""

import http.server
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from harness import Crawl, CrawlResult, LocalSite, WarmProcess


@pytest.fixture(scope="session")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    """Return a function that runs `scrapy crawl SPIDER -a NAME=VALUE …` and returns what came of it."""
    process = WarmProcess()

    def run(
        spider: str = "anp_buitenland",
        *,
        settings: Mapping[str, str] | None = None,
        folder: Path | None = None,
        **given: str,
    ) -> CrawlResult:
        folder = folder or tmp_path_factory.mktemp("crawl")
        return process.run(spider, given, settings or {}, folder, tmp_path_factory.mktemp("log") / "stderr")

    yield run
    process.close()


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
