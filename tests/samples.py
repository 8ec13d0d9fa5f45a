"""A page that tests of several rooms read, and what they ask of its items."""

from datetime import UTC, datetime
from pathlib import Path

from newscrawl.items import Article, Brief, Sighting

NOW = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)
PAGES = sorted((Path(__file__).parent / "pages").glob("*/*.html"))
URL = "https://www.zeelandnet.nl/nieuws/haven-weer-open"

SIDEBAR = """
<h1>Haven weer open</h1><p>ANTWERPEN (ANP/BELGA) - De haven is maandag weer opengegaan na een storing in de sluizen.</p>
<aside><h2>Meer uit Buitenland</h2>
<p><a href="/nieuws/x?utm_source=rss#top">Trein rijdt weer</a></p><p>WENEN (ANP) - De trein rijdt weer.</p><p>2 uur geleden</p>
</aside>"""


def articles(items: list[Article | Brief | Sighting]) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


def briefs(items: list[Article | Brief | Sighting]) -> list[Brief]:
    return [item for item in items if isinstance(item, Brief)]
