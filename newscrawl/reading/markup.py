"""HTML to ordered blocks of text. Elements tell where a block stands and where it leads; class names tell nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise, takewhile

from lxml import etree

from newscrawl.characters import clean
from newscrawl.reading.blocks import Block, Node, unglue
from newscrawl.reading.dateline import split_dateline
from newscrawl.reading.signs import COMMENT_COUNT, LONGEST_LABEL, READ_ON, time_shown
from newscrawl.timing.stamps import parse_age, parse_day, tells_day_and_clock
from newscrawl.timing.vocabulary import AGO

MAX_FORM = 800  # characters of a form to fill in; a longer one is the whole page
MAX_CAPTION = 400  # characters of what stands with a picture
MAX_FOOTER = 60  # characters; what stands below a brief is no longer
MAX_RUNS = 100  # of text; what stands further before a time does not lead to it
MAX_LABELS = 8  # pieces of inline text that one time is made of
MAX_DEPTH = 200  # nodes; what is nested deeper counts as standing at this depth

INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"),
        *("time", "tt", "u", "var", "wbr"),
    )
)
# Never a part of what a page says.
DROPPED = (
    *("script", "style", "noscript", "template", "title", "select", "textarea", "button", "svg", "math"),
    *("iframe", "object", "embed", "audio", "video", "canvas", "dialog", "meta", "link"),
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

_TEXT = etree.XPath("string()", smart_strings=False)
SENTENCE_END = ".!?…\"”’')"
_LEADS_TO_TIME = re.compile(
    r"\b(?:op|om|sinds|van|tot|vanaf|per|tussen|en|in|voor|na|rond|omstreeks|uiterlijk|met|de|deze|\w+dag)$",
    re.IGNORECASE,
)
_FIGURE = re.compile("[0-9]")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def html_blocks(root: etree._Element) -> list[Block]:
    """Return the blocks of an HTML document in the order of its source. The tree is changed."""
    for button in list(root.iter("button")):
        if next(button.iterancestors(*HEADINGS), None) is not None:
            button.tag = "span"  # a heading that folds its section in and out
    etree.strip_elements(root, *DROPPED, with_tail=False)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    return _Walk().blocks(root)


@dataclass(slots=True, eq=False)
class _Around:
    """What is known of inline text by what stands around it."""

    path: tuple[int, ...] = ()
    """The inline elements around it, the outermost first, by their number on the page."""
    href: str | None = None
    is_time: bool = False
    datetime: str | None = None
    is_update: bool = False
    """Whether the machine-readable moment of the time is the one of an update."""


@dataclass(slots=True, eq=False)
class _Run:
    """Inline text up to the next inline tag, and what is known of it."""

    text: str
    around: _Around
    is_break: bool = False
    """Whether it is a line break, and no text."""
    whole: bool = False
    """Whether its inline element holds nothing else, as far as is known."""


# A run while it waits, as a plain tuple: there are many, and of most nothing is ever asked.
_Waiting = tuple[str, _Around]
_BREAK: _Waiting = ("", _Around())


class _Walk:
    """One walk over a tree; inline text is gathered until something parts it."""

    def __init__(self) -> None:
        self.runs: list[_Waiting] = []
        self.opened = 0
        self.found: list[Block] = []

    def blocks(self, root: etree._Element) -> list[Block]:
        runs = self.runs
        node, around = Node(None, "", 0, furniture=False), _Around()
        # Each element that is open, whether it parts blocks, and what stands outside it.
        opened: list[tuple[etree._Element, bool, Node, _Around]] = []
        inner: etree._Element | None = None  # the innermost of these
        hidden: etree._Element | None = None
        # Elements alone, and none for the end: with events for each end the walk would take twice as long.
        for element in chain(root.iter(), (None,)):
            parent = None if element is None else element.getparent()
            while inner is not parent:
                ended, parts, outside, around = opened.pop()
                inner = opened[-1][0] if opened else None
                if parts:
                    if runs:
                        self._flush(node)
                    node = outside
                if hidden is not None:
                    if hidden is not ended:
                        continue
                    hidden = None
                tail = ended.tail
                if tail and (runs or not tail.isspace()):
                    runs.append((tail, around))
            if element is None:
                break
            inner = element
            if hidden is None and is_hidden(element):
                hidden = element
            if hidden is not None:
                opened.append((element, False, node, around))
                continue
            tag = str(element.tag)
            if tag == "br":
                opened.append((element, False, node, around))
                runs.append(_BREAK)
            elif tag in INLINE and not (tag == "a" and len(element) and _holds_blocks(element)):
                opened.append((element, False, node, around))
                around = self._inside(around, tag, element)
            else:
                if runs:
                    self._flush(node)
                opened.append((element, True, node, around))
                node = _child(node, tag, element)
                if tag == "a":
                    around = replace(around, href=element.get("href"))
            text = element.text
            if text and (runs or not text.isspace()):  # white space that begins a block is none of its text
                runs.append((text, around))
        return self.found

    def _inside(self, around: _Around, tag: str, element: etree._Element) -> _Around:
        """Return what stands around the text of an inline element."""
        self.opened += 1
        path = (*around.path[:MAX_DEPTH], self.opened)
        if tag == "a":
            return _Around(path, element.get("href"), around.is_time, around.datetime, around.is_update)
        if tag == "time":
            is_update = "dateModified" in (element.get("itemprop") or "").split()
            return _Around(path, around.href, True, element.get("datetime"), is_update)
        return _Around(path, around.href, around.is_time, around.datetime, around.is_update)

    def _flush(self, node: Node) -> None:
        """Make blocks of the inline text gathered so far, which stands in *node*."""
        runs = self.runs
        while len(runs) > 1 and runs[-1][0].isspace():
            runs.pop()
        if len(runs) == 1:
            self.found += _blocks_of_run(runs[0], node)
        else:
            self._flush_lines([_Run(*run, run is _BREAK) for run in runs], node)
        runs.clear()

    def _flush_lines(self, runs: list[_Run], node: Node) -> None:
        soft = False
        for line in _lines(runs):
            if not line:  # two line breaks in a row part paragraphs
                soft = False
                continue
            for piece in _pieces(line, node):
                for block in _blocks(piece, node):
                    block.soft, soft = soft, False
                    self.found.append(block)
            soft = True


def text_of(element: etree._Element) -> str:
    """Return all text in an element; comments are none."""
    return str(_TEXT(element))


def _child(parent: Node, tag: str, element: etree._Element) -> Node:
    if parent.depth >= MAX_DEPTH:
        return parent
    furniture = parent.furniture or (tag in _FURNITURE and _FURNITURE[tag](element))
    heading = _level(tag, element) or parent.heading
    return Node(parent, tag, parent.depth + 1, furniture, heading, parent.in_link or tag == "a")


def _level(tag: str, element: etree._Element) -> int:
    """Return the level of a heading, be it one by its role; 0 for what is none."""
    if element.get("role") != "heading":
        return HEADINGS.get(tag, 0)
    level = element.get("aria-level") or ""
    return int(level) if level in ("1", "2", "3", "4", "5", "6") else 2


def _holds_blocks(element: etree._Element) -> bool:
    """Return whether a link is laid around headings and paragraphs, as around a whole brief."""
    return any(isinstance(child.tag, str) and child.tag not in INLINE and child.tag != "br" for child in element)


def _is_to_fill_in(form: etree._Element) -> bool:
    """Return whether a form is there to be filled in, and is not the whole page, as some software makes it."""
    text = "".join(map(str, islice(form.itertext(), MAX_FORM)))  # a piece has one character at least
    return len(text) < MAX_FORM and AGO not in text and "(ANP" not in text


def _is_picture(figure: etree._Element) -> bool:
    """Return whether a figure holds a picture with words about it, and no brief."""
    text = text_of(figure)
    return len(text) < MAX_CAPTION and AGO not in text and "(ANP" not in text and figure.find(".//a[@href]") is None


def _is_footer_of_brief(element: etree._Element) -> bool:
    """Return whether a footer stands below one brief, with its time, and not below the page."""
    if next(element.iterancestors("article", "li", "section"), None) is not None:
        return True
    return len(element) < 4 and AGO in "".join(map(str, islice(element.itertext(), MAX_FOOTER)))[:MAX_FOOTER]


# The elements that are furniture, or may be.
_FURNITURE: dict[str, Callable[[etree._Element], bool]] = {
    **dict.fromkeys(("nav", "figcaption", "menu"), lambda _: True),
    "form": _is_to_fill_in,
    "figure": _is_picture,
    "footer": lambda footer: not _is_footer_of_brief(footer),
}


def is_hidden(element: etree._Element) -> bool:
    """Return whether the document itself says that an element is not shown; a style sheet may hide others."""
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and _HIDDEN_STYLE.search(style) is not None)


def _lines(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Part runs at line breaks; a line without any text is empty."""
    line: list[_Run] = []
    for run in runs:
        if run.is_break:
            yield line if any(part.text.strip() for part in line) else []
            line = []
        else:
            line.append(run)
    if any(part.text.strip() for part in line):
        yield line


