"""A browser, pages that must stay clean, and a search to look at."""

import contextlib

import pytest
from playwright.sync_api import expect

from tests.browser import chromium, searches

expect.set_options(timeout=30_000)  # In milliseconds; machines are busy.


@pytest.fixture(scope="package")
def browser():
    """Chromium; tests are left out where there is none."""
    path = chromium.path()
    if path is None:
        pytest.skip(f"needs {chromium.HOW_TO_GET}")
    with chromium.started(path) as browser:
        yield browser


@pytest.fixture
def page(browser):
    """An empty page; an error, or a request elsewhere, fails the test."""
    errors = []
    with contextlib.closing(chromium.new_page(browser, errors)) as page:
        yield page
    assert errors == []


@pytest.fixture(scope="package")
def searched(browser, tmp_path_factory):
    """The workdir of a real search of the digits, full of markup."""
    del browser  # Without one, nobody would look.
    return searches.of_digits(tmp_path_factory.mktemp("browser"))
