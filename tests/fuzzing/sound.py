"""Sound files of every kind that we read, as our programs write them."""

import dataclasses
import io

import numpy as np

from hnas_tf import events
from hnas_tf.archive import open_search
from hnas_tf.config import EvolutionConfig, SavingsConfig
from hnas_tf.data import Description
from hnas_tf.evolve import evolve, verify
from hnas_tf.genotype import LevelSize, SearchSpace
from hnas_tf.serving.answers import Answers
from tests.evolve import trainings

SEARCH = dataclasses.replace(
    trainings.config(num_repeats=2),
    space=SearchSpace((LevelSize(2, 4), LevelSize(1, 4))),
    evolution=EvolutionConfig(
        num_evaluations=30, initial_population=6, num_initial_mutations=20
    ),
    savings=SavingsConfig(early_stop=True, adaptive_repeats=True),
)
DESCRIPTION = Description(
    name="folder:photos",
    image_size=(8, 8),
    image_channels=1,
    class_names=tuple("0123456789"),
    mean=(4.0,),
    std=(5.0,),
    num_examples={"train": 7},
    fingerprint="abc",
    key="def",
    skipped={"train/cat/1.jpg": "no picture"},
    odd={"grey": 2},
)
RESULT = {
    "measured_on": "test",
    "num_pictures": 10,
    "accuracy": 0.5,
    "accuracy_std": None,
    "accuracy_of_repeats": [0.5],
    "loss": 0.25,
    "loss_std": 0.125,
    "loss_of_repeats": [0.25],
    "parameters": 12,
    "multiply_adds": 34,
    "image_size": [8, 8],
    "seconds": [1.0],
    "fingerprint": "abc",
    "device": "cpu",
    "num_devices": 1,
    "precision": "float32",
    "versions": {"python": "3.11"},
}
ANSWERS = Answers(
    (b"\x89PNG", b"\xff\xd8\xff"),
    np.zeros((2, 8, 8, 1), np.uint8),
    np.full((2, 10), 0.1, np.float32),
)


class _Troubled(trainings.Trainings):
    """Fails on two individuals."""

    def submit(self, task, ahead=None):
        super().submit(task, ahead)
        if task.individual in (3, 9):
            self._events[-1] = events.Failed(
                *(task.individual, task.attempt, events.OTHER_ERROR),
                "Traceback\nValueError: no words",
            )


def write_search(workdir):
    """Makes a search that died after events of all kinds; returns its file."""
    engine = _Troubled(2, num_repeats=2, lost=[(1, 1), (5, 1)])
    trainings.die_after(engine, 60)
    with open_search(workdir, SEARCH) as archive:
        try:
            evolve(SEARCH, archive=archive, engine=engine)
        except trainings.DiedError:
            kinds = {event["kind"] for event in archive.events()}
        assert verify(SEARCH, archive).problems == []
    assert len(kinds) == 8, kinds
    return workdir / "search.sqlite"


def npz(arrays):
    """Returns the bytes of a file of arrays."""
    target = io.BytesIO()
    np.savez(target, **arrays)
    return target.getvalue()


def pictures():
    """Returns a small dataset of arrays."""
    images = np.arange(12 * 9, dtype=np.uint8).reshape(12, 3, 3)
    labels = np.arange(12) % 3
    return {
        "x_train": images,
        "y_train": labels,
        "x_test": images,
        "y_test": labels,
    }
