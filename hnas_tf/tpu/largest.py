"""What of a program takes most memory: its largest values, with their layers.

The compiler only says that a program does not fit.
"""

import re
from math import prod

_RESULT = re.compile(
    r"^ *%.*tensor<((?:\d+x)+)([a-z]+)(\d+)> loc\(#(loc\d+)\)$", re.MULTILINE
)
_NAMED = re.compile(r'^#(loc\d+) = loc\("([^"]*)"', re.MULTILINE)
_FUSED = re.compile(r"^#(loc\d+) = loc\(fused\[#(loc\d+)", re.MULTILINE)


def largest_values(program: str, number: int = 5) -> list[str]:
    """Returns the largest values that a program computes, a line each.

    Args:
        program: StableHLO with its locations, in MLIR's words.
        number: How many, each of another shape.
    """
    names = dict(_NAMED.findall(program))
    first = dict(_FUSED.findall(program))
    found: dict[str, tuple[int, dict[str, None]]] = {}
    for shape, kind, bits, location in _RESULT.findall(program):
        num_bytes = prod(map(int, shape[:-1].split("x"))) * int(bits) // 8
        name = names.get(first.get(location, location), "")
        _, of_shape = found.setdefault(f"{shape}{kind}{bits}", (num_bytes, {}))
        of_shape[name] = None
    largest = sorted(found.items(), key=lambda item: item[1][0], reverse=True)
    return [
        f"{num_bytes / 2**20:,.1f} MiB, {shape}: {_briefly(list(of_shape))}"
        for shape, (num_bytes, of_shape) in largest[:number]
    ]


def _briefly(names: list[str]) -> str:
    """Returns the first operation of TensorFlow that has such a value."""
    others = len(names) - 1
    return f"{names[0]} and {others} more" if others else names[0]
