"""The page that tests get notices what it must stay free of."""

import contextlib

import pytest

from tests import processes
from tests.browser import chromium


@pytest.mark.parametrize(
    ("script", "noted"),
    [
        ("console.error('words')", "console: words"),
        ("setTimeout(() => {throw Error('words')})", "error: words"),
        ("fetch('http://example.com/a')", "request: http://example.com/a"),
        ("new Image().src = 'https://[2001:db8::1]/'", "request: https://["),
        ("new WebSocket('ws://127.0.0.1:9/')", "socket: ws://127.0.0.1:9/"),
        ("setTimeout(() => alert('words'))", "dialog: words"),
    ],
)
def test_what_goes_wrong_is_noted(browser, script, noted):
    errors = []
    with contextlib.closing(chromium.new_page(browser, errors)) as page:
        page.evaluate(f"() => {{{script}}}")

        def is_noted():
            page.wait_for_timeout(10)  # Events come while somebody waits.
            return any(error.startswith(noted) for error in errors)

        processes.wait_for(is_noted, seconds=30)


def test_a_browser_that_is_named_is_taken(monkeypatch, tmp_path):
    named = tmp_path / "browser"
    monkeypatch.setenv(chromium.VARIABLE, str(named))
    assert chromium.path() is None
    named.write_text("#!/bin/sh\n")
    named.chmod(0o755)
    assert chromium.path() == str(named)
