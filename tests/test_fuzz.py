"""A few seconds of the fuzzer that runs longer in CI and by hand."""

from pathlib import Path

from fuzz import Case, broken_laws, fuzz


def test_mutated_pages_keep_every_law(tmp_path: Path) -> None:
    figures = fuzz(seed=1, findings=tmp_path, pages=60)
    assert not figures.laws, figures.files
    assert figures.items > 15, "most pages are so odd that they test nothing"
    assert figures.refused > 5


def test_a_broken_law_is_told_with_the_file_that_reproduces_it(tmp_path: Path) -> None:
    case = Case("<p>\ud800", "https://www.zeelandnet.nl/\ud800", "text/html", None)
    path = case.write(tmp_path, "Nothing hangs", "it did")
    assert Case.read(path) == case
    assert broken_laws(Case.read(path)) == ("refused", [])
