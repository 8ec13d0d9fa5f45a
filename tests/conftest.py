"""Fixtures that several rooms of tests need."""

import http.server
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from harness import ROOT, Crawl, CrawlResult, LocalSite, crawl_command, environment


@pytest.fixture(scope="session")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """Return a function that runs `scrapy crawl SPIDER -a NAME=VALUE …` and returns what came of it."""

    def run(
        spider: str = "anp_buitenland",
        *,
        settings: Mapping[str, str] | None = None,
        folder: Path | None = None,
        **given: str,
    ) -> CrawlResult:
        folder = folder or tmp_path_factory.mktemp("crawl")
        done = subprocess.run(
            crawl_command(spider, given, settings or {}),
            cwd=ROOT,
            env=environment(folder),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return CrawlResult(done.returncode, done.stderr, folder)

    return run


@pytest.fixture
def site() -> Iterator[LocalSite]:
    """Return a site on loopback, that answers 404 to whatever it was not told."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            local.asked.append((self.path, dict(self.headers)))
            answers = local.answers.get(self.path, [(404, {"Content-Type": "text/plain"}, b"niets")])
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
