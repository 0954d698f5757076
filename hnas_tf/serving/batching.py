"""How a server should put requests together, from latencies: pure Python."""

import math
from collections.abc import Mapping

ENOUGH = 0.9
"""Of the best throughput; larger batches only make everyone wait."""

_MAX_WAIT_SECONDS = 10.0


def batching_config(
    latencies: Mapping[int, float], *, num_cores: int, at_least: int = 1
) -> str:
    """Returns the server's batching parameters, in protobuf's text format.

    Args:
        latencies: Seconds of a request, by its batch size, of 1 at least.
        num_cores: Of the machine that serves.
        at_least: The batch size of the largest request that must be possible:
            a server refuses what is larger than its batches, and a version
            whose warm-up it refuses.
    """
    best = best_batch_size(latencies)
    size = max(best, at_least)
    seconds = latencies[best] * size / best
    queue = max(math.ceil(_MAX_WAIT_SECONDS / seconds), 1)
    timeout = round(latencies[1] / 2 * 1e6)
    lines = {
        f"max_batch_size {{ value: {size} }}": (
            f"The smallest with {ENOUGH:.0%} of the best throughput that the "
            "warm-up and serve_check allow."
        ),
        f"batch_timeout_micros {{ value: {timeout} }}": (
            "No request waits for others longer than half the time it takes."
        ),
        f"num_batch_threads {{ value: {num_cores} }}": "The cores.",
        f"max_enqueued_batches {{ value: {queue} }}": (
            f"Work for {_MAX_WAIT_SECONDS:g} seconds; more is refused."
        ),
    }
    return "".join(f"# {why}\n{line}\n" for line, why in lines.items())


def best_batch_size(latencies: Mapping[int, float]) -> int:
    """Returns the smallest batch size whose throughput is near the best."""
    throughputs = {size: size / seconds for size, seconds in latencies.items()}
    best = max(throughputs.values())
    return min(
        size for size, found in throughputs.items() if found >= ENOUGH * best
    )
