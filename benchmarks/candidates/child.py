"""A process that times one candidate of one contender.

    python -m benchmarks.candidates.child

Reads a line of JSON: `program` (`module:class`), `workload`, `candidate`
(`genotype` and `plan`), `warm_up` (another one, small), the `cores` to stay on,
and `weights`, a file or null. Prints `ready` and waits for a line wherever the
processes that are timed together begin together; at last prints what it found.
With `weights` it times nothing: it finds what the network says.
"""

import gc
import importlib
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.candidates.channel import Channel
from benchmarks.candidates.measuring import Program, measure
from benchmarks.candidates.pictures import compared_images
from benchmarks.candidates.workload import Workload


def main() -> None:
    channel = Channel()
    workload = Workload(**channel.job["workload"])
    module, name = channel.job["program"].split(":")
    program = getattr(importlib.import_module(module), name)(workload)
    run = _say if channel.job["weights"] else _time
    channel.send(run(program, channel, workload))


def _time(
    program: Program, channel: Channel, workload: Workload
) -> dict[str, float]:
    """Returns the times of a candidate, after a small one has been timed.

    What libraries load and set up when they are first used is in none of them.
    """
    short = replace(
        workload, min_steps=1, min_seconds=0.0, min_evaluation_seconds=0.0
    )
    measure(program, channel.job["warm_up"], short, wait=lambda: None)
    gc.collect()
    return measure(program, channel.job["candidate"], workload, channel.wait)


def _say(
    program: Program, channel: Channel, workload: Workload
) -> dict[str, Any]:
    """Returns the logits of a network with given weights, and its size."""
    candidate = program.build(channel.job["candidate"])
    with np.load(channel.job["weights"]) as weights:
        candidate.load(dict(weights))
    images = compared_images(workload)
    return {
        "parameters": candidate.num_parameters(),
        **{
            name: candidate.logits(images, training=training).tolist()
            for name, training in (("inference", False), ("training", True))
        },
    }


if __name__ == "__main__":
    main()
