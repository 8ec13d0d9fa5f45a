"""When something was published, and how sure that is. Knows nothing of Scrapy, pages or the network."""

from newscrawl.timing.ages import Rounding
from newscrawl.timing.days import resolve_clocks
from newscrawl.timing.interval import Interval, Precision
from newscrawl.timing.phrases import UnknownTimePhrase
from newscrawl.timing.resolution import resolve

__all__ = ["Interval", "Precision", "Rounding", "UnknownTimePhrase", "resolve", "resolve_clocks"]
