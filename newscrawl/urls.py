"""Addresses: completed, brought to one form, and compared."""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from newscrawl.sites import Site

# Parameters that say how a reader came to a page, and nothing of the page.
TRACKING = (
    "fbclid",
    "gclid",
    "msclkid",
    "utm_campaign",
    "utm_content",
    "utm_id",
    "utm_medium",
    "utm_source",
    "utm_term",
)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# An address with nothing in it that could be written in another way, but for the slash at its end.
_PLAIN = re.compile(r"https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*(?::[1-9][0-9]*)?(?:/[a-zA-Z0-9_-]+)+/?")
_KEPT = 4_096  # addresses; a site's pages link to the same few hundred
_LONGEST_KEPT = 500  # characters; what is longer must not stay in memory


def absolute_url(href: str | None, base_url: str | None) -> str | None:
    """Return *href* as an absolute http(s) address, or None when it is none (a script, a mail address, broken).

    >>> absolute_url("/nieuws/brug-open", "https://www.zeelandnet.nl/nieuws/buitenland")
    'https://www.zeelandnet.nl/nieuws/brug-open'
    >>> absolute_url("javascript:void(0)", "https://www.zeelandnet.nl/") is None
    True
    """
    if href is None:
        return None
    return _absolute_url(href, base_url) if len(href) <= _LONGEST_KEPT else _absolute_url.__wrapped__(href, base_url)


@lru_cache(maxsize=_KEPT)
def _absolute_url(href: str, base_url: str | None) -> str | None:
    try:
        url = urljoin(base_url or "", href.strip())
        parts = urlsplit(url)
        url.encode()  # a lone surrogate has no place in an address
        is_web = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        return url if is_web and "\0" not in url else None
    except ValueError:
        return None


def canonical_url(url: str, site: Site) -> str | None:
    """Return the one form of *url* by which its story is known on every machine, or None when it has none.

    Fragments, tracking parameters, default ports and a closing slash go; other parameters are sorted. Another host of
    the same site, and http where the site has https, become the site's own.

    >>> from newscrawl.sites import SITES
    >>> canonical_url("http://zeelandnet.nl/nieuws/brug-open/?utm_source=mail#top", SITES["zeelandnet"])
    'https://www.zeelandnet.nl/nieuws/brug-open'
    """
    parts = url, site.base_url, site.hosts
    return _canonical_url(*parts) if len(url) <= _LONGEST_KEPT else _canonical_url.__wrapped__(*parts)


@lru_cache(maxsize=_KEPT)
def _canonical_url(url: str, home: str, hosts: frozenset[str]) -> str | None:
    if absolute_url(url, None) is None:
        return None
    if not _PLAIN.fullmatch(url):
        try:
            url = canonicalize_url(url_query_cleaner(url, TRACKING, remove=True))
        except ValueError:  # a host that cannot be written in ASCII
            return None
    scheme, netloc, path, query, _ = urlsplit(url)
    netloc = netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))
    if netloc in hosts:
        scheme, netloc, *_ = urlsplit(home)
    return urlunsplit((scheme, netloc, path.rstrip("/") if path != "/" else path, query, ""))


def host_of(url: str) -> str:
    """Return the host of *url* as `Site.hosts` has it: with its port, unless that is the default one.

    >>> host_of("https://WWW.zeelandnet.nl:443/nieuws")
    'www.zeelandnet.nl'
    """
    scheme, netloc, *_ = urlsplit(url)
    return netloc.casefold().removesuffix(_DEFAULT_PORTS.get(scheme, ""))


def host_and_port(url: str) -> tuple[str, int | None]:
    """Return host and port of *url*, the port as the scheme has it where none is given; ("", None) for a broken one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", None
    return (parts.hostname or "").casefold(), port or {"http": 80, "https": 443}.get(parts.scheme)
