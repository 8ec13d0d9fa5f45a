"""What a site is. A new site is one entry in `SITES`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newscrawl.demo import DEMO_URL
from newscrawl.timing.ages import Rounding
from newscrawl.timing.calendar import AMSTERDAM


@dataclass(frozen=True, slots=True)
class Site:
    """A news portal.

    Attributes:
        name: what the argument ``site`` calls it.
        base_url: scheme and host, without a path.
        sections: what follows ``/nieuws/`` in the address of a section's index, to the name that its pages show.
        aliases: other hosts that serve the same pages under the same paths.
        time_zone: in which its clocks and calendar are to be read.
        rounding: how it counts ages; see `newscrawl.timing.resolve`.
        language: BCP 47 tag of its texts.
        polite: whether somebody else's server is asked; the demo edition needs no delay between requests.
        ledger: the memory of its stories; portals that carry one wire may share one. Its own where it is empty.
    """

    name: str
    base_url: str
    sections: Mapping[str, str]
    aliases: frozenset[str] = field(default_factory=frozenset)
    time_zone: ZoneInfo = AMSTERDAM
    rounding: Rounding = "any"
    language: str = "nl"
    polite: bool = True
    ledger: str = ""

    @property
    def hosts(self) -> frozenset[str]:
        """All hosts, with their port where it is not the scheme's own, that are this site."""
        return self.aliases | {urlsplit(self.base_url).netloc}

    def is_index(self, url: str) -> bool:
        """Return whether *url* is that of a list of stories on this site, or of its front page."""
        path = urlsplit(url).path.strip("/").casefold()
        return path in ("", "nieuws") or path.removeprefix("nieuws/") in self.sections

    def index_url(self, section: str) -> str:
        """Return the address of the index of *section*, a key of `sections`."""
        return f"{self.base_url}/nieuws/{section}"


NATIONAL_SECTIONS = {
    "buitenland": "Buitenland",
    "binnenland": "Binnenland",
    "politiek": "Politiek",
    "financieel": "Financieel",
    "sport": "Sport",
    "voetbal": "Voetbal",
}

LOCAL_SECTIONS = {
    "regio/tholen": "Tholen",
    "regio/beveland": "Beveland",
    "regio/reimerswaal": "Reimerswaal",
    "regio/middelburg": "Middelburg",
    "regio/vlissingen": "Vlissingen",
}

SITES: dict[str, Site] = {
    "zeelandnet": Site(
        name="zeelandnet",
        base_url="https://www.zeelandnet.nl",
        aliases=frozenset({"zeelandnet.nl"}),
        sections=NATIONAL_SECTIONS | LOCAL_SECTIONS,
        rounding="down",  # an index of 3 November says "1 maand" of 19 September
    ),
    "demo": Site(
        name="demo",
        base_url=DEMO_URL,
        sections=NATIONAL_SECTIONS | LOCAL_SECTIONS,
        rounding="down",
        polite=False,
    ),
}
