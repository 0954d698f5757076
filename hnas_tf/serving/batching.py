"""How a server should put requests together, from latencies: pure Python."""

import math
from collections.abc import Mapping

ENOUGH = 0.9
"""Of the best throughput; larger batches only make everyone wait."""

_MAX_WAIT_SECONDS = 10.0


def batching_config(latencies: Mapping[int, float], *, num_cores: int) -> str:
    """Returns the server's batching parameters, in protobuf's text format.

    Args:
        latencies: Seconds of a request, by its batch size, of 1 at least.
        num_cores: Of the machine that serves.
    """
    size = best_batch_size(latencies)
    timeout = latencies[1] / 2
    queue = math.ceil(_MAX_WAIT_SECONDS / latencies[size])
    lines = {
        f"max_batch_size {{ value: {size} }}": (
            f"The smallest with {ENOUGH:.0%} of the best throughput."
        ),
        f"batch_timeout_micros {{ value: {round(timeout * 1e6)} }}": (
            "No request waits for others longer than half the time it takes."
        ),
        f"num_batch_threads {{ value: {num_cores} }}": "The cores.",
        f"max_enqueued_batches {{ value: {max(queue, 1)} }}": (
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
