"""Pages that were stored: what archives hold, and the WARC that a live crawl keeps. Knows nothing of Scrapy."""
