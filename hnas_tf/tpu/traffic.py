"""What a compiled program moves, and how long its compiler thinks it takes.

XLA's own count of bytes does not say in which memory they lie, and most values
of a step never leave the chip. The text of the scheduled program says it: a
layout with `S(1)` is on the chip, one without `S` in the device's memory.
"""

from typing import NamedTuple

from hnas_tf.tpu.hlo import Computation, Instruction, Value, computations

_STARTS = ("copy-start", "slice-start")
# These give names to what is there, or are counted where they start. Of control
# flow, of which a step has none, is not known how often it is gone through.
_MOVE_NOTHING = (
    *("parameter", "constant", "tuple", "get-tuple-element", "bitcast"),
    *("copy-done", "slice-done", "custom-call", "after-all", "opt-barrier"),
    *("while", "conditional", "call"),
)
_READ_IN_PLACES = ("slice", "dynamic-slice", "gather")
_WRITES_IN_PLACES = "dynamic-update-slice"


class Traffic(NamedTuple):
    """Of one call of a program.

    Attributes:
        bytes_moved: Between the chip and the device's memory, at the least:
            without what tiles are padded with, and every operand once.
        cycles: Of the device's clock that the compiler expects its
            operations to take; of some it has no estimate.
    """

    bytes_moved: float
    cycles: float


def traffic_of(program: str) -> Traffic:
    """Returns what a program moves.

    Args:
        program: Scheduled, as XLA prints it.
    """
    entry, known = computations(program)
    moved = sum(_moved_by(one, entry, known) for one in entry.values())
    return Traffic(moved, float(sum(one.cycles for one in entry.values())))


def _moved_by(
    one: Instruction, entry: Computation, known: dict[str, Computation]
) -> float:
    """Returns the bytes that an instruction reads and writes outside."""
    if one.operation in _MOVE_NOTHING:
        return 0.0
    if one.operation in _STARTS:
        source, target = _ends(one)
        return target.num_bytes * (source.is_outside + target.is_outside)
    # What is no fusion is a computation of its own.
    alone = {one.name: one._replace(is_root=True)}
    body = known.get(one.called, alone)
    read = 0.0
    for number, name in enumerate(one.operands):
        whole = _size(entry[name].values) if name in entry else 0.0
        read += min(whole, _looked_at(number, name, whole, body, known))
    return read + _written(one, entry, body)


def _ends(one: Instruction) -> tuple[Value, Value]:
    """Returns what is copied, and the copy."""
    first, second = one.values[:2]
    # The type of one names the target first, that of the other the source.
    if one.operation == "copy-start":
        return second, first
    return first, second


def _looked_at(
    number: int,
    name: str,
    whole: float,
    body: Computation,
    known: dict[str, Computation],
) -> float:
    """Returns the bytes of an operand that a computation looks at."""
    inside = _parameter(number, body) or name
    looked_at = 0.0
    for user in body.values():
        for place, operand in enumerate(user.operands):
            if operand != inside:
                continue
            if user.operation in _READ_IN_PLACES:
                looked_at += sum(value.num_bytes for value in user.values)
            elif user.called in known:  # A fusion in a fusion.
                looked_at += _looked_at(
                    place, operand, whole, known[user.called], known
                )
            elif user.operation != _WRITES_IN_PLACES or place > 0:
                return whole
    return looked_at


def _parameter(number: int, body: Computation) -> str | None:
    """Returns what an operand is called inside of a fusion."""
    return next(
        (
            one.name
            for one in body.values()
            if one.operation == "parameter" and one.number == number
        ),
        None,
    )


def _written(one: Instruction, entry: Computation, body: Computation) -> float:
    """Returns the bytes outside that are written."""
    (root,) = (inner for inner in body.values() if inner.is_root)
    made = [root]
    if root.operation == "tuple":
        made = [body[name] for name in root.operands]
    if len(made) != len(one.values):  # Of what is no fusion.
        return _size(one.values)
    return sum(
        _updated(inner, body, entry, value.num_bytes)
        for inner, value in zip(made, one.values, strict=True)
        if value.is_outside
    )


def _updated(
    inner: Instruction, body: Computation, entry: Computation, whole: float
) -> float:
    """Returns what of a result is written: of one that is updated, a part."""
    if inner.operation != _WRITES_IN_PLACES:
        return whole
    name = inner.operands[1]
    update = body[name] if name in body else entry[name]
    return sum(value.num_bytes for value in update.values)


def _size(values: tuple[Value, ...]) -> float:
    return sum(value.num_bytes for value in values if value.is_outside)
