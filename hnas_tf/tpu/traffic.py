"""What a compiled program moves, and how long its compiler thinks it takes.

XLA's own count of bytes does not say in which memory they lie, and most values
of a step never leave the chip. The text of the scheduled program says it: a
layout with `S(1)` is on the chip, one without `S` in the device's memory.
"""

import re
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

_BITS = re.compile(r"\d+$")
_SHAPE = re.compile(r"\b([a-z]+\d*)\[([\d,]*)\](\{[^}]*\})?")
_INSTRUCTION = re.compile(r"^\s*(?:ROOT )?%([\w.\-]+) = (.*)$")
_OPERATION = re.compile(r"(?<=[)}\] ])([a-z][\w\-]*)\(")
_CYCLES = re.compile(r'"estimated_cycles":"(\d+)"')
_CALLED = re.compile(r"calls=%([\w.\-]+)")
_STARTS = ("copy-start", "slice-start")
# These give names to what is there, or are counted where they start.
_MOVE_NOTHING = (
    *("parameter", "constant", "tuple", "get-tuple-element", "bitcast"),
    *("copy-done", "slice-done", "custom-call", "after-all", "opt-barrier"),
)


class Traffic(NamedTuple):
    """Of one call of a program.

    Attributes:
        bytes_moved: Between the chip and the device's memory, at the least:
            without what tiles are padded with.
        cycles: Of the device's clock that the compiler expects its
            operations to take; of some it has no estimate.
    """

    bytes_moved: float
    cycles: float


class _Value(NamedTuple):
    num_bytes: float
    is_outside: bool  # Of the chip.


class _Instruction(NamedTuple):
    name: str
    operation: str
    values: list[_Value]
    operands: list[str]
    line: str


def traffic_of(program: str) -> Traffic:
    """Returns what a program moves.

    Args:
        program: Scheduled, as XLA prints it.
    """
    start = program.index("\nENTRY ")
    entry = program[start : program.index("\n}", start)]
    computations = program[:start]
    known: dict[str, list[_Value]] = {}
    moved = 0.0
    for one in _instructions(entry):
        known[one.name] = one.values
        moved += _moved_by(one, known, computations)
    return Traffic(moved, float(sum(map(int, _CYCLES.findall(entry)))))


def _moved_by(
    one: _Instruction, known: dict[str, list[_Value]], computations: str
) -> float:
    if one.operation in _MOVE_NOTHING:
        return 0.0
    if one.operation in _STARTS:
        source, target = _ends(one)
        return target.num_bytes * (source.is_outside + target.is_outside)
    written = sum(v.num_bytes for v in one.values if v.is_outside)
    read = [
        value.num_bytes
        for name in one.operands
        for value in known.get(name, [])
        if value.is_outside
    ]
    if _reads_in_places(one, computations):
        whole = sum(value.num_bytes for value in one.values)
        read = [min(num_bytes, whole) for num_bytes in read]
    return written + sum(read)


def _ends(one: _Instruction) -> tuple[_Value, _Value]:
    """Returns what is copied, and the copy."""
    first, second = one.values[:2]
    # The type of one names the target first, that of the other the source.
    if one.operation == "copy-start":
        return second, first
    return first, second


def _reads_in_places(one: _Instruction, computations: str) -> bool:
    """Returns whether it may need but a small part of what it reads."""
    words = one.line
    if called := _CALLED.search(one.line):
        start = computations.index(f"\n%{called.group(1)} ")
        words = computations[start : computations.index("\n}", start)]
    return " gather(" in words or " dynamic-slice(" in words


def _instructions(entry: str) -> Iterator[_Instruction]:
    for line in entry.splitlines():
        found = _INSTRUCTION.match(line)
        if found is None:
            continue
        name, rest = found.groups()
        called = _OPERATION.search(rest)
        if called is None:
            continue
        operands = rest[called.end() :].partition(")")[0]
        yield _Instruction(
            name,
            called.group(1),
            _values(rest[: called.start()]),
            re.findall(r"%([\w.\-]+)", operands),
            line,
        )


def _values(words: str) -> list[_Value]:
    """Returns the arrays that a type names."""
    return [
        _Value(_num_bytes(kind, sizes), "S(" not in layout)
        for kind, sizes, layout in _SHAPE.findall(words)
    ]


def _num_bytes(kind: str, sizes: str) -> float:
    bits = _BITS.search(kind)
    num_bytes = int(bits.group()) / 8 if bits else 1.0
    return num_bytes * prod(int(size) for size in sizes.split(",") if size)
