"""Pages that were stored before: where they lie in WARC, WET and WACZ files, and what they say.

Knows nothing of Scrapy.
"""
