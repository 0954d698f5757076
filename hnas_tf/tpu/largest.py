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
        number: How many, each of another operation of TensorFlow.
    """
    names = dict(_NAMED.findall(program))
    first = dict(_FUSED.findall(program))
    sizes: dict[str, tuple[int, str]] = {}
    for shape, kind, bits, location in _RESULT.findall(program):
        name = names.get(first.get(location, location), "")
        num_bytes = prod(map(int, shape[:-1].split("x"))) * int(bits) // 8
        sizes[name] = max(
            sizes.get(name, (0, "")), (num_bytes, f"{shape}{kind}{bits}")
        )
    found = sorted(sizes.items(), key=lambda item: item[1][0], reverse=True)
    return [
        f"{num_bytes / 2**20:,.1f} MiB, {shape}: {name}"
        for name, (num_bytes, shape) in found[:number]
    ]
