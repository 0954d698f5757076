"""How long a step lasts: at the least, and as its compiler expects.

A device cannot compute faster than its matrix units do at best, nor faster
than its memory gives and takes what the compiled program moves. The larger of
both times is a lower bound; a real step takes longer. The compiler, which
chooses by it, expects a number of cycles of its operations.
"""

from dataclasses import dataclass

from hnas_tf.tpu.generations import Generation
from hnas_tf.tpu.verdict import Compiled

ARITHMETIC, MEMORY = "arithmetic", "memory"
_BYTES_PER_NUMBER = 4


@dataclass(frozen=True)
class Bound:
    """The least time of a step.

    Attributes:
        seconds: Of the whole step.
        limited_by: `arithmetic` or `memory`, whichever takes longer.
        expected_seconds: By the compiler's own estimate, or the bound if that
            is more.
        exchange_seconds: What the chips need for each other's gradients; part
            of both.
    """

    seconds: float
    limited_by: str
    expected_seconds: float
    exchange_seconds: float = 0.0


def step_bound(
    program: Compiled,
    device: Generation,
    *,
    num_devices: int = 1,
    parameters: int = 0,
) -> Bound:
    """Returns the bound of a step that several devices take together.

    Args:
        program: What each of them runs.
        device: Of which generation they are.
        num_devices: How many.
        parameters: Trained numbers, whose gradients they add up.
    """
    arithmetic = program.flops / device.flops_per_second
    memory = program.bytes_moved / device.bytes_per_second
    exchange = exchange_seconds(device, num_devices, parameters)
    limited_by = ARITHMETIC if arithmetic > memory else MEMORY
    least = max(arithmetic, memory)
    expected = max(least, program.cycles / device.cycles_per_second)
    return Bound(least + exchange, limited_by, expected + exchange, exchange)


def exchange_seconds(
    device: Generation, num_devices: int, parameters: int
) -> float:
    """Returns how long chips at least take to add up a gradient.

    Each of n chips sends 2 (n - 1) / n of it, whatever the order.
    """
    num_chips = -(-num_devices // device.devices_per_chip)
    share = 2 * (num_chips - 1) / num_chips
    sent = share * parameters * _BYTES_PER_NUMBER
    return sent / device.link_bytes_per_second
