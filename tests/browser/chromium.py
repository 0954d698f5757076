"""A browser that asks nobody but this machine, and tells what went wrong."""

import contextlib
import os
import shutil
import urllib.parse

from playwright.sync_api import sync_playwright

VARIABLE = "HNAS_TF_TEST_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET = (
    "a browser: apt-get install chromium, or name a Chromium or Chrome in "
    f"{VARIABLE}"
)

_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def path():
    """Returns the path of a browser; `None` where there is none."""
    given = os.environ.get(VARIABLE)
    found = map(shutil.which, [given] if given else NAMES)
    return next(filter(None, found), None)


@contextlib.contextmanager
def started(path):
    """Runs a browser without a window, and without anything of the user's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=_ARGUMENTS
        )
        yield browser
        browser.close()


def new_page(browser, errors):
    """Returns an empty page, which notes in a list what goes wrong.

    That is an error on the console or of a script; a request that would leave
    this machine, which is refused; and a dialog, which none but markup that
    has come to life would open.
    """
    page = browser.new_page(viewport={"width": 1500, "height": 1000})

    def refuse(route):
        errors.append(f"request: {route.request.url}")
        route.abort()

    def dismiss(dialog):
        errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def note(message):
        if message.type == "error":
            errors.append(f"console: {message.text}")

    page.context.route(_is_elsewhere, refuse)
    page.on("console", note)
    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: errors.append(f"error: {error}"))
    page.on("websocket", lambda socket: errors.append(f"socket: {socket.url}"))
    return page


def _is_elsewhere(url):
    parts = urllib.parse.urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname not in _LOOPBACK
