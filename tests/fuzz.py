"""Mutated pages: whatever the bytes, `extract` gives items that keep every law, or `PageError`, and that soon.

    python -m tests.fuzz [--seconds 60] [--seed N] [--workers 1] [--findings fuzz-findings]
    python -m tests.fuzz --again fuzz-findings/NAME.json

Prints figures, and for each finding the file that reproduces it; exits with 1 when there is one.
"""

import json
import re
import signal
import sys
import warnings
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from html import unescape
from multiprocessing import get_context
from pathlib import Path
from random import Random, SystemRandom
from time import monotonic, process_time
from traceback import extract_tb
from types import FrameType
from typing import Any

from lxml import etree

from newscrawl import PageError
from newscrawl.characters import clean
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pages import Edition, section_path
from newscrawl.extraction import Extract, extract_page
from newscrawl.items import Article, Brief, Item
from newscrawl.output import dumps
from newscrawl.reading.decoding import decode, repair
from newscrawl.reading.feed import FeedError, read_feed
from newscrawl.reading.markup import DROPPED, hidden_elements, text_of
from newscrawl.reading.page import _parse
from newscrawl.sites import SITES

PAGES = Path(__file__).parent / "pages"
NOW = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)
CALM = 1.0  # seconds that any page may take
PER_KILOBYTE = 0.05  # seconds on top of that
HANGS = 60  # seconds
LARGEST = 300_000  # bytes of a page; what larger ones take is measured elsewhere

