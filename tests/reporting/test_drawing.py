"""Pictures: what they show, that they can be read, and that they repeat."""

import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import combinations
from math import dist
from random import Random
from typing import Any

import matplotlib
import pytest

from hnas_tf.evolution.initialization import random_genotype
from hnas_tf.genotype import (
    FLAT,
    HIERARCHICAL,
    PRIMITIVES,
    Genotype,
    LevelSize,
    Motif,
    SearchSpace,
    genotype_from_json,
    live_edges,
    load_genotype,
)
from hnas_tf.reporting.drawing import draw
from hnas_tf.reporting.layout import NODE_RADIUS, Curve, Point, arrange

FOUR_LEVELS = SearchSpace((LevelSize(4, 4), LevelSize(3, 4), LevelSize(1, 5)))
SPACES = {"hierarchical": HIERARCHICAL, "flat": FLAT, "four": FOUR_LEVELS}
GENOTYPES = {
    f"{name}_{seed}": random_genotype(space, Random(seed))
    for name, space in SPACES.items()
    for seed in range(3)
} | {
    "liu2018": load_genotype("liu2018"),
    "sparse": random_genotype(FLAT, Random(7), num_mutations=25),
}
LABEL_SIZE = (38, 11)  # Of the longest label, in points.
DEAD = Genotype(((Motif((("conv_1x1",), (None, None))),),))

every_genotype = pytest.mark.parametrize(
    "genotype", GENOTYPES.values(), ids=GENOTYPES
)


def texts(svg: str) -> Counter[str]:
    """Returns how often each text stands in a picture."""
    nodes = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return Counter("".join(node.itertext()) for node in nodes)


def points_of(curve: Curve) -> list[Point]:
    """Returns points along a chain of cubic curves."""
    points = []
    for start in range(0, len(curve) - 1, 3):
        piece = curve[start : start + 4]
        for t in (step / 20 for step in range(21)):
            s = 1 - t
            weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
            pairs = list(zip(weights, piece, strict=True))
            x = sum(weight * point[0] for weight, point in pairs)
            y = sum(weight * point[1] for weight, point in pairs)
            points.append((x, y))
    return points


@every_genotype
def test_every_edge_of_a_drawn_motif_is_there_and_live_ones_are_marked(
    genotype: Genotype,
) -> None:
    for panel in arrange(genotype).panels:
        level, number = panel.graph.key
        motif = genotype.level(level)[number - 1]
        drawn = panel.graph.edges
        assert {e.edge for e in drawn} == set(motif.edges())
        live = live_edges(genotype)[level - 2][number - 1]
        assert {e.edge for e in drawn if e.live} == set(live)


@every_genotype
def test_every_edge_has_its_label_in_the_svg(genotype: Genotype) -> None:
    drawing = draw(genotype)
    labels = Counter(
        edge.label
        for panel in drawing.layout.panels
        for edge in panel.graph.edges
    )
    assert labels <= texts(drawing.svg())


@every_genotype
def test_labels_never_overlap(genotype: Genotype) -> None:
    for panel in arrange(genotype).panels:
        centers = [edge.label_center for edge in panel.graph.edges]
        for (x1, y1), (x2, y2) in combinations(centers, 2):
            width, height = LABEL_SIZE
            assert abs(x1 - x2) >= width or abs(y1 - y2) >= height


@every_genotype
def test_edges_touch_no_node_but_their_own(genotype: Genotype) -> None:
    for panel in arrange(genotype).panels:
        for edge in panel.graph.edges:
            for node in panel.graph.nodes:
                gap = min(dist(p, node.center) for p in points_of(edge.curve))
                if node.number in edge.edge[:2]:
                    assert gap == pytest.approx(NODE_RADIUS)
                else:
                    assert gap > 1.5 * NODE_RADIUS


def test_only_motifs_that_the_cell_uses_are_drawn() -> None:
    drawing = draw(load_genotype("liu2018"))
    keys = [panel.graph.key for panel in drawing.layout.panels]
    assert keys == [(3, 1), (2, 1), (2, 3), (2, 4), (2, 5)]
    words = texts(drawing.svg())
    assert words["motif 3 (level 2)"] == 1
    assert words["motif 2 (level 2)"] == 0
    assert words["2 unused motifs are not shown."] == 1


def test_motifs_named_by_dead_edges_alone_are_not_drawn() -> None:
    genotype = genotype_from_json(
        '{"version": 1, "motifs": [[[["conv_1x1"]], [["identity"]]],'
        "[[[1], [2, null], [null, 1, null]]]]}"
    )
    drawing = draw(genotype)
    assert [p.graph.key for p in drawing.layout.panels] == [(3, 1), (2, 1)]
    nodes = drawing.layout.panels[0].graph.nodes
    assert [node.live for node in nodes] == [True, True, False, True]
    (caption,) = (t for t in texts(drawing.svg()) if "Dashed" in t)
    assert caption.startswith("1 unused motif is not shown.")


def test_four_levels_are_drawn_from_the_cell_downwards() -> None:
    panels = arrange(GENOTYPES["four_0"]).panels
    levels = [panel.graph.key[0] for panel in panels]
    assert levels == sorted(levels, reverse=True)
    assert set(levels) == {4, 3, 2}
    tops = [panel.corner[1] for panel in panels]
    assert tops == sorted(tops)


def test_a_cell_that_carries_nothing_is_drawn_and_says_so() -> None:
    words = texts(draw(DEAD).svg())
    assert words["cell (carries nothing, is not built)"] == 1
    assert words["conv 1x1"] == 1


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_primitive_has_a_colour_and_its_full_name_in_the_legend(
    name: str,
) -> None:
    svg = draw(Genotype(((Motif(((name,),)),),))).svg()
    assert texts(svg)[name.replace("_", " ")] >= 1


@pytest.mark.parametrize("name", ["liu2018", "flat_1", "four_0"])
def test_a_png_is_of_a_size_that_a_screen_shows(name: str) -> None:
    png = draw(GENOTYPES[name]).png()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png.endswith(b"IEND\xaeB`\x82")
    width, height = struct.unpack(">II", png[16:24])
    assert 800 <= width <= 2000
    assert 300 <= height <= 4000


def test_equal_genotypes_give_equal_bytes_whatever_the_settings() -> None:
    first, again = draw(load_genotype("liu2018")), draw(GENOTYPES["liu2018"])
    png, svg = first.png(), first.svg()
    changed: Any = {
        "font.size": 30,
        "svg.fonttype": "path",
        "axes.facecolor": "k",
    }
    with matplotlib.rc_context(changed):
        before = dict(matplotlib.rcParams)
        assert again.png() == png
        assert again.svg() == svg
        assert dict(matplotlib.rcParams) == before


def test_a_notebook_shows_the_svg() -> None:
    drawing = draw(GENOTYPES["liu2018"])
    assert drawing._repr_svg_() == drawing.svg()
    assert "<dc:date>" not in drawing.svg()


def test_drawing_imports_neither_tensorflow_nor_pyplot() -> None:
    program = (
        "import sys\n"
        "from hnas_tf import load_genotype\n"
        "from hnas_tf.reporting.drawing import draw\n"
        "draw(load_genotype('liu2018')).png()\n"
        "print({'tensorflow', 'matplotlib.pyplot'} & set(sys.modules))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "set()\n"
