"""The page: a template, what draws, and what is drawn, in one file."""

import json
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from typing import Any

from hnas_tf.errors import ArchiveError
from hnas_tf.reporting.report.document import document_of
from hnas_tf.reporting.report.subject import Subject

_SCRIPTS = (
    *("dom", "curves", "picture", "search", "charts"),
    *("individual", "family", "sections", "main"),
)
_ASSETS = files("hnas_tf.reporting.report") / "assets"


def page(subjects: Sequence[Subject]) -> str:
    """Returns an HTML document that shows searches, and asks for nothing else.

    Args:
        subjects: At least one; several are shown on the same axes.

    Raises:
        ArchiveError: if an archive cannot be read, or holds infinite numbers.
    """
    searches = [document_of(subject) for subject in subjects]
    return Template(_text(_ASSETS / "page.html")).substitute(
        style=_text(_ASSETS / "style.css"),
        library=_text(files("plotly") / "package_data" / "plotly.min.js"),
        script="\n".join(_text(_ASSETS / f"{name}.js") for name in _SCRIPTS),
        data=_embedded(searches),
    )


def _embedded(value: Any) -> str:
    """Returns JSON that ends no script, whatever texts it holds."""
    try:
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise ArchiveError(
            f"Expected archives of finite numbers. Received: {error}"
        ) from error
    return text.replace("<", "\\u003c")


def _text(path: Traversable) -> str:
    return path.read_text(encoding="utf-8")
