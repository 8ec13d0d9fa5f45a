"""Fixtures for walks over a site on loopback."""

import pytest
from harness import LocalSite


@pytest.fixture
def start(site: LocalSite) -> str:
    """Return the address of the index page that a walk starts from."""
    return f"{site.url}/nieuws/buitenland"
