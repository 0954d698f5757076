"""Objects out of JSON have the types that they declare."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest

from hnas_tf import typed
from hnas_tf.errors import InvalidError


@dataclass(frozen=True)
class Sample:
    whole: int = 0
    number: float = 0.0
    yes: bool = False
    name: str | None = None
    pairs: tuple[tuple[int, float], ...] = ()
    size: tuple[int, int] = (1, 1)
    counts: dict[str, int] | None = None
    facts: Any = None


class Pair(NamedTuple):
    left: int
    right: str | int | None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("whole", -3, -3),
        ("whole", 10**400, 10**400),
        ("number", 1, 1),
        ("number", float("inf"), float("inf")),
        ("yes", True, True),
        ("name", None, None),
        ("name", "x", "x"),
        ("pairs", [[1, 2.5], [2, 3]], ((1, 2.5), (2, 3))),
        ("pairs", [], ()),
        ("size", [3, 4], (3, 4)),
        ("counts", {"a": 1}, {"a": 1}),
        ("facts", [1, {"a": [2]}], [1, {"a": [2]}]),
    ],
)
def test_what_has_its_type_is_taken(name, value, expected):
    assert getattr(typed.make(Sample, {name: value}), name) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("whole", True),
        ("whole", 1.0),
        ("whole", "1"),
        ("number", True),
        ("number", 10**400),
        ("number", None),
        ("yes", 1),
        ("name", 3),
        ("pairs", [[1, 2.5, 3]]),
        ("pairs", [["1", 2.5]]),
        ("pairs", "ab"),
        ("pairs", {"1": 2}),
        ("size", [3]),
        ("counts", {"a": "1"}),
        ("counts", [1]),
    ],
)
def test_what_has_another_is_refused_by_name(name, value):
    with pytest.raises(InvalidError, match=f"`{name}` must be of type "):
        typed.make(Sample, {name: value})


def test_named_tuples_are_made_too():
    assert typed.make(Pair, {"left": 1, "right": None}) == Pair(1, None)
    with pytest.raises(InvalidError, match="`right` must be of type"):
        typed.make(Pair, {"left": 1, "right": 2.5})


@pytest.mark.parametrize("values", [{"unknown": 1}, None, [1], 3, "whole"])
def test_what_is_no_such_object_is_a_type_error(values):
    with pytest.raises(TypeError):
        typed.make(Sample, values)


def test_what_is_missing_is_a_type_error():
    with pytest.raises(TypeError, match="right"):
        typed.make(Pair, {"left": 1})
