"""Searches whose workers prepare the next candidate while they train one."""

import dataclasses

from hnas_tf.archive import open_search
from hnas_tf.config import (
    EvolutionConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
    WorkersConfig,
)
from hnas_tf.evolve import evolve, verify

NUM_EVALUATIONS = 12


def config(num_evaluations=NUM_EVALUATIONS, **workers):
    return SearchConfig(
        training=TrainingConfig(num_repeats=1),
        evolution=EvolutionConfig(
            num_evaluations=num_evaluations, initial_population=3
        ),
        savings=SavingsConfig(reuse_fitness=False),
        workers=WorkersConfig(**{"prepare_ahead": True, **workers}),
    )


def search(workdir, engine, **workers):
    """Runs a search; returns its individuals, but for numbers of events."""
    its = config(**workers)
    with open_search(workdir, its) as archive:
        evolve(its, archive=archive, engine=engine)
        assert verify(its, archive).problems == []
        return [
            dataclasses.replace(one, known_event=0)
            for one in archive.individuals()
        ]


def submissions(engine):
    """Returns individuals and attempts in the order of their submission."""
    return [entry[1:] for entry in engine.log if entry[0] == "submit"]
