"""The edges of a motif as curves, in points around its first node.

The nodes of a motif stand on one line, from source to sink. An edge to the
next node is straight; every other one rises to a lane above or below the
line, runs along it, and comes down again. Edges that share a stretch of the
line never share a lane, so their labels never meet.
"""

from collections.abc import Mapping
from math import copysign, sqrt

from hnas_tf.genotype import Edge, Motif

Point = tuple[float, float]  # Rightwards and downwards.
Curve = tuple[Point, ...]  # A start; two controls and an end a cubic piece.

NODE_RADIUS = 10.0

_STEP = 80.0  # From node to node: room for a label and an arrowhead.
_FIRST_LANE = 31.0  # From the line of the nodes.
_LANE = 18.0  # From lane to lane.
_RISE = 45.0  # How far along the line an edge comes to its lane.
_FAN = 9.0  # The edges on one side of a node touch it within this width.
_HALF_LABEL = 22.0


def assign_lanes(motif: Motif) -> dict[Edge, int]:
    """Returns the lane of every edge, counted from the nodes' line, 0.

    Lanes below the nodes are negative. Short edges come first; each goes to
    the side where its lane is nearer, or else crosses fewer of the others.
    """
    lanes: dict[Edge, int] = {}
    for edge in sorted(motif.edges(), key=lambda e: e.target - e.source):
        above, below = (_free_lane(edge, lanes, side) for side in (1, -1))
        lane = above[0] if above <= below else -below[0]
        lanes[edge] = lane if edge.target > edge.source + 1 else 0
    return lanes


def _free_lane(
    edge: Edge, lanes: Mapping[Edge, int], side: int
) -> tuple[int, int]:
    """Returns the lane next outside of all that it spans, and its crossings."""
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
    return lane, len(beside) - len(spanned)


def node_x(node: int) -> float:
    """Returns how far to the right of the first node another stands."""
    return (node - 1) * _STEP


def _y(lane: int) -> float:
    height = _FIRST_LANE + _LANE * (abs(lane) - 1)
    return -copysign(height, lane) if lane else 0.0


def curve_of(edge: Edge, lanes: Mapping[Edge, int]) -> Curve:
    """Returns a straight edge, or one that rises, runs, and comes down."""
    if lanes[edge] == 0:
        start = node_x(edge.source) + NODE_RADIUS
        end = node_x(edge.target) - NODE_RADIUS
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
    x, y = node_x(node), _y(lane)
    return (  # Nearly a quarter of an ellipse.
        (x + way * port, start_y),
        (x + way * port, start_y + 0.6 * (y - start_y)),
        (x + way * 0.45 * _RISE, y),
        (x + way * _RISE, y),
    )


def label_center(
    edge: Edge, lanes: Mapping[Edge, int], curves: Mapping[Edge, Curve]
) -> Point:
    """Returns the middle of an edge, or a place nearby that none crosses."""
    lane, curve = lanes[edge], curves[edge]
    middle, y = (node_x(edge.source) + node_x(edge.target)) / 2, _y(lane)
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