def _pieces(runs: list[_Run], node: Node) -> Iterator[list[_Run]]:
    """Part a line where inline elements, laid out as blocks by a style sheet, hold a stamp, a title or a paragraph."""
    said = [index for index, run in enumerate(runs) if not run.text.isspace()]
    # What is seen at once comes first: most text goes on through its links and its words in bold.
    if all(_clearly_goes_on(runs[before], runs[index]) for before, index in pairwise(said)) or time_shown(
        _text_from(runs, 0)
    ):
        yield runs
        return
    for before, run, behind in zip([None, *said], said, [*said[1:], None], strict=False):
        path = runs[run].around.path
        near = [runs[index].around.path[: len(path)] for index in (before, behind) if index is not None]
        runs[run].whole = bool(path) and path not in near
    depth = _shared_depth([runs[index] for index in said])
    # Nothing but elements side by side, without any text of its own between them: they may be laid out as blocks.
    columns = node.tag not in ("p", *HEADINGS) and all(len(runs[index].around.path) > depth for index in said)
    start = within = 0
    for before, index in pairwise(said):
        if index < within:
            continue
        if not runs[index].whole or not _stands_alone(runs[index]):
            within = _end_of_time(runs, before, index)
        if (
            index < within
            or _is_border(runs, max(start, said[0]), before, index)
            or (columns and _begins_anew(runs[before], runs[index], depth))
        ):
            yield runs[start:index]
            start = index
    yield runs[start:]


