"""The demo edition: a newsroom that ships with the package and never stops publishing.

A crawl of the site ``demo`` serves it to itself on loopback, and ``python -m newscrawl.demo`` serves it to a browser.
"""

DEMO_URL = "http://demo.newscrawl.test"  # ``.test`` is reserved: no request for it can ever reach somebody's server
