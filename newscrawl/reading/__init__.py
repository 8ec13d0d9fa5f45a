"""A response to the parts of a page. Makes no requests and knows no clock.

`read_page` is the whole of it: bytes ▶ characters (`decoding`), without long menus (`rows`) ▶ ordered blocks
(`markup`, `blocks`) ▶ what each block says (`signs`) ▶ which belong together (`zones`) ▶ lead (`lead`), briefs
(`entries`), "Net binnen" (`just_in`), and what the page tells machines (`metadata`).

It rests on what a page says, not on class names: HTML and plain text are read by one grammar.
"""

from newscrawl.reading.page import Page, PageError, read_page

__all__ = ["Page", "PageError", "read_page"]
