"""A genotype as a picture: SVG and PNG, both from one layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from hnas_tf.genotype import PRIMITIVES, Genotype
from hnas_tf.reporting.curves import NODE_RADIUS, Point
from hnas_tf.reporting.layout import (
    GAP,
    Graph,
    Key,
    Layout,
    Panel,
    PlacedEdge,
    arrange,
)

# Chosen to differ for every kind of colour vision (simulated with Machado's
# matrices), and dark enough for small type on white.
_PRIMITIVES: Mapping[Key, str] = {
    "conv_1x1": "#1f4fb4",
    "depthwise_conv_3x3": "#a0288a",
    "separable_conv_3x3": "#128a48",
    "max_pool_3x3": "#bd3210",
    "avg_pool_3x3": "#54331a",
    "identity": "#707070",
}
_MOTIFS = (
    *("#3b2fc9", "#00806f", "#d42a6b", "#b35900"),
    *("#004880", "#524714", "#b726a0", "#2b333b"),
)
_INK, _QUIET, _FAINT, _FRAME = "#2b2b2b", "#6e6e6e", "#a0a0a0", "#dcdcdc"
_SOLID, _DASHED = "solid", (0, (3, 2))

_SMALL, _MEDIUM, _LARGE = 8.0, 8.5, 10.0  # Of type, in points.
_SAMPLE = 18.0  # A line that shows a colour.
_LINE = 18.0  # From line to line of the legend.
_LETTER = 5.0  # A generous mean width: to measure text takes a renderer.

_MAX_DPI = 160
_MAX_WIDTH, _MAX_HEIGHT = 2000, 4000  # Of a PNG, in pixels.
_STYLE = {
    "svg.fonttype": "none",  # Text stays text: small, and can be searched.
    "svg.hashsalt": "hnas_tf",  # Equal genotypes, equal bytes.
}
_METADATA = {"svg": {"Date": None}, "png": {"Software": None}}


def draw(genotype: Genotype) -> "Drawing":
    """Returns a picture of the cell and of all motifs that it uses.

    >>> from hnas_tf import load_genotype
    >>> draw(load_genotype("liu2018")).svg().startswith("<?xml")
    True
    """
    return Drawing(arrange(genotype))


@dataclass(frozen=True)
class Drawing:
    """A picture of a genotype; notebooks show it by themselves."""

    layout: Layout

    def svg(self) -> str:
        """Returns the picture as an SVG document."""
        return _render(self.layout, "svg").decode("utf-8")

    def png(self) -> bytes:
        """Returns the picture as a PNG, at most 2000 pixels wide."""
        return _render(self.layout, "png")

    def _repr_svg_(self) -> str:
        return self.svg()


def _render(layout: Layout, kind: str) -> bytes:
    file = BytesIO()
    # The user's own settings of matplotlib neither show nor change.
    with matplotlib.style.context(["default", _STYLE]):
        figure = _figure(layout)
        width, height = figure.get_size_inches()
        dpi = min(_MAX_DPI, _MAX_WIDTH / width, _MAX_HEIGHT / height)
        figure.savefig(file, format=kind, dpi=dpi, metadata=_METADATA[kind])
    return file.getvalue()


def _figure(layout: Layout) -> Figure:
    """Returns the figure, a point of the layout being a point on paper."""
    figure = Figure()
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    colours = _colours(layout)
    for index, panel in enumerate(layout.panels):
        _draw_panel(axes, panel, colours, is_cell=index == 0)
    bottom = _draw_legend(axes, layout, colours)
    if caption := _caption(layout):
        _write(axes, (GAP, bottom + GAP / 2), caption, _MEDIUM, _QUIET)
        bottom += _LINE
    width, height = layout.size[0], bottom + GAP / 2
    axes.set(xlim=(0, width), ylim=(height, 0))
    figure.set_size_inches(width / 72, height / 72)
    return figure


def _colours(layout: Layout) -> Mapping[Key, str]:
    """Returns a colour for all that edges carry; motifs may share them."""
    motifs: list[Key] = [panel.graph.key for panel in layout.panels[1:]]
    shared = _MOTIFS * (len(motifs) // len(_MOTIFS) + 1)
    return {**_PRIMITIVES, **dict(zip(motifs, shared, strict=False))}


def _caption(layout: Layout) -> str:
    unused = layout.num_unused
    edges = (edge for panel in layout.panels for edge in panel.graph.edges)
    sentences = {
        "1 unused motif is not shown.": unused == 1,
        f"{unused} unused motifs are not shown.": unused > 1,
        "Dashed: in the genotype, but not built.": any(
            not edge.live for edge in edges
        ),
    }
    return " ".join(text for text, holds in sentences.items() if holds)


def _draw_legend(
    axes: Axes, layout: Layout, colours: Mapping[Key, str]
) -> float:
    """Draws the primitives' full names and returns where the legend ends."""
    edges = (edge for panel in layout.panels for edge in panel.graph.edges)
    live = {edge.key for edge in edges if edge.live}
    x, y = GAP, layout.size[1] + GAP / 2
    for name in (name for name in PRIMITIVES if name in live):
        text = name.replace("_", " ")
        width = _SAMPLE + 6 + _LETTER * len(text)
        if x + width > layout.size[0]:
            x, y = GAP, y + _LINE
        _draw_sample(axes, (x, y), name, colours)
        _write(axes, (x + _SAMPLE + 6, y), text, _MEDIUM, _INK)
        x += width + GAP
    return y - GAP / 2 + _LINE * bool(live)


