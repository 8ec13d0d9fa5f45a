"""Markup nested deeper than a parser follows, with its depths laid side by side."""

import re
from collections import Counter

from newscrawl.reading.markup import INLINE

MAX_BLOCKS = 500  # elements one inside another; browsers lay side by side what is nested deeper than some 512
MAX_OPEN = 600  # with the inline elements inside these

_VOID = frozenset(
    (
        *("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen"),
        *("link", "meta", "param", "source", "track", "wbr"),
    )
)
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
# What ends where the same begins.
_CLOSED_BY_ITSELF = frozenset(("a", "button", "dd", "dt", "li", "option", "p", "td", "th", "tr"))
_TOKEN = re.compile(
    r"""<!--.*?(?:-->|\Z)|<[!?][^>]*+>?|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)"""
    r"""(?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')|[="'])*+>?""",
    re.DOTALL,
)


def flattened(text: str) -> str:
    """Return HTML in which no element stands deeper than `MAX_OPEN`; all its text is there, in its order.

    An element that would stand deeper ends the one beside which it comes to stand; inside text it is left out.
    """
    pieces: list[str] = []
    stack: list[str] = []
    inside: Counter[str] = Counter()
    written: list[int] = []  # places in the stack of the elements that the result has open
    at = 0

    def close_to(count: int) -> None:
        while len(written) > count:
            pieces.append(f"</{stack[written.pop()]}>")

    def leave(name: str) -> None:
        while True:
            top = stack.pop()
            inside[top] -= 1
            if written and written[-1] == len(stack):
                pieces.append(f"</{top}>")
                written.pop()
            if top == name:
                return

    while token := _TOKEN.search(text, at):
        pieces.append(text[at : token.start()])
        at = token.end()
        name = (token["name"] or "").casefold()
        if not name or name in _VOID or token[0].endswith("/>"):
            pieces.append(token[0])
        elif token["end"]:
            if inside[name]:
                leave(name)
        else:
            if name in _CLOSED_BY_ITSELF and stack and stack[-1] == name:
                leave(name)
            inline = name in INLINE
            if not inline:
                close_to(min(len(written), MAX_BLOCKS - 1))
            if len(written) < MAX_OPEN:
                written.append(len(stack))
                pieces.append(token[0])
            stack.append(name)
            inside[name] += 1
            if name in _RAW:
                end = re.compile(rf"</{name}\b", re.IGNORECASE).search(text, at)
                stop = end.start() if end else len(text)
                pieces.append(text[at:stop])
                at = stop
    pieces.append(text[at:])
    return "".join(pieces)
