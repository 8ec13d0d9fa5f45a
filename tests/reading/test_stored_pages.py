"""Every stored page gives what a person read in it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from newscrawl import PageError, extract

PAGES = Path(__file__).parent.parent / "pages"
STORED = sorted(path for path in PAGES.glob("*/*") if path.suffix in (".html", ".txt"))
CONTENT_TYPES = {".html": "text/html; charset=utf-8", ".txt": "text/plain; charset=utf-8"}


def read(path: Path) -> list[dict[str, Any]]:
    meta = json.loads(path.with_suffix(".meta.json").read_text("utf-8"))
    items = extract(
        path.read_bytes(),
        url=meta["url"],
        crawled_at=datetime.fromisoformat(meta["crawled_at"]),
        content_type=meta.get("content_type", CONTENT_TYPES[path.suffix]),
        headers=meta.get("headers"),
        site=meta.get("site", "zeelandnet"),
    )
    found: list[dict[str, Any]] = orjson.loads(orjson.dumps(items))
    return found


def comparable(value: Any) -> Any:
    """Bring moments to one form; they are written with whichever offset is easiest to read."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else value
    return value


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_stored_page(path: Path) -> None:
    expected = [json.loads(line) for line in path.with_suffix(".expected.jsonl").read_text("utf-8").splitlines()]
    if "error" in expected[0]:
        with pytest.raises(PageError) as refused:
            read(path)
        assert expected[0]["error"] in str(refused.value)
        return
    found = read(path)
    shown = [
        {field: comparable(item.get(field)) for field in wanted} for item, wanted in zip(found, expected, strict=False)
    ]
    assert shown == [{field: comparable(value) for field, value in wanted.items()} for wanted in expected]
    assert len(found) == len(expected)


def test_every_page_has_its_expectation() -> None:
    assert STORED
    for path in STORED:
        assert path.with_suffix(".expected.jsonl").exists(), path
        assert path.with_suffix(".meta.json").exists(), path
