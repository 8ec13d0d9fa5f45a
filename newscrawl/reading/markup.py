"""HTML to ordered blocks of text. Elements tell where a block stands and where it leads; class names tell nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise, takewhile

from lxml import etree, html

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

SENTENCE_END = ".!?…\"”’')"
_LEADS_TO_TIME = re.compile(
    r"\b(?:op|om|sinds|van|tot|vanaf|per|tussen|en|in|voor|na|rond|omstreeks|uiterlijk|met|de|deze|\w+dag)$",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def html_blocks(root: html.HtmlElement) -> list[Block]:
    """Return the blocks of an HTML document in the order of its source. The tree is changed."""
    for button in list(root.iter("button")):
        if next(button.iterancestors(*HEADINGS), None) is not None:
            button.tag = "span"  # a heading that folds its section in and out
    etree.strip_elements(root, *DROPPED, with_tail=False)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    return list(_Walk().blocks(root))


@dataclass(slots=True)
class _Run:
    """Inline text up to the next inline tag, and what is known of it."""

    text: str
    path: tuple[int, ...]
    """The inline elements around it, the outermost first, by their number on the page."""
    href: str | None
    whole: bool
    """Whether it is all that its inline element holds."""
    is_time: bool = False
    datetime: str | None = None
    is_update: bool = False
    is_break: bool = False
    """Whether it is a line break, and no text."""


@dataclass(slots=True)
class _Walk:
    """One walk over a tree; inline text is gathered until something parts it."""

    runs: list[_Run] = field(default_factory=list)
    path: tuple[int, ...] = ()
    opened: int = 0
    links: list[str | None] = field(default_factory=list)
    times: list[tuple[str | None, bool]] = field(default_factory=list)
    """Of the `<time>` elements around, their machine-readable moments, and whether these are those of updates."""
    found: list[Block] = field(default_factory=list)

    def blocks(self, root: html.HtmlElement) -> list[Block]:
        nodes = [Node(None, "", 0, furniture=False)]
        walk = etree.iterwalk(root, events=("start", "end"))
        hidden: object = None
        for event, element in walk:
            tag = str(element.tag)
            inline = tag in INLINE and not (tag == "a" and _holds_blocks(element))
            if event == "start":
                if hidden is None and _is_hidden(element):
                    hidden = element
                    walk.skip_subtree()
                    continue
                if tag == "br":
                    self.runs.append(_Run("", (), None, whole=False, is_break=True))
                elif inline:
                    self._open_inline(element, tag)
                else:
                    self._flush(nodes[-1])
                    nodes.append(_child(nodes[-1], tag, element))
                    if tag == "a":
                        self.links.append(element.get("href"))
                if element.text:
                    self._add(element.text, whole=inline and len(element) == 0)
            else:
                if hidden is element:
                    hidden = None
                elif inline:
                    self._close_inline(tag)
                elif tag != "br":
                    self._flush(nodes[-1])
                    nodes.pop()
                    if tag == "a":
                        self.links.pop()
                if element.tail:
                    self._add(element.tail, whole=False)
        self._flush(nodes[-1])
        return self.found

    def _open_inline(self, element: html.HtmlElement, tag: str) -> None:
        self.opened += 1
        self.path = (*self.path[:MAX_DEPTH], self.opened)
        if tag == "a":
            self.links.append(element.get("href"))
        elif tag == "time":
            self.times.append((element.get("datetime"), "dateModified" in (element.get("itemprop") or "").split()))

    def _close_inline(self, tag: str) -> None:
        self.path = self.path[:-1]
        if tag == "a":
            self.links.pop()
        elif tag == "time":
            self.times.pop()

    def _add(self, text: str, *, whole: bool) -> None:
        href = self.links[-1] if self.links else None
        time, is_update = self.times[-1] if self.times else (None, False)
        self.runs.append(_Run(text, self.path, href, whole, bool(self.times), time, is_update))

    def _flush(self, node: Node) -> None:
        """Make blocks of the inline text gathered so far, which stands in *node*."""
        if not self.runs:
            return
        runs, self.runs = self.runs, []
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


def _child(parent: Node, tag: str, element: html.HtmlElement) -> Node:
    if parent.depth >= MAX_DEPTH:
        return parent
    furniture = (
        parent.furniture
        or tag in ("nav", "figcaption", "menu")
        or (tag == "form" and _is_to_fill_in(element))
        or (tag == "figure" and _is_picture(element))
        or (tag == "footer" and not _is_footer_of_brief(element))
    )
    return Node(parent, tag, parent.depth + 1, furniture, _level(tag, element) or parent.heading)


def _level(tag: str, element: html.HtmlElement) -> int:
    """Return the level of a heading, be it one by its role; 0 for what is none."""
    if element.get("role") != "heading":
        return HEADINGS.get(tag, 0)
    level = element.get("aria-level") or ""
    return int(level) if level in ("1", "2", "3", "4", "5", "6") else 2


def _holds_blocks(element: html.HtmlElement) -> bool:
    """Return whether a link is laid around headings and paragraphs, as around a whole brief."""
    return any(isinstance(child.tag, str) and child.tag not in INLINE and child.tag != "br" for child in element)


def _is_to_fill_in(form: html.HtmlElement) -> bool:
    """Return whether a form is there to be filled in, and is not the whole page, as some software makes it."""
    text = "".join(islice(form.itertext(), MAX_FORM))  # a piece has one character at least
    return len(text) < MAX_FORM and AGO not in text and "(ANP" not in text


def _is_picture(figure: html.HtmlElement) -> bool:
    """Return whether a figure holds a picture with words about it, and no brief."""
    text = figure.text_content()
    return len(text) < MAX_CAPTION and AGO not in text and "(ANP" not in text and figure.find(".//a[@href]") is None


def _is_footer_of_brief(element: html.HtmlElement) -> bool:
    """Return whether a footer stands below one brief, with its time, and not below the page."""
    if next(element.iterancestors("article", "li", "section"), None) is not None:
        return True
    return len(element) < 4 and AGO in "".join(islice(element.itertext(), MAX_FOOTER))[:MAX_FOOTER]


def _is_hidden(element: html.HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


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
    said = [index for index, run in enumerate(runs) if run.text.strip()]
    if len(said) < 2 or time_shown(_text_from(runs, 0)):
        yield runs
        return
    for before, run, behind in zip([None, *said], said, [*said[1:], None], strict=False):
        near = [runs[index].path[: len(runs[run].path)] for index in (before, behind) if index is not None]
        runs[run].whole = bool(runs[run].path) and runs[run].path not in near
    depth = _shared_depth([runs[index] for index in said])
    # Nothing but elements side by side, without any text of its own between them: they may be laid out as blocks.
    columns = node.tag not in ("p", *HEADINGS) and all(len(runs[index].path) > depth for index in said)
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
    for depth in range(max(1, len(other.path) - MAX_LABELS), len(other.path)):
        around = other.path[:depth]
        if one.path[:depth] == around:
            continue
        held = [run for run in runs[index : index + MAX_LABELS] if run.path[:depth] == around]
        text = clean("".join(run.text for run in held))
        if AGO in text and time_shown(text, parse_age) not in (None, text):
            return index + len(held)
    return 0


def _shared_depth(runs: list[_Run]) -> int:
    """Return how many inline elements stand around all of some runs."""
    levels = zip(*(run.path for run in runs), strict=False)
    return sum(1 for _ in takewhile(lambda level: len(set(level)) == 1, levels))


def _begins_anew(one: _Run, other: _Run, depth: int) -> bool:
    """Return whether the element *depth* levels deep ends behind *one*, and no sentence goes on with *other*."""
    apart = one.path[depth] != other.path[depth] and not one.text[-1].isspace() and not other.text[0].isspace()
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
            and (says_day or other.is_time)
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
    return len(text) > LONGEST_LABEL and (not time.is_time or _LEADS_TO_TIME.search(text) is not None)


def _stands_alone(run: _Run) -> bool:
    """Return whether an element by itself says when something was published, or where to read on."""
    if run.is_time:
        return True
    text = clean(run.text)
    says_when = AGO in text and time_shown(text, parse_age) is not None
    leads_on = bool(run.href and READ_ON.fullmatch(text)) or COMMENT_COUNT.fullmatch(text) is not None
    return run.whole and (says_when or leads_on)


def _blocks(runs: list[_Run], node: Node) -> Iterator[Block]:
    text = clean("".join(run.text for run in runs))
    if not text:
        return
    said = [run for run in runs if run.text.strip()]
    hrefs = [run.href for run in said]
    is_time = all(run.is_time for run in said)
    time = next((run for run in said if run.is_time), None)
    href = hrefs[0] if len(set(hrefs)) == 1 else None
    link, linked = next((href for href in hrefs if href), None), all(hrefs)
    datetime = time.datetime if time and (is_time or time_shown(text)) else None
    is_update = is_time and any(run.is_update for run in said)
    for piece in unglue(text):
        yield Block(
            piece, node, href=href, link=link, linked=linked, is_time=is_time, is_update=is_update, datetime=datetime
        )