def _end_of_time(runs: list[_Run], before: int, index: int) -> int:
    """Return where an inline element ends that begins at *index* and shows a time beside a label; 0 for none such."""
    one, other = runs[before], runs[index]
    if not any(AGO in run.text for run in runs[index : index + MAX_LABELS]):
        return 0
    for depth in range(max(1, len(other.around.path) - MAX_LABELS), len(other.around.path)):
        around = other.around.path[:depth]
        if one.around.path[:depth] == around:
            continue
        held = [run for run in runs[index : index + MAX_LABELS] if run.around.path[:depth] == around]
        text = clean("".join(run.text for run in held))
        if AGO in text and time_shown(text, parse_age) not in (None, text):
            return index + len(held)
    return 0


def _clearly_goes_on(one: _Run, other: _Run) -> bool:
    """Return cheaply whether nothing can end between two runs, nor begin: see `_is_border` and `_begins_anew`."""
    begins = other.text.lstrip()
    parted = one.text[-1].isspace() or other.text[0].isspace()
    in_small_letters = begins[0].islower() or (begins[0].isalpha() and begins[1:2].islower())  # as no dateline is
    return parted and in_small_letters and _is_mere_text(one) and _is_mere_text(other)


def _is_mere_text(run: _Run) -> bool:
    """Return cheaply whether a run can be no time, and no link to read on."""
    if run.around.is_time or not run.around.path:
        return not run.around.is_time
    text = run.text
    if not text.isascii() or AGO in text or _FIGURE.search(text):
        return False
    return run.around.href is None or READ_ON.fullmatch(clean(text)) is None


def _shared_depth(runs: list[_Run]) -> int:
    """Return how many inline elements stand around all of some runs."""
    levels = zip(*(run.around.path for run in runs), strict=False)
    return sum(1 for _ in takewhile(lambda level: len(set(level)) == 1, levels))


