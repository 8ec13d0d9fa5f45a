"""On a terminal a live line and a table; in a log, none of it. Signals end a run in good order."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from contract import check_report, moment
from harness import ROOT, Crawl, CrawlResult, LocalSite, crawl_command, environment

from newscrawl.extensions.run_report import times_in_words
from newscrawl.timing.interval import by_width

CLOCK = "2026-11-24T12:00:00+01:00"


def on_a_terminal(command: list[str], folder: Path) -> tuple[int, str]:
    """Run *command* with a terminal for its standard error; return its exit code and what was shown there."""
    reader, writer = pty.openpty()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(folder) | {"TERM": "xterm", "COLUMNS": "150"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=writer,
    )
    os.close(writer)
    shown = b""
    while True:
        try:
            piece = os.read(reader, 65536)
        except OSError:  # the other side has gone
            break
        if not piece:
            break
        shown += piece
    os.close(reader)
    assert process.stdout is not None
    assert process.stdout.read() == b""
    process.stdout.close()
    return process.wait(timeout=30), shown.decode("utf-8", "replace")


def test_a_person_sees_progress_and_at_the_end_what_was_found(tmp_path: Path) -> None:
    command = crawl_command("anp_buitenland", {"site": "demo", "crawled_at": CLOCK, "max_pages": "1"}, {})
    exit_code, shown = on_a_terminal(command, tmp_path)
    assert exit_code == 0, shown
    assert "pages/s" in shown
    assert "Newest stories" in shown
    assert "anp_buitenland: ok" in shown
    assert " without" in shown
    assert str(tmp_path / "stories") in shown.replace("\r\n", "")
    assert "INFO" not in shown, "a person reads the table, not the log"
    assert "Traceback" not in shown


def test_a_person_sees_why_nothing_was_found(tmp_path: Path) -> None:
    given = {"start_url": "http://127.0.0.1:9/nieuws/buitenland"}
    fast = {"RETRY_TIMES": "0", "DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "0"}
    exit_code, shown = on_a_terminal(crawl_command("anp_buitenland", given, fast), tmp_path)
    assert exit_code == 1
    assert "-a site=demo" in shown
    assert "Traceback" not in shown


def test_a_log_holds_one_line_of_figures_and_no_progress(crawl: Crawl) -> None:
    result = crawl(site="demo", crawled_at=CLOCK, max_pages="1")
    assert "pages/s" not in result.stderr
    assert "Newest stories" not in result.stderr
    (line,) = [line for line in result.stderr.splitlines() if "anp_buitenland ok: " in line]
    assert f"{result.report['counts']['written']} stories written" in line


def test_report_log_and_table_tell_where_times_come_from(crawl: Crawl) -> None:
    result = crawl(site="demo", crawled_at=CLOCK, max_pages="1")
    check_report(result.report)
    expected: dict[str, dict[str, int] | int] = {"metadata": {}, "feed": {}, "clock": {}, "relative": {}, "none": 0}
    for line in result.stories:
        if line["published_at"] is None:
            expected["none"] += 1  # type: ignore[operator]
            continue
        width = moment(line["published_latest"]) - moment(line["published_earliest"])
        widths: dict[str, int] = expected[line["published_source"]]  # type: ignore[assignment]
        widths[by_width(width)] = widths.get(by_width(width), 0) + 1
    assert result.report["times"] == expected
    (told,) = [line for line in result.stderr.splitlines() if "times of the stories written" in line]
    assert told.endswith(f": {times_in_words(expected)}")


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ({"metadata": {}, "feed": {}, "clock": {}, "relative": {}, "none": 0}, "0 without"),
        ({"metadata": {"second": 1}, "relative": {"hour": 2, "day": 3}, "none": 4}, "1 from metadata (1 second), 5 from relative (2 hour, 3 day), 4 without"),
    ],
)  # fmt: skip
def test_where_times_come_from_fits_a_line(times: dict[str, dict[str, int] | int], words: str) -> None:
    assert times_in_words(times) == words


def test_no_text_of_a_story_is_in_the_log(crawl: Crawl) -> None:
    result = crawl(site="demo", crawled_at=CLOCK, max_pages="1", settings={"LOG_LEVEL": "DEBUG"})
    assert "Scraped from" in result.stderr
    told = re.findall(r"Scraped from .*: (\d+) stories, (\d+) sightings$", result.stderr, re.MULTILINE)
    assert sum(int(stories) for stories, _ in told) == len(result.stories)
    assert sum(int(sightings) for _, sightings in told) == len(result.sightings)
    for line in result.stories:
        assert line["text"][:60] not in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_in_good_order(site: LocalSite, tmp_path: Path, number: signal.Signals) -> None:
    teasers = "".join(
        f"<li><a href='/nieuws/{slug}'>Kop {slug}</a><p>LIMA (ANP) - Tekst van {slug}, die hier staat.</p>2 uur geleden</li>"
        for slug in range(50)
    )
    site.say("/nieuws/buitenland", f"<h1>Buitenland</h1><ul>{teasers}</ul>")
    for slug in range(50):
        site.say(f"/nieuws/{slug}", f"<h1>Kop {slug}</h1><p>LIMA (ANP) - Tekst van {slug}, die hier staat.</p>")
    given = {"start_url": f"{site.url}/nieuws/buitenland"}
    slow = {"DOWNLOAD_DELAY": "0.3", "AUTOTHROTTLE_ENABLED": "0", "ROBOTSTXT_OBEY": "0"}
    command = [sys.executable, *crawl_command("anp_buitenland", given, slow)[1:]]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while len(site.paths) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)
    result = CrawlResult(process.returncode, stderr, tmp_path)
    assert result.exit_code == 0, stderr
    assert result.report["verdict"] == "degraded"
    assert result.report["reasons"] == ["The run was stopped by a signal before it was done."]
    assert 0 < len(result.stories) < 100
    assert not any(name.endswith(".part") for name in result.names)
    assert result.report["counts"]["written"] == len(result.stories)


def test_a_signal_ends_a_wait_that_the_site_asked_for(site: LocalSite, tmp_path: Path) -> None:
    site.say("/nieuws/buitenland", "", status=429, Retry_After="200")
    given = {"start_url": f"{site.url}/nieuws/buitenland"}
    settings = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "0"}
    command = crawl_command("anp_buitenland", given, settings)
    process = subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert any("waiting 200 s" in line for line in process.stderr)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)  # far less than what was asked for
    report = CrawlResult(process.returncode, "", tmp_path).report
    assert report["reasons"][0] == "The run was stopped by a signal before it was done."
