"""Which pages to ask for. No selectors, no files."""
