"""An engine whose toy trainings have rungs and repeats."""

import contextlib

from hnas_tf.archive import open_search
from hnas_tf.config import (
    EvolutionConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.events import Lost
from hnas_tf.evolve import evolve, verify
from tests import toy
from tests.toy_engine import ToyEngine

SHARES = (0.25, 0.5, 1.0)


def accuracy(genotype, repeat, share):
    """Returns what looks like a training: mostly the genotype, some noise."""
    noise = toy.fitness(genotype, 1000 * repeat + round(100 * share))
    return share * (0.9 * toy.fitness(genotype) + 0.1 * noise)


class Trainings(ToyEngine):
    """Asks at every rung of every repeat, as a child does.

    Attributes:
        num_steps: The parts of trainings that took place, in repeats.
    """

    def __init__(self, num_workers=1, *, lost=(), **others):
        """`lost` holds pairs of an individual and the attempt that is lost."""
        super().__init__(
            num_workers, rungs=SHARES[:-1], accuracy=accuracy, **others
        )
        self._lost = set(lost)
        self.num_steps = 0.0

    def _go_to(self, task, place):
        about = (task.individual, task.attempt)
        if place == 2 and about in self._lost:
            self._events.append(Lost(*about))
            return
        _, share = self._places[place]
        self.num_steps += share - (0.0, *SHARES)[SHARES.index(share)]
        super()._go_to(task, place)


def config(num_evaluations=60, *, num_repeats=1, algorithm="evolution", **its):
    savings = {"reuse_fitness": False, **its}
    return SearchConfig(
        training=TrainingConfig(num_repeats=num_repeats, rungs=SHARES[:-1]),
        evolution=EvolutionConfig(
            algorithm=algorithm,
            num_evaluations=num_evaluations,
            initial_population=10,
        ),
        savings=SavingsConfig(**savings),
    )


def search(workdir, its, *, num_workers=1, lost=(), most=None):
    """Runs a search; returns its individuals, its judged events, its engine.

    Args:
        workdir: Of the search.
        its: Its configuration.
        num_workers: Of the engine.
        lost: Pairs of an individual and an attempt that is lost.
        most: Events after which the program dies, if it does.
    """
    engine = Trainings(
        num_workers, num_repeats=its.training.num_repeats, lost=lost
    )
    with open_search(workdir, its) as archive:
        if most is not None:
            die_after(engine, most)
        with contextlib.suppress(DiedError):
            evolve(its, archive=archive, engine=engine)
        assert verify(its, archive).problems == []
        judged = [
            {k: v for k, v in event.items() if k not in ("number", "attempt")}
            | {"time": 0.0}
            for event in archive.events(kind="judged")
        ]
        return archive.individuals(), judged, engine


class DiedError(Exception):
    """The program was killed."""


def die_after(engine, most):
    """Has an engine end the program instead of bringing another event."""
    bring = engine.next_events
    left = iter(range(most))

    def next_events(within):
        if next(left, None) is None:
            raise DiedError
        return bring(within)

    engine.next_events = next_events
