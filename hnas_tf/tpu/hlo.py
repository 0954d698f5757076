"""A compiled program as XLA prints it, taken apart."""

import re
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

_BITS = re.compile(r"\d+$")
_SHAPE = re.compile(r"\b([a-z]+\d*)\[([\d,]*)\](\{[^}]*\})?")
_NAME = re.compile(r"^(?:ENTRY )?%([\w.\-]+) ", re.MULTILINE)
_INSTRUCTION = re.compile(r"^\s*(ROOT )?%([\w.\-]+) = (.*)$")
_OPERATION = re.compile(r"(?<=[)}\] ])([a-z][\w\-]*)\(")
_OPERAND = re.compile(r"%([\w.\-]+)")
_CALLED = re.compile(r"calls=%([\w.\-]+)")
_CYCLES = re.compile(r'"estimated_cycles":"(\d+)"')


class Value(NamedTuple):
    """An array.

    Attributes:
        num_bytes: Of its numbers, without what tiles are padded with.
        is_outside: Whether it lies in the device's memory, not on the chip.
    """

    num_bytes: float
    is_outside: bool


class Instruction(NamedTuple):
    """What is done in a computation.

    Attributes:
        name: By which others call its result.
        operation: Such as `fusion`.
        values: The arrays of its result.
        operands: The names of what it takes.
        number: Of a parameter.
        called: The computation that a fusion is, or an empty string.
        cycles: That the compiler expects it to take, if it says so.
        is_root: Whether it is the result of its computation.
    """

    name: str
    operation: str
    values: tuple[Value, ...]
    operands: tuple[str, ...]
    number: int
    called: str
    cycles: int
    is_root: bool


Computation = dict[str, Instruction]
"""Instructions in order, by their names."""


def computations(program: str) -> tuple[Computation, dict[str, Computation]]:
    """Returns the computation that is run, and all by their names."""
    found, entry = {}, ""
    for words in program.split("\n}"):
        name = _NAME.search(words)
        if name is not None:
            found[name.group(1)] = {
                one.name: one for one in _instructions(words[name.end() :])
            }
            if name.group().startswith("ENTRY"):
                entry = name.group(1)
    return found[entry], found


def _instructions(words: str) -> Iterator[Instruction]:
    for line in words.splitlines():
        found = _INSTRUCTION.match(line)
        called = _OPERATION.search(found.group(3)) if found else None
        if found is None or called is None:
            continue
        root, name, rest = found.groups()
        operands = rest[called.end() :].partition(")")[0]
        number = operands if called.group(1) == "parameter" else "0"
        computation, cycles = _CALLED.search(rest), _CYCLES.search(rest)
        yield Instruction(
            name,
            called.group(1),
            tuple(_values(rest[: called.start()])),
            tuple(_OPERAND.findall(operands)),
            int(number),
            computation.group(1) if computation else "",
            int(cycles.group(1)) if cycles else 0,
            bool(root),
        )


def _values(words: str) -> Iterator[Value]:
    """Yields the arrays that a type names."""
    for kind, sizes, layout in _SHAPE.findall(words):
        bits = _BITS.search(kind)
        num_bytes = int(bits.group()) / 8 if bits else 1.0
        number = prod(int(size) for size in sizes.split(",") if size)
        yield Value(num_bytes * number, "S(" not in layout)
