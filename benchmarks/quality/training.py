"""Trainings that the table does not know yet."""

import gc
import time
from collections.abc import Iterable

import keras

from benchmarks.quality.budget import Budget
from benchmarks.quality.digits import parts
from benchmarks.quality.table import (
    Accuracies,
    Found,
    Table,
    Training,
    trainings_of,
)
from hnas_tf.config import DevicesConfig
from hnas_tf.genotype import Genotype
from hnas_tf.networks import network_of
from hnas_tf.training import metrics, strategy
from hnas_tf.training.evaluation import Logits, make_logits
from hnas_tf.training.resident import ResidentData
from hnas_tf.training.trainer import Trainer

_TEST_SEED = 1_000  # Apart from all seeds of a search.


class Trainings:
    """Trains networks on the digits, in one thread, and fills the table."""

    def __init__(self, budget: Budget, table: Table) -> None:
        """Brings the pictures to the device."""
        strategy.set_threads(1)
        self._config = budget.search("hierarchical", "random", 0)
        self._budget = budget
        self._table = table
        self._strategy = strategy.make_strategy(DevicesConfig())
        strategy.leave_graphs_as_they_are(self._strategy)
        found = parts(budget)
        self._data = {
            name: ResidentData(
                examples,
                found.description,
                self._strategy,
                batch_size=budget.batch_size,
            )
            for name, examples in found.examples.items()
        }

    def train(
        self,
        genotype: Genotype,
        digest: str,
        part: str,
        repeats: Iterable[int],
    ) -> None:
        """Trains a network as often, and adds what comes out to the table.

        Nothing is trained that another process has added meanwhile.
        """
        wanted = [Training(digest, part, repeat) for repeat in repeats]
        if all(map(self._table.get, wanted)):
            return
        start = time.process_time()
        with self._strategy.scope():
            model = network_of(
                genotype, self._config.network, image_size=(None, None)
            )
        trainer = Trainer(
            model, self._data["training"], self._config.training, self._strategy
        )
        logits = make_logits(
            trainer.network.infer, self._data[part], self._strategy
        )
        # The first step takes longer than all others.
        trainer.reset((0, 0, 0))
        trainer.run(1)
        logits()  # Is traced when it is first asked.
        building = time.process_time() - start
        for one in wanted:
            if self._table.get(one):
                continue
            start = time.process_time()
            reached = self._reached(trainer, logits, one)
            seconds = time.process_time() - start
            self._table.add(one, Found(reached, building, seconds))
        del trainer, model, logits
        keras.backend.clear_session(free_memory=False)
        gc.collect()

    def _reached(
        self, trainer: Trainer, logits: Logits, training: Training
    ) -> Accuracies:
        """Trains once; returns the accuracies on the way."""
        digest, part, repeat = training
        seed = _TEST_SEED if part == "test" else 0
        trainer.reset((seed, int(digest[:8], 16), repeat))
        labels = self._data[part].labels
        found = {}
        for share in self._budget.shares:
            trainer.run(self._steps(share) - trainer.step)
            found[share] = metrics.accuracy(logits(), labels)
        return found

    def test_accuracies(
        self, genotype: Genotype, digest: str
    ) -> list[Accuracies]:
        """Returns what a network reaches on the test split, trained anew."""
        wanted = trainings_of(digest, "test", self._budget.num_tests)
        missing = [one.repeat for one in wanted if not self._table.get(one)]
        if missing:
            self.train(genotype, digest, "test", missing)
        return [self._table.get(one) or {} for one in wanted]

    def _steps(self, share: float) -> int:
        return round(share * self._budget.num_steps)
