"""Where everything lies in the picture of a genotype, in points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from hnas_tf.genotype import Edge, Genotype, Motif, Operation, live_edges
from hnas_tf.reporting.curves import (
    NODE_RADIUS,
    Curve,
    Point,
    assign_lanes,
    curve_of,
    label_center,
    node_x,
)

Key = str | tuple[int, int]
"""What an edge carries: a primitive's name, or a motif's (level, number)."""

GAP = 14.0  # Between panels.

_BESIDE = 46.0  # Room for the words source and sink.
_TITLE = 36.0
_LEAST_WIDTH, _ROW_WIDTH = 420.0, 1050.0

_LABELS = {
    "depthwise_conv_3x3": "dw 3x3",
    "separable_conv_3x3": "sep 3x3",
    "max_pool_3x3": "max pool",
    "avg_pool_3x3": "avg pool",
}


@dataclass(frozen=True)
class PlacedNode:
    """A node, its center, and whether a live edge touches it."""

    number: int
    center: Point
    live: bool


@dataclass(frozen=True)
class PlacedEdge:
    """An edge with a label on it; `live` says whether it is built."""

    edge: Edge
    key: Key
    label: str
    live: bool
    curve: Curve
    label_center: Point


@dataclass(frozen=True)
class Graph:
    """A motif, drawn around the center of its first node."""

    key: tuple[int, int]
    nodes: tuple[PlacedNode, ...]
    edges: tuple[PlacedEdge, ...]

    @property
    def length(self) -> float:
        """From the first node to the last."""
        return self.nodes[-1].center[0]

    def reach(self, side: int) -> float:
        """Returns how far the motif reaches up (-1) or down (1)."""
        lanes = [side * edge.label_center[1] for edge in self.edges]
        return max([NODE_RADIUS, *lanes])


@dataclass(frozen=True)
class Panel:
    """A motif in its frame; the first node stands at `origin`."""

    graph: Graph
    origin: Point
    corner: Point
    size: Point


@dataclass(frozen=True)
class Layout:
    """The cell's panel, then those of the motifs below that it uses."""

    size: Point
    panels: tuple[Panel, ...]
    num_unused: int


def arrange(genotype: Genotype) -> Layout:
    """Returns where the cell and all motifs that it uses are drawn."""
    levels = [(_grid(graphs), graphs) for graphs in _used_graphs(genotype)]
    widths = [columns * least for (columns, least), _ in levels]
    width = max([_LEAST_WIDTH, *widths])
    panels: list[Panel] = []
    top = GAP
    for (columns, _), graphs in levels:
        for start in range(0, len(graphs), columns):
            row = graphs[start : start + columns]
            panels += _place_row(row, top, width / columns)
            top = panels[-1].corner[1] + panels[-1].size[1] + GAP
    num_unused = sum(map(len, genotype.motifs)) - len(panels)
    return Layout((width + GAP, top), tuple(panels), num_unused)


def _used_graphs(genotype: Genotype) -> Iterator[list[Graph]]:
    """Yields the used motifs of every level, from the cell downwards."""
    used: set[object] = {1}
    for level in range(genotype.num_levels, 1, -1):
        live = live_edges(genotype)[level - 2]
        graphs = [
            _graph((level, number), motif, frozenset(live[number - 1]))
            for number, motif in enumerate(genotype.level(level), start=1)
            if number in used
        ]
        if graphs:
            yield graphs
        used = {e.edge.operation for g in graphs for e in g.edges if e.live}


def _grid(graphs: Sequence[Graph]) -> tuple[int, float]:
    """Returns how many panels make a row, and the least width of one."""
    width = max(graph.length for graph in graphs) + 2 * _BESIDE + GAP
    num_rows = ceil(len(graphs) / max(1, _ROW_WIDTH // width))
    return ceil(len(graphs) / num_rows), width


def _place_row(
    graphs: Sequence[Graph], top: float, width: float
) -> Iterator[Panel]:
    """Yields the panels of a row; all their nodes stand on one line."""
    line = top + _TITLE + max(graph.reach(-1) for graph in graphs)
    bottom = line + max(graph.reach(1) for graph in graphs) + GAP
    for index, graph in enumerate(graphs):
        left = GAP + index * width
        origin = (left + (width - GAP - graph.length) / 2, line)
        yield Panel(graph, origin, (left, top), (width - GAP, bottom - top))


def _graph(key: tuple[int, int], motif: Motif, live: frozenset[Edge]) -> Graph:
    lanes = assign_lanes(motif)
    curves = {edge: curve_of(edge, lanes) for edge in lanes}
    touched = {node for edge in live for node in edge[:2]}
    numbers = range(1, motif.num_nodes + 1)
    return Graph(
        key,
        tuple(PlacedNode(n, (node_x(n), 0.0), n in touched) for n in numbers),
        tuple(
            PlacedEdge(
                edge,
                *_key_and_label(edge.operation, key[0]),
                edge in live,
                curve,
                label_center(edge, lanes, curves),
            )
            for edge, curve in curves.items()
        ),
    )


def _key_and_label(operation: Operation, level: int) -> tuple[Key, str]:
    if isinstance(operation, int):
        return (level - 1, operation), f"motif {operation}"
    name = str(operation)
    return name, _LABELS.get(name, name.replace("_", " "))
