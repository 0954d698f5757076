"""The pictures of a search in the README: `python -m docs.screenshots WORKDIR`.

Needs the extra `test` and a Chromium, which is driven as tests do it.
"""

import argparse
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from hnas_tf.reporting.tensorboard import SEARCH_RUN
from tests.browser import boards, chromium

FOLDER = Path(__file__).parent
_WIDTH = 1100  # Of a picture, in pixels.
_COLOURS = 64


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes them beside this file."""
    parser = argparse.ArgumentParser(prog="python -m docs.screenshots")
    parser.add_argument("workdir", type=Path, help="with a report.html")
    workdir = parser.parse_args(arguments).workdir
    path = chromium.path()
    if path is None:
        raise SystemExit(f"Expected {chromium.HOW_TO_GET}.")
    errors: list[str] = []
    with chromium.started(path) as browser:
        page = chromium.new_page(browser, errors)
        of_tensorboard(page, workdir)
        of_report(page, workdir)
    if errors:
        raise SystemExit(f"Expected clean pages. Received: {errors}")


def of_tensorboard(page: Any, workdir: Path) -> None:
    """Takes the fitness of a search, as TensorBoard shows it."""
    page.set_viewport_size({"width": 1100, "height": 620})
    with boards.serve(workdir, *boards.WHOLE) as address:
        page.goto(
            f"{address}#scalars&regexInput={SEARCH_RUN}$&tagFilter=^fitness"
        )
        page.locator("path.line").first.wait_for()
        page.wait_for_timeout(3_000)  # Charts are drawn one after another.
        save(page.screenshot(), "tensorboard.png")


def of_report(page: Any, workdir: Path) -> None:
    """Takes the page's first chart, and what surrounds it."""
    page.set_viewport_size({"width": 1100, "height": 820})
    page.goto((workdir / "report.html").resolve().as_uri())
    page.wait_for_selector("[data-ready]")
    chart = page.locator(".chart").first
    chart.evaluate("chart => chart.scrollIntoView({block: 'center'})")
    chart.locator(".legendtext").first.wait_for()
    save(page.screenshot(), "report.png")


def save(png: bytes, name: str) -> None:
    """Writes a picture with few pixels and colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    height = round(image.height * _WIDTH / image.width)
    image = image.resize((_WIDTH, height), Image.Resampling.LANCZOS)
    image.quantize(_COLOURS).save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
