"""What a trained network takes for what, as pictures: PNG."""

import warnings
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import NamedTuple

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from hnas_tf.errors import escaped

_MOST_NAMED = 50  # With more classes the axes have numbers.
_MOST_COUNTED = 20  # With more classes no count would be read.
_COLUMNS = 6
_LONGEST_NAME = 16  # In letters.
_MANY_PIXELS = 128  # From here on a picture is smoothed.
_INCHES, _CAPTION = 1.5, 0.55  # Of a picture, and of what stands below it.
_DPI = 110


class Mistake(NamedTuple):
    """A picture that a network takes for another class.

    Attributes:
        image: uint8 [height, width, channels].
        label: The name of its class.
        prediction: The name of the class that it is taken for.
        probability: That the network gives to that.
    """

    image: NDArray[np.uint8]
    label: str
    prediction: str
    probability: float


def confusion_matrix(counts: NDArray[np.int64], names: Sequence[str]) -> bytes:
    """Returns a picture of how many pictures of a class are taken for which.

    Each row is shaded by its shares, so that rare classes are seen too.

    Args:
        counts: By label and prediction, [classes, classes].
        names: Of the classes.
    """
    return _png(lambda: _matrix(counts, [_short(name) for name in names]))


def _matrix(counts: NDArray[np.int64], names: Sequence[str]) -> Figure:
    size = 3.0 + min(0.32 * len(names), 9.0)
    figure = Figure(figsize=(size, size), layout="constrained")
    axes = figure.add_subplot()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    axes.set(xlabel="taken for", ylabel="is")
    if len(names) <= _MOST_NAMED:
        places = range(len(names))
        axes.set_xticks(places, names, rotation=90, parse_math=False)
        axes.set_yticks(places, names, parse_math=False)
    if len(names) <= _MOST_COUNTED:
        _write_counts(axes, counts, shares)
    return figure


def _write_counts(
    axes: Axes, counts: NDArray[np.int64], shares: NDArray[np.float64]
) -> None:
    for row, column in np.argwhere(counts):
        axes.text(
            column,
            row,
            str(counts[row, column]),
            size=7,
            ha="center",
            va="center",
            color="white" if shares[row, column] > 0.5 else "black",
        )


def sheet(mistakes: Sequence[Mistake]) -> bytes:
    """Returns pictures, each with its label and what it is taken for.

    Of grey ones the brightest pixel of all is shown white.
    """
    return _png(lambda: _sheet(mistakes))


def _sheet(mistakes: Sequence[Mistake]) -> Figure:
    num_rows = -(-len(mistakes) // _COLUMNS)
    figure = Figure(
        figsize=(_COLUMNS * _INCHES, num_rows * (_INCHES + _CAPTION)),
        layout="constrained",
    )
    cells = figure.subplots(num_rows, _COLUMNS, squeeze=False).ravel()
    for axes in cells[len(mistakes) :]:
        axes.axis("off")
    # Such as the digits, whose brightest pixel is 16.
    brightest = max(1, *(int(mistake.image.max()) for mistake in mistakes))
    for axes, mistake in zip(cells, mistakes, strict=False):
        _show(axes, mistake, brightest)
    return figure


def _show(axes: Axes, mistake: Mistake, brightest: int) -> None:
    image = mistake.image
    axes.imshow(
        image.squeeze(axis=2) if image.shape[2] == 1 else image,
        cmap="gray",
        vmin=0,
        vmax=brightest,
        interpolation="antialiased"
        if max(image.shape) >= _MANY_PIXELS
        else "nearest",
    )
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    caption = (
        f"is {_short(mistake.label)}\n"
        f"taken for {_short(mistake.prediction)}\n{mistake.probability:.3f}"
    )
    axes.set_xlabel(caption, size=7, parse_math=False)


def _short(name: str) -> str:
    name = escaped(name)
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}..."


def _png(draw: Callable[[], Figure]) -> bytes:
    file = BytesIO()
    # The user's own settings of matplotlib neither show nor change.
    with matplotlib.style.context("default"), warnings.catch_warnings():
        # A box stands for a letter that the font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        draw().savefig(file, format="png", dpi=_DPI)
    return file.getvalue()
