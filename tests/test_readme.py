"""What the README says is so: its tables are the code's, its sample is a line, its commands are run."""

import ast
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from contract import check_story
from harness import ROOT, environment
from scrapy.settings import default_settings

from newscrawl import items, settings
from newscrawl.extensions import verdict
from newscrawl.spiders.arguments import ARCHIVE_ARGUMENTS, SECTION_ARGUMENTS, Argument

README = (ROOT / "README.md").read_text("utf-8")

TYPES = {"Kind": "str", "Where": "str", "Precision": "str", "Source": "str", "datetime": "ISO 8601 UTC"}


def documented(module: object, name: str) -> list[tuple[str, str, str]]:
    """Return name, type and docstring of each field of a class, as its source has them."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    (found,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    fields = []
    for statement, after in zip(found.body, [*found.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            assert isinstance(after, ast.Expr), f"{name}.{statement.target.id} has no docstring"
            assert isinstance(after.value, ast.Constant)
            fields.append(
                (statement.target.id, type_in_words(ast.unparse(statement.annotation)), str(after.value.value))
            )
    return fields


def type_in_words(annotation: str) -> str:
    kind, _, null = annotation.partition(" | ")
    return TYPES.get(kind, kind).replace("Crosshead", "{text, before_paragraph}") + (" or null" if null else "")


def rows_below(heading: str) -> list[list[str]]:
    """Return the rows of the table whose first column is headed so."""
    lines = README.splitlines()
    begin = next(index for index, line in enumerate(lines) if line.startswith(f"| {heading} |")) + 2
    end = next(index for index in range(begin, len(lines)) if not lines[index].startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[begin:end]]


@pytest.mark.parametrize(
    ("heading", "arguments"), [("argument", SECTION_ARGUMENTS), ("argument of an archive", ARCHIVE_ARGUMENTS)]
)
def test_arguments(heading: str, arguments: dict[str, Argument]) -> None:
    assert rows_below(heading) == [
        [f"`{name}`", argument.meaning, "" if argument.default is None else f"`{argument.default}`"]
        for name, argument in arguments.items()
    ]


@pytest.mark.parametrize(("heading", "name"), [("field of a story", "Story"), ("field of a sighting", "Sighting")])
def test_fields(heading: str, name: str) -> None:
    never_null = ("kind", "story_id", "language", "site", "crawled_at", "rendered_at", "where")
    expected = []
    for field, kind, meaning in documented(items, name):
        expected.append([f"`{field}`", kind.removesuffix(" or null") if field in never_null else kind, meaning])
    assert rows_below(heading) == expected


def test_counts() -> None:
    fields = documented(verdict, "Counts") + documented(verdict, "ArchiveCounts")
    assert rows_below("count") == [[f"`{name}`", meaning] for name, _, meaning in fields]


def test_settings() -> None:
    ours = {name for name in dir(settings) if name.startswith("NEWSCRAWL_")}
    shown = {row[0].strip("`"): row[1].strip("`") for row in rows_below("setting")}
    assert ours <= set(shown)
    for name, default in shown.items():
        assert name in ours or hasattr(default_settings, name), name
        assert default == str(getattr(settings, name)), name


def test_the_sample_is_a_line() -> None:
    (sample,) = re.findall(r"```json\n(.*?)\n```", README, re.DOTALL)
    check_story(json.loads(sample))


def test_the_programs_run() -> None:
    items_of_a_page, one_time = (
        subprocess.run(
            [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
        ).stdout
        for program in re.findall(r"```python\n(.*?)\n```", README, re.DOTALL)
    )
    assert items_of_a_page.count("\n") == 4
    assert "Article(kind='article'" in items_of_a_page
    assert one_time == "2026-02-23 21:10:00+00:00 2026-02-23 21:10:59.999999+00:00 minute\n"


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    (tests,) = [command for command in commands if "pytest" in command and "-m long" not in command]
    assert tests in (ROOT / ".ci" / "run").read_text("utf-8")


def test_its_crawl_commands_run(tmp_path: Path) -> None:
    commands = [
        part.strip()
        for block in re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
        for part in re.split("&&|\n", block)
        if "scrapy crawl" in part and ("site=demo" in part or "path=output" in part)
    ]
    assert len(commands) == 4
    for command in commands:
        words = command.replace(".venv/bin/scrapy", f"{sys.executable} -m scrapy").replace("output/", f"{tmp_path}/")
        done = subprocess.run(words, shell=True, cwd=ROOT, env=environment(tmp_path), capture_output=True, check=False)  # noqa: S602
        assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "runs").glob("*/*"))) == 2
    (kept,), (again,) = ((tmp_path / name).glob("stories/*/*.jsonl") for name in ("kept", "again"))
    assert again.read_text("utf-8").replace("anp_archive", "anp_buitenland") == kept.read_text("utf-8")


def test_every_file_and_folder_it_names_is_there() -> None:
    for name in re.findall(r"`((?:newscrawl|tests|\.ci)/[\w./]*)`", README):
        assert (ROOT / name).exists(), name
