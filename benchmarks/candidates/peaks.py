"""What the machine can do at most: a process that times it.

    python -m benchmarks.candidates.peaks

Reads a job as `child` does, of which it needs the cores and the seconds.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.candidates.channel import Channel

_SIZE = 2048
_COPIED_BYTES = 2**27


def main() -> None:
    channel = Channel()
    seconds = channel.job["workload"]["min_evaluation_seconds"]
    found = {}
    for name, amount, work in (
        ("flops", 2 * _SIZE**3, _product()),
        # Read and written.
        ("bytes", 2 * _COPIED_BYTES, _copy(len(channel.job["cores"]))),
    ):
        work()
        channel.wait()
        found[f"{name}_per_second"] = amount * _rate(work, seconds)
    channel.send(found)


def _rate(work: Callable[[], Any], seconds: float) -> float:
    """Returns how often a second it is done."""
    times, start = 0, time.perf_counter()
    while not times or time.perf_counter() - start < seconds:
        work()
        times += 1
    return times / (time.perf_counter() - start)


def _product() -> Callable[[], Any]:
    """Returns a matrix product, by the library that convolves for us."""
    import tensorflow as tf  # It counts the cores that the channel chose.

    factor = tf.random.uniform([_SIZE, _SIZE])
    return lambda: tf.matmul(factor, factor)


def _copy(num_threads: int) -> Callable[[], None]:
    """Returns a copy in which every thread has a part of its own."""
    source = np.ones((num_threads, _COPIED_BYTES // num_threads), np.uint8)
    target = np.zeros_like(source)

    def copy() -> None:
        threads = [
            threading.Thread(target=np.copyto, args=pair)
            for pair in zip(target, source, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return copy


if __name__ == "__main__":
    main()
