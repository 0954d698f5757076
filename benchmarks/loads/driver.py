"""Runs one search under load, in a process of its own, and says what it took.

The loop, controller, archive and watchers are those of `hnas_tf.search`.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.loads.agenda import Clock, RealClock, SkippingClock
from benchmarks.loads.idle import idle_fraction
from benchmarks.loads.load import (
    DISK,
    LOCAL,
    MEMORY,
    MODEL,
    RAY,
    SIMULATED,
    Load,
)
from benchmarks.loads.meter import Meter
from benchmarks.loads.simulated import SimulatedEngine
from hnas_tf.archive import Archive, Outcome, open_search
from hnas_tf.config import SearchConfig
from hnas_tf.config.document import config_to_document
from hnas_tf.engines import Device, Engine, LocalEngine, make_engine
from hnas_tf.errors import HnasError
from hnas_tf.evolve import Every, Watcher, evolve
from hnas_tf.reporting import BestFiles, ProgressBar, TensorBoard

# Git ignores the second, should a search be killed.
_ROOTS = {MEMORY: Path("/dev/shm"), DISK: Path("runs")}
MEAN_ANSWER_SECONDS = 0.1
HOUR = 3600.0
Found = dict[str, Any]


def run(document: dict[str, Any]) -> Found:
    """Runs the search of a load, given as JSON values; an errand.

    Raises:
        HnasError: if some of it fails.
    """
    load = Load(**document)
    config = load.config()
    clock = SkippingClock() if load.engine == MODEL else RealClock()
    engine = _ENGINES[load.engine](config, clock)
    meter = Meter(engine, clock, first=load.first, last=load.last)
    root = _ROOTS[load.archive]
    root.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix="load-") as folder:
        watchers: list[Watcher] = [
            meter,
            BestFiles(Path(folder)),
            Every(5.0, TensorBoard(Path(folder))),
            ProgressBar(config.evolution.num_evaluations),
        ]
        with open_search(folder, config) as archive:
            outcome = evolve(
                config, archive=archive, engine=engine, watchers=watchers
            )
            _check(outcome, load, meter)
            return {
                "marks": [mark._asdict() for mark in meter.marks],
                "finished": outcome.num_finished,
                **_of_engine(engine, archive),
            }


def _check(outcome: Outcome, load: Load, meter: Meter) -> None:
    """Checks that something was measured, and that it is what was wanted.

    Raises:
        HnasError: if it is not.
    """
    wanted = load.config().evolution.num_evaluations
    if outcome.num_finished != wanted or len(meter.marks) != 2:
        raise HnasError(
            f"Expected {wanted} individuals that finish, and all workers ready "
            f"before the last of them. Received: {outcome.num_finished} that "
            f"did, and {len(meter.marks)} of 2 marks"
        )


def _of_engine(engine: Engine, archive: Archive) -> Found:
    """Returns what is known of one kind of engines alone."""
    if isinstance(engine, SimulatedEngine):
        return {"waits": _quantiles(engine.waits)}
    if isinstance(engine, LocalEngine):
        return {"idle_fraction": idle_fraction(archive.events())}
    return {}


def _quantiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    shares = {"median": 0.5, "99 %": 0.99, "longest": 1.0}
    last = len(ordered) - 1
    return {name: ordered[int(q * last)] for name, q in shares.items()}


def _simulated(config: SearchConfig, clock: Clock) -> Engine:
    """Returns workers that offer more than what is asked of the driver."""
    return SimulatedEngine(
        config,
        joins=Random.random,
        trains=lambda rng: rng.expovariate(1 / MEAN_ANSWER_SECONDS),
        clock=clock,
    )


def _model(config: SearchConfig, clock: Clock) -> Engine:
    """Returns workers that evaluate for an hour, give or take a half.

    They join in the course of the first one.
    """
    mean = HOUR / config.training.num_repeats
    return SimulatedEngine(
        config,
        joins=lambda rng: rng.uniform(0, HOUR),
        trains=lambda rng: rng.uniform(0.5 * mean, 1.5 * mean),
        clock=clock,
    )


def _ray(config: SearchConfig, clock: Clock) -> Engine:
    del clock
    return make_engine(config)


def _local(config: SearchConfig, clock: Clock) -> Engine:
    """Returns as many children as are wanted, whatever devices there are."""
    return LocalEngine(
        config.evaluator,
        config_to_document(config),
        find_devices=lambda: (
            [Device("cpu", ())] * (config.workers.num_workers or 1)
        ),
        workers=config.workers,
        clock=clock,
    )


_ENGINES: dict[str, Callable[[SearchConfig, Clock], Engine]] = {
    SIMULATED: _simulated,
    MODEL: _model,
    RAY: _ray,
    LOCAL: _local,
}
