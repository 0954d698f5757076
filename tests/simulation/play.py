"""Plays one seed: a search from its beginning to its end, whatever happens."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple
from unittest import mock

from hnas_tf.archive import open_search
from hnas_tf.config import SearchConfig, WorkersConfig
from hnas_tf.errors import ArchiveError
from hnas_tf.evolution import Controller
from hnas_tf.evolve import evolve
from hnas_tf.genotype import FLAT, HIERARCHICAL, LevelSize, SearchSpace
from tests.evolve import trainings
from tests.simulation.cluster import Cluster
from tests.simulation.witness import Witness, spy
from tests.simulation.world import DiedError, World, statements_of

# Its networks are few, so that many are equal.
_SMALL = SearchSpace((LevelSize(1, 3),))
# A folder in memory, where there is one.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
MAX_STARTS = 500


class Played(NamedTuple):
    """What a seed came to.

    Attributes:
        individuals: Of the search.
        met: How often a kind of event met an individual in a state.
        num_deaths: Of the driver.
        num_seconds: Which the search would have lasted.
    """

    individuals: list
    met: dict
    num_deaths: int
    num_seconds: float


def play(seed):
    """Plays a seed.

    Raises:
        AssertionError: if something does not hold.
    """
    folder = Path(tempfile.mkdtemp(dir=MEMORY))
    try:
        return _play(seed, folder)
    finally:
        shutil.rmtree(folder)


def _play(seed, workdir):
    world, its = World(seed), config_of(seed)
    witness = Witness(workdir, its)
    num_workers = its.workers.num_workers
    with (
        statements_of(world),
        mock.patch(
            "hnas_tf.evolve.proposals.Controller", spy(Controller, witness)
        ),
    ):
        for _ in range(MAX_STARTS):
            world.start_driver()
            try:
                with open_search(workdir, its) as archive, witness.watches():
                    cluster = Cluster(
                        world,
                        its,
                        witness,
                        num_workers=num_workers,
                        is_rough=not is_gentle(its),
                    )
                    outcome = evolve(
                        its,
                        archive=archive,
                        engine=cluster,
                        watchers=[witness],
                        clock=world.clock,
                    )
                    break
            except DiedError:
                continue
            except ArchiveError:
                if not world.is_disk_full:
                    raise
        else:
            raise AssertionError("the search never ends")
    individuals = witness.check_end(outcome)
    if is_gentle(its):
        assert stripped(individuals) == stripped(undisturbed(its)), (
            "another search than the undisturbed one"
        )
    return Played(individuals, witness.met, world.num_deaths, world.now)


def config_of(seed):
    """Returns the search of a seed."""
    rng = Random(f"config {seed}")
    algorithm = rng.choice(("evolution", "random", "aging", "pareto"))
    its = trainings.config(
        rng.choice((10, 25)),
        num_repeats=rng.choice((1, 3)),
        algorithm=algorithm,
        reuse_fitness=rng.random() < 0.7,
        early_stop=algorithm != "pareto" and rng.random() < 0.5,
        adaptive_repeats=algorithm != "pareto" and rng.random() < 0.5,
    )
    gentle = rng.random() < 0.2
    workers = WorkersConfig(
        num_workers=1 if gentle else rng.choice((1, 2, 5)),
        max_attempts=1_000_000 if gentle else rng.choice((1, 3)),
        prepare_ahead=rng.random() < 0.4,
    )
    evolution = replace(
        its.evolution, initial_population=rng.choice((1, 4)), population_size=5
    )
    space = rng.choice((_SMALL, _SMALL, _SMALL, FLAT, HIERARCHICAL))
    return replace(
        its, workers=workers, evolution=evolution, space=space, seed=seed
    )


def is_gentle(its: SearchConfig):
    """Returns whether the end of a search depends on no chance."""
    return its.workers.max_attempts == 1_000_000


def undisturbed(its):
    """Returns the individuals of a search to which nothing happens."""
    with tempfile.TemporaryDirectory() as folder:
        individuals, _, _ = trainings.search(folder, its)
    return individuals


def stripped(individuals):
    """Returns them without what tells when something happened."""
    return [replace(one, known_event=0) for one in individuals]
