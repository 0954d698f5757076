"""Where the time of our step goes, operation by operation.

    python -m benchmarks.gpu.trace --genotype=hierarchical_1

Its operations are started one by one, as nothing else lets a profiler see them:
the step takes longer than `measure` says.
"""

import argparse
import json
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.gpu.setting import OURS

_ONE_BY_ONE = "--xla_gpu_enable_command_buffer="
_WARM_UP, _NUM_STEPS = 5, 10
_ORIGIN = re.compile(r'^ *(?:ROOT )?%(\S+) = .*op_name="([^"]*)"', re.M)
# The first that the name of a layer contains.
_LAYERS = (
    "batch_norm",
    "depthwise",
    "max_pool",
    "avg_pool",
    "pointwise",
    "conv_1x1",
    "stem",
    "head",
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu.trace")
    parser.add_argument("--steps", type=Path, default=Path("runs/gpu"))
    parser.add_argument("--genotype", default="hierarchical_1")
    parser.add_argument("--precision", default="bfloat16")
    parser.add_argument(
        "--out", type=Path, default=Path("benchmarks/results/gpu.trace.json")
    )
    options = parser.parse_args(arguments)
    os.environ["XLA_FLAGS"] = (
        f"{os.environ.get('XLA_FLAGS', '')} {_ONE_BY_ONE}".strip()
    )
    from benchmarks.gpu import xla
    from benchmarks.gpu.exported import read

    exported = read(options.steps, options.genotype, options.precision)
    device = xla.device()
    candidate = xla.Candidate(exported, device)
    with tempfile.TemporaryDirectory() as folder:
        operations = traced(candidate, folder)
    (module,) = candidate.training.loaded.hlo_modules()
    found = {
        "contender": OURS,
        "genotype": options.genotype,
        "precision": options.precision,
        "device": device.device_kind,
        "layers": by_layer(operations, module.to_string()),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(found, indent=1) + "\n")


def by_layer(
    operations: Sequence[dict[str, Any]], program: str
) -> list[dict[str, Any]]:
    """Returns the milliseconds of a step by kind of layer, the longest first.

    Args:
        operations: Of `traced`.
        program: As XLA compiled it; it says which layer made an operation.
    """
    origins = dict(_ORIGIN.findall(program))
    totals: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in operations:
        origin = origins.get(one["operation"], "")
        layer = next((name for name in _LAYERS if name in origin), "other")
        direction = "gradient" if "gradient" in origin else "forwards"
        total = totals[layer, direction]
        total[0] += one["milliseconds"]
        total[1] += one["calls"]
    found = [
        {
            "layer": layer,
            "direction": direction,
            "milliseconds": milliseconds,
            "calls": calls,
        }
        for (layer, direction), (milliseconds, calls) in totals.items()
    ]
    return sorted(found, key=lambda one: -one["milliseconds"])


def traced(candidate: Any, folder: str) -> list[dict[str, Any]]:
    """Returns the milliseconds of a step by operation, the longest first."""
    import jax

    candidate.train(iter([_WARM_UP]))
    with jax.profiler.trace(folder):
        candidate.train(iter([_NUM_STEPS]))
    (path,) = Path(folder).rglob("*.xplane.pb")
    totals: dict[tuple[str, str], list[float]] = defaultdict(list)
    for name, operation, nanoseconds in _events(str(path)):
        totals[name, operation].append(nanoseconds)
    made = [
        {
            "kernel": name,
            "operation": operation,
            "milliseconds": sum(found) / 1e6 / _NUM_STEPS,
            "calls": len(found) / _NUM_STEPS,
        }
        for (name, operation), found in totals.items()
    ]
    return sorted(made, key=lambda one: -one["milliseconds"])


def _events(path: str) -> Iterator[tuple[str, str, float]]:
    """Yields kernels: name, the operation of the program, nanoseconds."""
    from jax.profiler import ProfileData

    for plane in ProfileData.from_file(path).planes:
        on_device = plane.name.startswith("/device:")
        for line in plane.lines:
            if on_device and not line.name.startswith("Stream"):
                continue  # The same again, summed up by module or operation.
            for event in line.events:
                stats = dict(event.stats)
                if on_device or "hlo_op" in stats:
                    operation = str(stats.get("hlo_op", ""))
                    yield event.name, operation, event.duration_ns


if __name__ == "__main__":
    main()