URLS = (
    *("https://www.zeelandnet.nl/nieuws/buitenland", "https://www.zeelandnet.nl/nieuws/haven-weer-open"),
    *("https://www.zeelandnet.nl/nieuws/buitenland?page=3", "http://zeelandnet.nl", "", "javascript:x", "http://[", "x"),
    *("https://www.zeelandnet.nl:99999/", "https://ex\u00e4mple.nl/\ud800", "http://a\0b/", "//x", "https://www.zeelandnet.nl/?q=%ff"),
)  # fmt: skip
CONTENT_TYPES = (
    *("text/html", "text/html; charset=utf-8", "text/html;charset=windows-1252", "text/plain", "text/plain; charset=utf-8"),
    *("", "text/html; charset=utf-16", "text/html; charset=klingon", "application/xhtml+xml", "text/html; charset=utf-7"),
    *("text/html; charset=unicode_escape", "text/html; charset=shift_jis", "image/png", "TEXT/HTML; Charset='UTF-8'"),
    *("text/html; charset=punycode", "text/html; charset=\0", ";;;", "text/html; charset=gb18030", "text/plain; charset=utf-16le"),
)  # fmt: skip
HEADERS: tuple[dict[str, str] | None, ...] = (
    *(None, {}, {"Date": "Tue, 24 Feb 2026 08:59:00 GMT"}, {"date": "x", "age": "9" * 5000}, {"Age": "600"}),
    *({"Date": "Mon, 01 Jan 0001 00:00:00 +2359", "Age": "-1"}, {"Date": "", "Age": "1e9"}, {"Date": "\ud800"}),
)
ENCODINGS = ("cp1252", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-15", "utf-8-sig", "shift_jis", "utf-32")
TOKENS = (
    *("<div>", "</div>", "<p>", "</p>", "<b>", "<a href='/nieuws/x'>", "</a>", "<h1>", "</h1>", "<h2>Meer uit Buitenland</h2>"),
    *("<h2>Net binnen</h2>", "<p>Buitenland 15:30 Kop</p>", "2 uur geleden", "LIMA (ANP) - ", "Reacties", "Lees ook", "<br>"),
    *("<!--", "-->", "<![CDATA[", "]]>", "<?", "<script>", "</script>", "<template>", "<table><tr><td>", "<title>", "</title>"),
    *("<time datetime='2026-02-23T10:00:00Z'>", "</time>", "<div hidden>", "<p style='display:none'>", "&lol;", "&#0;", "&#xD800;"),
    *("&#x110000;", "&nbsp;", "&shy;", "&lt;", "&amp;amp;", "\0", "\ud800", "\udc80", "\u200b", "\u00ad", "\u00a0", "\ufeff", "\u202e"),
    *("\u2028", "\x1c", "\x85", "\x0b", "GENÃˆVE", "â€œ", "Ã¢â‚¬Å“", "maandag", "maandag 23 februari 2026", "gisteren 23:59"),
    *("31-02-2026 25:61", "9" * 30, "9" * 5000, "0", "-1", "| ", " - ", "•", "(", ")", "'s ", "É", "İ", "ß", "ﬁ", "²", "½", "٣"),
    *("<meta charset=utf-16>", "<meta charset=x>", "<base href='http://['>", "<base href='//'>", "<link rel=canonical href=x>"),
    *('<script type="application/ld+json">', '{"@type":"NewsArticle","headline":"x","datePublished":', '"\\ud800"', "[" * 3000),
    *('{"@graph":' * 500, "<div>" * 3000, "<b>" * 3000, "<footer>", "<form>", "<svg>", "<p>" * 50, "\n", "\r", "\t", " " * 500),
    *("<article>", "</article>", "<li>", "<aside>", "<main>", "<nav>", "<select>", "<button>", "<textarea>", "<noscript>", "<iframe>"),
    *("Foto: ANP", "Lees meer", "Laatst bijgewerkt: 3 minuten geleden", "Editie: NL", "Advertentie", "vandaag | 14:30", "zojuist"),
)  # fmt: skip
TAGS = ("div", "p", "span", "a", "h1", "h2", "h3", "li", "ul", "td", "table", "article", "b", "time", "footer", "section", "x-y", "body")  # fmt: skip
_TAG = re.compile(r"<[^<>]*>")
_NUMBER = re.compile(r"\d+")
_ATTRIBUTE = re.compile(r"""\s[\w-]+=("[^"]*"|'[^']*'|[^\s>]+)""")


@dataclass(frozen=True, slots=True)
class Case:
    """A page and how it came."""

    body: bytes | str
    url: str | None
    content_type: str
    headers: dict[str, str] | None
    site: str = "zeelandnet"

    def extract(self) -> Extract:
        return extract_page(
            self.body,
            url=self.url,
            crawled_at=NOW,
            content_type=self.content_type,
            headers=self.headers,
            site=SITES[self.site],
        )

    def write(self, folder: Path, law: str, told: str) -> Path:
        """Write the case with the law that it breaks, and return the file that reproduces it."""
        folder.mkdir(parents=True, exist_ok=True)
        is_text = isinstance(self.body, str)
        data = self.body.encode("utf-8", "surrogatepass") if isinstance(self.body, str) else self.body
        name = f"{re.sub('[^a-z]+', '-', law.casefold())[:40].strip('-')}-{sha256(data).hexdigest()[:8]}"
        (folder / f"{name}.body").write_bytes(data)
        how = {
            "url": self.url,
            "content_type": self.content_type,
            "headers": self.headers,
            "site": self.site,
            "is_text": is_text,
        }
        path = folder / f"{name}.json"
        path.write_text(json.dumps({"law": law, "told": told, **how}, indent=1), "utf-8")
        return path

    @classmethod
    def read(cls, path: Path) -> "Case":
        """Return the case of a file that `write` wrote."""
        how = json.loads(path.read_text("utf-8"))
        data = path.with_suffix(".body").read_bytes()
        body = data.decode("utf-8", "surrogatepass") if how["is_text"] else data
        return cls(body, how["url"], how["content_type"], how["headers"], how["site"])


# --- Laws -------------------------------------------------------------------------------------------------------------


class Hangs(BaseException):
    """A page that takes so long that nobody waits for its end."""


def broken_laws(case: Case) -> tuple[str, list[tuple[str, str]]]:
    """Return what came of a case ("items", "refused" or "broken"), and the laws that it breaks, with what tells so."""
    signal.setitimer(signal.ITIMER_REAL, HANGS)
    began = process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = case.extract()
            again = case.extract()
    except PageError as error:
        signal.setitimer(signal.ITIMER_REAL, 0)
        told = [] if str(error) else [("a refusal says why", repr(error))]
        return "refused", [*told, *_slow(case, process_time() - began)]
    except Hangs as error:
        return "broken", [("no page hangs", _where(error))]
    except Exception as error:
        return "broken", [("nothing is raised but PageError", f"{error!r:.300} {_where(error)}")]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    told = _slow(case, (process_time() - began) / 2)
    if again.items != found.items:
        told.append(("the same page gives the same items", ""))
    if not found.items:
        told.append(("a page without items is refused", ""))
    told += _against(case, found)
    return ("broken" if told else "items"), told


def _where(error: BaseException) -> str:
    frame = extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _slow(case: Case, seconds: float) -> list[tuple[str, str]]:
    most = CALM + PER_KILOBYTE * len(case.body) / 1000
    return [("time grows with the bytes", f"{seconds:.1f} s for {len(case.body)}")] if seconds > most else []


def _against(case: Case, found: Extract) -> Iterator[tuple[str, str]]:
    """Yield the laws that the items of a page break."""
    shown = _shown(case)
    for item in found.items:
        try:
            json.loads(dumps(item))
        except Exception as error:
            yield "items can be written", repr(error)[:300]
        for text in _strings(asdict(item)):
            if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
                yield "no NUL and no half of a character", repr(text)[:200]
        if not re.fullmatch("[0-9a-f]{16}", item.story_id or ""):
            yield "an id has 16 digits", repr(item.story_id)
        yield from _of_times(item)
        if found.repaired or shown is None:
            continue
        for told in (item.headline, *((item.dateline,) if isinstance(item, Article | Brief) else ())):
            if told and _folded(told) not in shown:
                yield "headline and dateline stand on the page", repr(told)[:300]
        for paragraph in item.text.split("\n\n") if isinstance(item, Article | Brief) else ():
            if not _in_order(paragraph.split(), shown):
                yield "every word of a text stands on the page, in its order", repr(paragraph)[:300]


def _of_times(item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(item, Article | Brief):
        times = [item.published_earliest, item.published_at, item.published_latest]
    else:
        times = [item.earliest, item.latest]
    known = [moment for moment in times if moment is not None]
    if known and len(known) < len(times):
        yield "an interval has both its ends", repr(times)
    elif known != sorted(known):
        yield "earliest, best, latest", repr(times)
    if known and (item.rendered_at is None or known[-1] > item.rendered_at):
        yield "no time is later than the page", repr((known, item.rendered_at))
    if any(moment.tzinfo is None for moment in known):
        yield "times are aware", repr(known)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _shown(case: Case) -> str | None:
    """Return what a page shows, and what it is called, without its white space and unseen characters."""
    text, repaired = repair(decode(case.body, case.content_type))
    if repaired:
        return None
    if case.content_type.partition(";")[0].strip().casefold() == "text/plain":
        return _folded(text)
    if "<" not in text:
        return _folded(unescape(text))
    root = _parse(text)
    titles = [text_of(element) for element in root.iter("title")]
    titles += [element.get("content") or "" for element in root.iter("meta")]
    titles += [text_of(element) for element in root.iter("button")]  # one that folds a heading is shown
    buttons = list(root.iter("button"))
    for button in buttons:
        button.tag = "span"
    etree.strip_elements(root, *DROPPED, with_tail=False)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    for element in hidden_elements(root):
        element.clear(keep_tail=True)  # type: ignore[call-arg]  # what stands around it is shown as one
    with_buttons = text_of(root)
    for button in buttons:
        button.clear(keep_tail=True)  # type: ignore[call-arg]  # likewise: others are furniture
    return _folded(" ".join([with_buttons, text_of(root), *titles]))


def _folded(text: str) -> str:
    return "".join(clean(text).split())


def _in_order(words: Sequence[str], shown: str) -> bool:
    if "".join(words) in shown:
        return True
    at = 0
    for word in words:
        at = shown.find(word, at)
        if at < 0:
            return False
        at += len(word)
    return True


# --- Mutations --------------------------------------------------------------------------------------------------------


class Mutator:
    """Makes pages out of pages, by the throw of a die."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)  # noqa: S311
        self.pages = list(_pages())
        self.of_bytes: tuple[Callable[[bytes], bytes], ...] = (self._flipped, self._cut, self._dropped, self._byte)
        self.of_text: tuple[Callable[[str], str], ...] = (
            *(self._spliced, self._doubled, self._deleted, self._moved, self._nested, self._renamed, self._token),
            *(self._grown, self._mangled, self._token, self._glued, self._unclosed),
        )

    def case(self) -> Case:
        """Return the next page, and how it came."""
        dice = self.dice
        body: bytes | str = dice.choice(self.pages)
        for _ in range(dice.choice((0, 1, 1, 2, 3, 5, 10, 30))):
            if len(body) > LARGEST:
                break
            if dice.random() < 0.2:
                data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
                body = dice.choice(self.of_bytes)(data)
            else:
                text = body if isinstance(body, str) else body.decode("utf-8", "surrogateescape")
                body = dice.choice(self.of_text)(text)
        if dice.random() < 0.2:
            body = self._encoded(body)
        elif isinstance(body, str) and dice.random() < 0.7:
            body = body.encode("utf-8", "surrogatepass")
        calm = dice.random() < 0.7
        return Case(
            body[:LARGEST],
            dice.choice(URLS[:3] if calm else (None, *URLS)),
            dice.choice(CONTENT_TYPES[:5] if calm else CONTENT_TYPES),
            dice.choice(HEADERS[:3] if calm else HEADERS),
            dice.choice(("zeelandnet", "zeelandnet", "demo")) if "demo" in SITES else "zeelandnet",
        )

    def _place(self, body: Sequence[Any]) -> int:
        return self.dice.randrange(len(body) + 1)

    def _span(self, text: str) -> tuple[int, int]:
        """Return where an element, or any piece, begins and ends."""
        if self.dice.random() < 0.7 and (tags := list(_TAG.finditer(text))):
            first = self.dice.randrange(len(tags))
            last = min(first + self.dice.choice((0, 1, 1, 2, 3, 5, 10)), len(tags) - 1)
            return tags[first].start(), tags[last].end()
        begin = self._place(text)
        return begin, min(len(text), begin + self.dice.choice((1, 5, 50, 500)))

    def _flipped(self, body: bytes) -> bytes:
        changed = bytearray(body)
        for _ in range(self.dice.choice((1, 1, 3, 20))):
            if changed:
                changed[self.dice.randrange(len(changed))] ^= 1 << self.dice.randrange(8)
        return bytes(changed)

    def _cut(self, body: bytes) -> bytes:
        at = self._place(body)
        return body[:at] if self.dice.random() < 0.8 else body[at:]

    def _dropped(self, body: bytes) -> bytes:
        at = self._place(body)
        return body[:at] + body[at + self.dice.choice((1, 2, 10, 100)) :]

    def _byte(self, body: bytes) -> bytes:
        at = self._place(body)
        return body[:at] + self.dice.choice((b"\0", b"\xff", b"\x80", b"\xe9", b"\xc3", b"\xe2\x80", b"\xff\xfe", b"\x1b$B")) + body[at:]  # fmt: skip

    def _encoded(self, body: bytes | str) -> bytes:
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        if self.dice.random() < 0.3:
            text = text.encode("utf-8", "replace").decode("cp1252", "replace")
        return text.encode(self.dice.choice(ENCODINGS), "replace")

    def _spliced(self, text: str) -> str:
        other = self.dice.choice(self.pages).decode("utf-8", "replace")
        return text[: self._place(text)] + other[self._place(other) :]

    def _doubled(self, text: str) -> str:
        begin, end = self._span(text)
        times = self.dice.choice((1, 1, 2, 5, 20, 200))
        return text[:end] + text[begin:end] * min(times, 1 + LARGEST // (end - begin + 1)) + text[end:]

    def _deleted(self, text: str) -> str:
        begin, end = self._span(text)
        return text[:begin] + text[end:]

    def _moved(self, text: str) -> str:
        begin, end = self._span(text)
        rest = text[:begin] + text[end:]
        at = self._place(rest)
        return rest[:at] + text[begin:end] + rest[at:]

    def _nested(self, text: str) -> str:
        begin, end = self._span(text)
        tag, depth = self.dice.choice(TAGS), self.dice.choice((1, 1, 2, 10, 300, 3000))
        return text[:begin] + f"<{tag}>" * depth + text[begin:end] + f"</{tag}>" * depth + text[end:]

    def _renamed(self, text: str) -> str:
        one, other = self.dice.choice(TAGS), self.dice.choice(TAGS)
        return re.sub(rf"(</?){one}\b", rf"\g<1>{other}", text, count=self.dice.choice((0, 1, 2)))

    def _token(self, text: str) -> str:
        for _ in range(self.dice.choice((1, 1, 2, 5))):
            at = self._place(text)
            text = text[:at] + self.dice.choice(TOKENS) * self.dice.choice((1, 1, 1, 2, 40)) + text[at:]
        return text

    def _grown(self, text: str) -> str:
        numbers = list(_NUMBER.finditer(text))
        if not numbers:
            return text
        number = self.dice.choice(numbers)
        grown = self.dice.choice(("0", "00", "99", "2026", number[0] * 3, "9" * 400, "1" + "0" * 18, "٣"))
        return text[: number.start()] + grown + text[number.end() :]

    def _mangled(self, text: str) -> str:
        attributes = list(_ATTRIBUTE.finditer(text))
        if not attributes:
            return text
        one = self.dice.choice(attributes)
        new = self.dice.choice((" hidden", "", " href=//[", " datetime=9999-99-99", " style=display:none", ' a="', " href='?page=2'", one[0] * 30))  # fmt: skip
        return text[: one.start()] + new + text[one.end() :]

    def _glued(self, text: str) -> str:
        return re.sub(r">\s+<", "><", text) if self.dice.random() < 0.5 else _TAG.sub("", text)

    def _unclosed(self, text: str) -> str:
        return re.sub(rf"</{self.dice.choice(TAGS)}>", "", text)


def _pages() -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted(PAGES.glob("*/*")) if path.suffix in (".html", ".txt"))
    newsroom = Newsroom.shipped()
    edition = Edition(newsroom)
    for target in (section_path("Buitenland"), *(story.path for story in newsroom.stories(NOW)[:5])):
        yield edition.answer(target, NOW).body


# --- Runs -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Figures:
    """What a run came to."""

    pages: int = 0
    items: int = 0
    refused: int = 0
    broken: int = 0
    largest: int = 0
    laws: Counter[str] = field(default_factory=Counter)
    files: dict[str, list[str]] = field(default_factory=dict)
    """For each law that was broken the files of some cases, with what told so."""

    def add(self, other: "Figures") -> None:
        for name in ("pages", "items", "refused", "broken"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.largest = max(self.largest, other.largest)
        self.laws.update(other.laws)
        for law, files in other.files.items():
            self.files.setdefault(law, []).extend(files)


def fuzz(seed: int, findings: Path, *, seconds: float | None = None, pages: int | None = None) -> Figures:
    """Read mutated pages for some *seconds*, or that many *pages*."""
    signal.signal(signal.SIGALRM, _hangs)
    mutator, figures = Mutator(seed), Figures()
    end = monotonic() + seconds if seconds is not None else None
    while (end is None or monotonic() < end) and (pages is None or figures.pages < pages):
        case = mutator.case()
        outcome, told = broken_laws(case)
        figures.pages += 1
        figures.largest = max(figures.largest, len(case.body))
        setattr(figures, outcome, getattr(figures, outcome) + 1)
        for law, why in told:
            figures.laws[law] += 1
            if len(files := figures.files.setdefault(law, [])) < 5:
                files.append(f"{case.write(findings, law, why)}: {why}")
        _feed(case, figures, findings)
    return figures


def _feed(case: Case, figures: Figures, findings: Path) -> None:
    body = case.body if isinstance(case.body, bytes) else case.body.encode("utf-8", "replace")
    try:
        read_feed(body)
    except FeedError:
        pass
    except Exception as error:
        law = "no feed raises anything but FeedError"
        figures.laws[law] += 1
        figures.files.setdefault(law, []).append(f"{case.write(findings, law, repr(error))}: {error!r:.200}")


def _hangs(_signal: int, _frame: FrameType | None) -> None:
    raise Hangs


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="default: %(default)s")
    parser.add_argument("--seed", type=int, help="default: another each time, and printed")
    parser.add_argument("--workers", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"), help="default: %(default)s")
    parser.add_argument("--again", type=Path, help="the file of a finding, to be read once more")
    given = parser.parse_args()
    if given.again:
        signal.signal(signal.SIGALRM, _hangs)
        outcome, told = broken_laws(Case.read(given.again))
        print(outcome, *(f"{law}: {why}" for law, why in told), sep="\n")
        sys.exit(1 if told else 0)
    seed = SystemRandom().randrange(10**9) if given.seed is None else given.seed
    with get_context("spawn").Pool(given.workers) as pool:
        runs = [
            pool.apply_async(fuzz, (seed + worker, given.findings), {"seconds": given.seconds})
            for worker in range(given.workers)
        ]
        figures = Figures()
        for run in runs:
            figures.add(run.get())
    print(
        f"seed {seed}, {given.workers} workers, {given.seconds:.0f} s: {figures.pages} pages up to {figures.largest} bytes,"
        f" {figures.items} gave items, {figures.refused} were refused, {figures.broken} broke a law"
    )
    for law, count in figures.laws.most_common():
        print(f"{count} x {law}", *figures.files.get(law, ()), sep="\n  ")
    sys.exit(1 if figures.laws else 0)


if __name__ == "__main__":
    main()
