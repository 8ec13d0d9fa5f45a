"""newscrawl reads the wire news that portals carry, and says when each story was published, and how sure that is.

`extract` is the whole reading of one page in one call; the spiders use the same code.
"""

from newscrawl.extraction import extract
from newscrawl.reading import PageError
from newscrawl.version import VERSION

__all__ = ["PageError", "extract"]
__version__ = VERSION