def _draw_panel(
    axes: Axes, panel: Panel, colours: Mapping[Key, str], *, is_cell: bool
) -> None:
    frame = FancyBboxPatch(
        panel.corner,
        *panel.size,
        boxstyle="round,pad=0,rounding_size=5",
        facecolor="none",
        edgecolor=_FRAME,
        linewidth=0.8,
    )
    axes.add_patch(frame)
    x, y = panel.corner[0] + 12, panel.corner[1] + 16
    title = _title(panel.graph, is_cell=is_cell)
    if not is_cell:
        _draw_sample(axes, (x, y), panel.graph.key, colours)
        x += _SAMPLE + 6
    _write(axes, (x, y), title, _LARGE, _INK, weight="bold")
    for edge in panel.graph.edges:
        _draw_edge(axes, edge, panel.origin, colours)
    _draw_nodes(axes, panel.graph, panel.origin)


def _title(graph: Graph, *, is_cell: bool) -> str:
    level, number = graph.key
    if not is_cell:
        return f"motif {number} (level {level})"
    built = any(edge.live for edge in graph.edges)
    return "cell" if built else "cell (carries nothing, is not built)"


def _draw_edge(
    axes: Axes, edge: PlacedEdge, origin: Point, colours: Mapping[Key, str]
) -> None:
    colour = colours[edge.key] if edge.live else _FAINT
    codes = [Path.MOVETO] + [Path.CURVE4] * (len(edge.curve) - 1)
    arrow = FancyArrowPatch(
        path=Path([_shift(point, origin) for point in edge.curve], codes),
        arrowstyle="-|>,head_length=5,head_width=1.6",
        mutation_scale=1,
        shrinkA=0,
        shrinkB=0,
        color=colour,
        linewidth=_line_width(edge.key) if edge.live else 0.9,
        linestyle=_SOLID if edge.live else _DASHED,
        zorder=3 if edge.live else 2,
    )
    axes.add_patch(arrow)
    center = _shift(edge.label_center, origin)
    paper = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none"}
    _write(axes, center, edge.label, _SMALL, colour, ha="center", bbox=paper)


def _draw_nodes(axes: Axes, graph: Graph, origin: Point) -> None:
    for node in graph.nodes:
        center = _shift(node.center, origin)
        ink = _INK if node.live else _FAINT
        circle = Circle(
            center,
            NODE_RADIUS,
            facecolor="white",
            edgecolor=ink,
            linestyle=_SOLID if node.live else _DASHED,
            zorder=5,
        )
        axes.add_patch(circle)
        _write(axes, center, str(node.number), _MEDIUM, ink, ha="center")
    beside = NODE_RADIUS + 5
    x, y = origin
    _write(axes, (x - beside, y), "source", _SMALL, _QUIET, ha="right")
    _write(axes, (x + graph.length + beside, y), "sink", _SMALL, _QUIET)


def _draw_sample(
    axes: Axes, start: Point, key: Key, colours: Mapping[Key, str]
) -> None:
    x, y = start
    line = ((x, x + _SAMPLE), (y, y))
    axes.plot(*line, color=colours[key], linewidth=_line_width(key))


def _line_width(key: Key) -> float:
    return 1.3 if isinstance(key, str) else 2.0


def _shift(point: Point, origin: Point) -> Point:
    return point[0] + origin[0], point[1] + origin[1]


def _write(
    axes: Axes, place: Point, text: str, size: float, colour: str, **style: Any
) -> None:
    """Writes a line of text that begins, or is centered, at a place."""
    style = {"va": "center_baseline", "zorder": 6, **style}
    axes.text(*place, text, size=size, color=colour, **style)
