"""The generations of Cloud TPUs, and what one device of each can do.

A device is what a replica runs on: a chip, or of the first two generations a
core, of which a chip has two. Memory is what the compiler (libtpu 0.0.52) says
that there is for a program too large for it: a little less than is built in.
Bandwidth and peak are of Google's documentation
(https://cloud.google.com/tpu/docs/v2 to .../v6e, read in November 2026), shared
out evenly between the cores of a chip; what connects chips is, for v2 to v4, of
Jouppi et al., "A Domain Specific Supercomputer for Training Deep Neural
Networks" (2020) and "TPU v4" (2023): links times their rate.
"""

from dataclasses import dataclass

from hnas_tf.errors import require


@dataclass(frozen=True)
class Generation:
    """One generation.

    Attributes:
        topology: The smallest slice, in the compiler's words.
        chip_config: How its cores are used, in the compiler's words: by
            default each alone, or two as one.
        devices_per_chip: How many replicas a chip runs.
        memory_bytes: Of a device, for programs and what they work on.
        bytes_per_second: Between a device and its memory.
        flops_per_second: Of a device's matrix products in bfloat16, at most.
        cycles_per_second: Of the clock in which the compiler counts: the peak
            shared out among its matrix units, of which each multiplies and
            adds once a cycle and cell. For v6e, whose units are counted in
            several ways, it is the clock at which the compiler's least cost of
            an operation, 2120 cycles, lasts as long as that of v5e (1825) and
            v5p (2125): 1.21 microseconds.
        link_bytes_per_second: What a chip can send to others, over all links.
    """

    topology: str
    chip_config: str
    devices_per_chip: int
    memory_bytes: int
    bytes_per_second: float
    flops_per_second: float
    cycles_per_second: float
    link_bytes_per_second: float


def _gib(number: float) -> int:
    return round(number * 2**30)


_EACH, _AS_ONE = "default", "megacore"
GENERATIONS = {
    "v2": Generation(
        "v2:2x2", _EACH, 2, _gib(7.48), 350e9, 23e12, 0.70e9, 248e9
    ),
    "v3": Generation(
        "v3:2x2", _EACH, 2, _gib(15.48), 450e9, 61.5e12, 0.94e9, 328e9
    ),
    "v4": Generation(
        "v4:2x2x1", _AS_ONE, 1, _gib(30.75), 1200e9, 275e12, 1.05e9, 300e9
    ),
    "v5e": Generation(
        "v5e:2x2", _EACH, 1, _gib(15.75), 819e9, 197e12, 1.50e9, 200e9
    ),
    "v5p": Generation(
        "v5p:2x2x1", _AS_ONE, 1, _gib(95.73), 2765e9, 459e12, 1.75e9, 600e9
    ),
    "v6e": Generation(
        "v6e:2x2", _EACH, 1, _gib(31.24), 1640e9, 918e12, 1.75e9, 400e9
    ),
}
"""By what `--tpu_type` calls them."""


def generation(name: str) -> Generation:
    """Returns the generation of a name.

    Raises:
        InvalidError: if there is none; lists those that there are.
    """
    known = ", ".join(GENERATIONS)
    require(name in GENERATIONS, "tpu_type", f"be one of {known}", name)
    return GENERATIONS[name]
