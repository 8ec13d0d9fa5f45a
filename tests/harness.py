"""What several rooms of tests need: a crawl in a process of its own, and a site on loopback."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).parent.parent


@dataclass
class CrawlResult:
    """What a crawl left behind."""

    exit_code: int
    stderr: str
    folder: Path

    def lines(self, kind: str) -> list[dict[str, Any]]:
        """Return all lines of the files of one kind, in the order of their names."""
        files = sorted((self.folder / kind).glob("*/*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]

    @property
    def stories(self) -> list[dict[str, Any]]:
        return self.lines("stories")

    @property
    def sightings(self) -> list[dict[str, Any]]:
        return self.lines("sightings")

    @property
    def report(self) -> dict[str, Any]:
        (file,) = (self.folder / "runs").glob("*/*.json")
        report: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return report

    @property
    def names(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}


Crawl = Callable[..., CrawlResult]
StartCrawl = Callable[..., "RunningCrawl"]


def crawl_command(spider: str, arguments: Mapping[str, str], settings: Mapping[str, str]) -> list[str]:
    command = [sys.executable, "-W", "error", "-m", "scrapy", "crawl", spider]
    for option, values in (("-a", arguments), ("-s", settings)):
        for name, value in values.items():
            command += [option, f"{name}={value}"]
    return command


class RunningCrawl:
    """A crawl that goes on in a process of its own."""

    def __init__(self, answer: TextIO, log: Path, folder: Path) -> None:
        self._answer = answer
        self._log = log
        self.folder = folder
        self.pid = int(answer.readline())

    @property
    def ended(self) -> bool:
        return bool(select.select([self._answer], [], [], 0)[0])

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal, unless the crawl has ended."""
        if not self.ended:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self) -> CrawlResult:
        """Return what came of the crawl once it has ended."""
        with self._answer:
            return CrawlResult(int(self._answer.readline()), self._log.read_text("utf-8"), self.folder)


class WarmProcess:
    """Runs `scrapy crawl` in processes of their own, that need not load Scrapy first; see `warm.py`."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-W", "error", str(Path(__file__).with_name("warm.py"))]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True)
        self._folder = folder
        self._numbers = count(1)

    def start(
        self,
        spider: str = "anp_buitenland",
        *,
        settings: Mapping[str, str] | None = None,
        folder: Path | None = None,
        ledger: str = "",
        **given: str,
    ) -> RunningCrawl:
        """Start `scrapy crawl SPIDER -a NAME=VALUE …`; *ledger* is the NEWSCRAWL_LEDGER of its environment."""
        own = self._folder / str(next(self._numbers))
        own.mkdir()
        folder, answer, log = folder or own / "output", own / "answer", own / "stderr"
        os.mkfifo(answer)
        command = crawl_command(spider, given, settings or {})
        order = {
            "arguments": command[command.index("crawl") :],
            "folder": str(ROOT),
            "environment": environment(folder, ledger),
            "stderr": str(log),
            "answer": str(answer),
        }
        assert self._process.stdin
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        return RunningCrawl(self._open(answer), log, folder)

    def _open(self, pipe: Path) -> TextIO:
        """Return a named pipe once there is something to read."""
        descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        while not select.select([descriptor], [], [], 1)[0]:
            assert self._process.poll() is None, "the process that starts crawls has ended; it says why"
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def environment(folder: Path, ledger: str = "") -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("NEWSCRAWL_")}
    without_proxy = {name: value for name, value in ours.items() if not name.lower().endswith("_proxy")}
    given = {"NEWSCRAWL_LEDGER": ledger} if ledger else {}
    return without_proxy | {"NEWSCRAWL_OUTPUT_DIR": str(folder)} | given


@dataclass
class LocalSite:
    """A site on loopback whose answers a test writes down: path to status, headers and body."""

    port: int
    answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    held: dict[str, threading.Event] = field(default_factory=dict)
    """Paths whose answers wait for an event."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for so far, but for robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def say(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        """Answer *path* with *body*; said again, the next answers follow the first, and the last one stays."""
        content = body.encode() if isinstance(body, str) else body
        named = {"Content-Type": "text/html; charset=utf-8"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        self.answers.setdefault(path, []).append((status, named, content))


def errors_of(result: CrawlResult) -> list[str]:
    """Return what the log of a crawl tells as errors."""
    return [line for line in result.stderr.splitlines() if " ERROR: " in line or " CRITICAL: " in line]


FAST = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "0", "RETRY_TIMES": "0"}
LEAD = "De brug over het kanaal is weer open voor verkeer. Dat heeft de beheerder maandag bekendgemaakt."


def index(*slugs: str, following: str | None = None, head: str = "") -> str:
    """Return an index page whose first teaser is one hour old, the second two, and so on."""
    teasers = "".join(
        f"<div><h2><a href='/nieuws/{slug}'>Kop van {slug}</a></h2><p>BRUSSEL (ANP) - {slug}: {LEAD}</p>"
        f"<span>{number} uur geleden</span></div>"
        for number, slug in enumerate(slugs, 1)
    )
    link = f"<a rel='next' href='{following}'>Volgende</a>" if following else ""
    return f"<html lang='nl'><head>{head}</head><h1>Buitenland</h1><main>{teasers}</main>{link}</html>"


def article(slug: str, *briefs: str) -> str:
    """Return an article with *briefs* beside it."""
    items = "".join(
        f"<li><a href='/nieuws/{brief}'>Kop van {brief}</a><p>PARIJS (ANP/AFP) - {brief}: {LEAD}</p>3 uur geleden</li>"
        for brief in briefs
    )
    sidebar = f"<aside><h2>Meer uit Buitenland</h2><ul>{items}</ul></aside>" if briefs else ""
    return f"<html lang='nl'><h1>Kop van {slug}</h1><p>BRUSSEL (ANP) - {slug}: {LEAD}</p>{sidebar}</html>"


def walk(crawl: Crawl, start: str, **given: str) -> CrawlResult:
    return crawl(settings=FAST | {"NEWSCRAWL_MAX_WAIT": "5"}, start_url=start, **given)
