"""Which ledger a run uses: one whose memory it cannot spoil."""

from urllib.parse import urlsplit

from newscrawl.sites import Site


def scope_of(site: Site, start_url: str | None = None, *, replay: bool = False) -> str:
    """Return the name of the ledger for crawls of *site*.

    A crawl that starts on a host which is not the site's own knows that host alone, and a replay by another clock
    knows replays alone: what is tried out must not become what is known.

    >>> from newscrawl.sites import SITES
    >>> scope_of(SITES["zeelandnet"], "https://www.zeelandnet.nl/nieuws/sport")
    'zeelandnet'
    >>> scope_of(SITES["zeelandnet"], "http://127.0.0.1:8000/nieuws/sport", replay=True)
    'zeelandnet at 127.0.0.1:8000, replayed'
    """
    host = urlsplit(start_url).netloc.casefold() if start_url else ""
    at = f" at {host}" if host and host not in site.hosts else ""
    return f"{site.ledger or site.name}{at}{', replayed' if replay else ''}"
