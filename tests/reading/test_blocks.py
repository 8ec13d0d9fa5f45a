"""HTML and text to blocks: what a reader sees as one line or paragraph."""

import pytest
from lxml import html

from newscrawl.reading.blocks import text_blocks, unglue
from newscrawl.reading.markup import html_blocks


def blocks(source: str) -> list[str]:
    return [block.text for block in html_blocks(html.document_fromstring(source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>een <b>twee</b>\n drie</p><p>vier</p>", ["een twee drie", "vier"]),
        ("<div>een<div>twee</div>drie</div>", ["een", "twee", "drie"]),
        ("<p>een<!-- weg --> twee<script>weg</script> drie<noscript>weg</noscript></p>", ["een twee drie"]),
        ("<p>een<br><br>twee<br>drie</p>", ["een", "twee", "drie"]),
        ("<p>een</p><p hidden>weg</p><p style='Display : none'>weg</p>twee", ["een", "twee"]),
        ("<p>af\u00adge\u200bbroken&nbsp;woord&shy;</p>", ["afgebroken woord"]),
        ("<ul><li>een<li>twee</ul>", ["een", "twee"]),
        ("<p>een <b>twee</b>\n<i>drie</i> vier</p>", ["een twee drie vier"]),
        ("<!DOCTYPE html><title>weg</title><main><p>een</p></main>", ["een"]),
        ("<a href='/x'><h3>een</h3><p>twee</p></a>", ["een", "twee"]),
        ("<p>Zin. <time><i class='klok'></i> 1 dag geleden</time></p>", ["Zin.", "1 dag geleden"]),
        ("<p><span>Sport</span> | <span>1 dag geleden</span></p>", ["Sport | 1 dag geleden"]),
        ("<form><label>E-mail</label></form><p>een</p>", ["E-mail", "een"]),
        ("<table><tr><td>een<td>twee</table>", ["een", "twee"]),
        ("<p>Zin. <span>2 uur geleden</span></p>", ["Zin.", "2 uur geleden"]),
        ("<p>Dat was <b>2 uur geleden</b>, zei hij.</p>", ["Dat was 2 uur geleden, zei hij."]),
        ("<p>Dat was <b>2 uur geleden</b> nog zo.</p>", ["Dat was 2 uur geleden nog zo."]),
        ("<p><b>Titel</b> LIMA (ANP) - Tekst.</p>", ["Titel", "LIMA (ANP) - Tekst."]),
        ("<p><b>Titel</b> 's-GRAVENPOLDER (ANP) - Tekst.</p>", ["Titel", "'s-GRAVENPOLDER (ANP) - Tekst."]),
        ("<p>Dat was <b>Jan de Wit</b> in <a href='/x'>de haven</a>.</p>", ["Dat was Jan de Wit in de haven."]),
        ("<p><span>W</span>ENEN (ANP) - Tekst.</p>", ["WENEN (ANP) - Tekst."]),
        ("<div><span>Eerste titel</span>\n<span>Tweede titel</span></div>", ["Eerste titel", "Tweede titel"]),
    ],
)
def test_blocks(source: str, expected: list[str]) -> None:
    assert blocks(source) == expected


def test_a_block_knows_its_heading_its_link_and_whether_it_is_soft() -> None:
    title, one, two = html_blocks(
        html.document_fromstring("<h2><a href='/a'>Titel</a></h2><p>een <a href='/b'>link</a><br>twee</p>")
    )
    assert (title.heading, title.href) == (2, "/a")
    assert (one.heading, one.href, one.link, one.soft) == (0, None, "/b", False)
    assert two.soft


def test_depth_is_bounded() -> None:
    parser = html.HTMLParser(huge_tree=True)
    (block,) = html_blocks(html.document_fromstring("<div>" * 1500 + "diep" + "</div>" * 1500, parser=parser))
    assert block.text == "diep"
    assert block.node.depth <= 200


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("2 uur geledenLIMA (ANP) - Tekst.", ["2 uur geleden", "LIMA (ANP) - Tekst."]),
        ("1 dag geledenDe brandweer rukte uit.", ["1 dag geleden", "De brandweer rukte uit."]),
        ('3 weken geleden"Dat kan niet", zei hij.', ["3 weken geleden", '"Dat kan niet", zei hij.']),
        ("4 uur geleden12 mensen zijn gered.", ["4 uur geleden", "12 mensen zijn gered."]),
        ("Einde. 2 uur geledenLIMA (ANP) - Tekst.", ["Einde.", "2 uur geleden", "LIMA (ANP) - Tekst."]),
        ("2 uur geleden LIMA (ANP) - Tekst.", ["2 uur geleden", "LIMA (ANP) - Tekst."]),
        ("2 uur geleden kwam de melding.", ["2 uur geleden kwam de melding."]),
        ("Ruim 400 jaar geleden stond hier een molen.", ["Ruim 400 jaar geleden stond hier een molen."]),
        ("2 uur geleden.", ["2 uur geleden."]),
        ("2 uur geleden", ["2 uur geleden"]),
    ],
)
def test_a_stamp_is_parted_from_what_it_was_glued_to(line: str, pieces: list[str]) -> None:
    assert unglue(line) == pieces


def test_every_line_of_text_is_a_block_and_line_ends_are_of_any_kind() -> None:
    assert [block.text for block in text_blocks("\ufeffeen\r\ntwee\rdrie\n\n \u00a0\nvier\u2028 vijf")] == [
        "een", "twee", "drie", "vier vijf",
    ]  # fmt: skip