def _begins_anew(one: _Run, other: _Run, depth: int) -> bool:
    """Return whether the element *depth* levels deep ends behind *one*, and no sentence goes on with *other*."""
    apart = (
        one.around.path[depth] != other.around.path[depth]
        and not one.text[-1].isspace()
        and not other.text[0].isspace()
    )
    return apart and not _goes_on(other.text) and other.text[0] not in "-–"


def _is_border(runs: list[_Run], start: int, before: int, index: int) -> bool:
    """Return whether a brief, its time or its link begins at *index*, or a time that began at *start* has ended."""
    one, other = runs[before], runs[index]
    glued = index == before + 1 and not one.text[-1].isspace() and not other.text[0].isspace()
    says_day = other.whole and time_shown(clean(other.text), _tells_day) is not None
    if _stands_alone(other) or says_day:
        # A stamp in an element of its own ends a text, unless it stands inside a sentence.
        rest = _text_from(runs, index + 1)
        ended = glued or one.text.rstrip()[-1] in SENTENCE_END or (before == start and _stands_alone(one))
        if (
            not rest
            and not ended
            and (says_day or other.around.is_time)
            and _is_sentence_up_to(runs[max(start, index - MAX_RUNS) : index], other)
        ):
            return False  # "… ging dicht op <time>20 februari</time>"
        if not rest or split_dateline(rest)[0] is not None:
            return True
        return not _goes_on(rest) and ended
    if _stands_alone(one) and not any(runs[place].text.strip() for place in range(start, before)):
        return not _goes_on(other.text.lstrip())
    if split_dateline(_text_from(runs, index))[0] is not None:
        return not (glued and one.text[-1].isupper())  # unless an initial is set apart, as "W" of "WENEN"
    # "TitelTekst", "Alinea.Alinea": elements side by side without a space, the second beginning a sentence.
    ended = len(one.text) > 10 and (one.text[-1].isalnum() or one.text[-1] in SENTENCE_END)
    return glued and ended and other.text[0].isupper() and (other.whole or one.whole)


def _text_from(runs: list[_Run], index: int) -> str:
    """Return as much of the text from *index* on as it takes to see a dateline."""
    return clean("".join(run.text for run in runs[index : index + 8])[:300])


def _goes_on(text: str) -> bool:
    """Return whether a sentence that was begun goes on with *text*."""
    return text[0].islower() or text[0] in ".,;:!?)"


def _tells_day(text: str) -> bool:
    return tells_day_and_clock(text) or parse_day(text) is not None


def _is_sentence_up_to(runs: list[_Run], time: _Run) -> bool:
    """Return whether *runs* begin a sentence that ends in *time*; to a `<time>` a word such as "op" leads."""
    text = clean("".join(run.text for run in runs))
    return len(text) > LONGEST_LABEL and (not time.around.is_time or _LEADS_TO_TIME.search(text) is not None)


def _stands_alone(run: _Run) -> bool:
    """Return whether an element by itself says when something was published, or where to read on."""
    if run.around.is_time:
        return True
    text = clean(run.text)
    says_when = AGO in text and time_shown(text, parse_age) is not None
    leads_on = bool(run.around.href and READ_ON.fullmatch(text)) or COMMENT_COUNT.fullmatch(text) is not None
    return run.whole and (says_when or leads_on)


def _blocks_of_run(run: _Waiting, node: Node) -> list[Block]:
    """Return the blocks of inline text that is one run, as most is."""
    text, around = run
    href, linked = around.href, bool(around.href)
    return [
        Block(piece, node, href, href or None, linked, around.datetime, around.is_time, around.is_update)
        for piece in unglue(clean(text))
    ]


def _blocks(runs: list[_Run], node: Node) -> list[Block]:
    text = clean("".join([run.text for run in runs]))
    if not text:
        return []
    said = [run.around for run in runs if not run.text.isspace()]
    hrefs = [around.href for around in said]
    href = hrefs[0] if len(set(hrefs)) == 1 else None
    link, linked = next(filter(None, hrefs), None), all(hrefs)
    time = next((around for around in said if around.is_time), None)
    is_time = time is not None and all(around.is_time for around in said)
    datetime = time.datetime if time is not None and (is_time or time_shown(text)) else None
    is_update = is_time and any(around.is_update for around in said)
    return [Block(piece, node, href, link, linked, datetime, is_time, is_update) for piece in unglue(text)]
