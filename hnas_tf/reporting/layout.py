"""Where everything lies in the picture of a genotype, in points.

The nodes of a motif stand on one line, from source to sink. An edge to the
next node is straight; every other one rises to a lane above or below the
line, runs along it, and comes down again. Edges that share a stretch of the
line never share a lane, so their labels never meet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, copysign, sqrt

from hnas_tf.genotype import Edge, Genotype, Motif, Operation, live_edges

Point = tuple[float, float]  # Rightwards and downwards.
Curve = tuple[Point, ...]  # A start; two controls and an end a cubic piece.
Key = str | tuple[int, int]
"""What an edge carries: a primitive's name, or a motif's (level, number)."""

NODE_RADIUS = 10.0
GAP = 14.0  # Between panels.

_STEP = 80.0  # From node to node: room for a label and an arrowhead.
_FIRST_LANE = 31.0  # From the line of the nodes.
_LANE = 18.0  # From lane to lane.
_RISE = 45.0  # How far along the line an edge comes to its lane.
_FAN = 9.0  # The edges on one side of a node touch it within this width.
_HALF_LABEL = 22.0
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
    lanes = _lanes(motif)
    curves = {edge: _curve(edge, lanes) for edge in lanes}
    touched = {node for edge in live for node in edge[:2]}
    numbers = range(1, motif.num_nodes + 1)
    return Graph(
        key,
        tuple(PlacedNode(n, (_x(n), 0.0), n in touched) for n in numbers),
        tuple(
            PlacedEdge(
                edge,
                *_key_and_label(edge.operation, key[0]),
                edge in live,
                curve,
                _label_center(edge, lanes, curves),
            )
            for edge, curve in curves.items()
        ),
    )


def _key_and_label(operation: Operation, level: int) -> tuple[Key, str]:
    if isinstance(operation, int):
        return (level - 1, operation), f"motif {operation}"
    name = str(operation)
    return name, _LABELS.get(name, name.replace("_", " "))


def _lanes(motif: Motif) -> dict[Edge, int]:
    """Returns the lane of every edge, counted from the nodes' line, 0.

    Lanes below the nodes are negative. Short edges come first; each goes to
    the side where its lane is nearer to the nodes.
    """
    lanes: dict[Edge, int] = {}
    for edge in sorted(motif.edges(), key=lambda e: e.target - e.source):
        above, below = (_free_lane(edge, lanes, side) for side in (1, -1))
        lane = above if above <= below else -below
        lanes[edge] = lane if edge.target > edge.source + 1 else 0
    return lanes


def _free_lane(edge: Edge, lanes: Mapping[Edge, int], side: int) -> int:
    """Returns the first free lane of a side outside of all the edge spans."""
    beside = {
        other: its * side
        for other, its in lanes.items()
        if its * side > 0
        and edge.source < other.target
        and other.source < edge.target
    }
    spanned = [
        its
        for other, its in beside.items()
        if edge.source <= other.source and other.target <= edge.target
    ]
    lane = max(spanned, default=0) + 1
    while lane in beside.values():
        lane += 1
    return lane


def _x(node: int) -> float:
    return (node - 1) * _STEP


def _y(lane: int) -> float:
    return -copysign(_FIRST_LANE + _LANE * (abs(lane) - 1), lane) if lane else 0


def _curve(edge: Edge, lanes: Mapping[Edge, int]) -> Curve:
    """Returns a straight edge, or one that rises, runs, and comes down."""
    if lanes[edge] == 0:
        start = _x(edge.source) + NODE_RADIUS
        end = _x(edge.target) - NODE_RADIUS
        return (start, 0.0), (start + 9, 0.0), (end - 9, 0.0), (end, 0.0)
    rise, fall = _riser(edge, 0, lanes), _riser(edge, 1, lanes)
    return (*rise, rise[-1], fall[-1], *reversed(fall))


def _riser(edge: Edge, end: int, lanes: Mapping[Edge, int]) -> Curve:
    """Returns the piece from the source (0) or target (1) to the lane.

    At a node the edges fan out, the outer lanes nearest to its middle, so
    that edges of one node do not cross.
    """
    lane, way, node = lanes[edge], 1 - 2 * end, edge[:2][end]
    fan = sorted(
        -abs(its)
        for other, its in lanes.items()
        if other[end] == node and its * lane > 0
    )
    port = (fan.index(-abs(lane)) + 0.5) * min(_FAN / 2, _FAN / len(fan))
    start_y = -copysign(sqrt(NODE_RADIUS**2 - port**2), lane)
    x, y = _x(node), _y(lane)
    return (  # Nearly a quarter of an ellipse.
        (x + way * port, start_y),
        (x + way * port, start_y + 0.6 * (y - start_y)),
        (x + way * 0.45 * _RISE, y),
        (x + way * _RISE, y),
    )


def _label_center(
    edge: Edge, lanes: Mapping[Edge, int], curves: Mapping[Edge, Curve]
) -> Point:
    """Returns the middle of an edge, or a place nearby that none crosses."""
    lane, curve = lanes[edge], curves[edge]
    middle, y = (_x(edge.source) + _x(edge.target)) / 2, _y(lane)
    crossings = [
        _crossing(riser, y)
        for other, its in lanes.items()
        if its * lane > 0 and abs(its) > abs(lane)
        for riser in (curves[other][:4], curves[other][:-5:-1])
    ]
    room = int((curve[-4][0] - curve[3][0]) / 2 // 6) if lane else 0

    def hidden(shift: float) -> tuple[int, float]:
        near = [x for x in crossings if abs(middle + shift - x) < _HALF_LABEL]
        return len(near), abs(shift)

    shifts = [6.0 * n for n in range(-room, room + 1)]
    return middle + min(shifts, key=hidden), y


def _crossing(riser: Curve, y: float) -> float:
    """Returns where a riser, nearly a quarter of an ellipse, crosses a lane."""
    (left, bottom), (right, top) = riser[0], riser[-1]
    share = (y - bottom) / (top - bottom)
    return left + (right - left) * (1 - sqrt(1 - share**2))
