"""From genotype to fitness: what a child of a search does."""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from hnas_tf.config import SearchConfig, TrainingConfig
from hnas_tf.config.document import config_from_document
from hnas_tf.data.prepared import load_prepared
from hnas_tf.engines import Ask, EvaluationError, Task
from hnas_tf.events import (
    CANNOT_BUILD,
    NOT_FINITE,
    Curve,
    Finished,
    Progress,
)
from hnas_tf.genotype import Genotype
from hnas_tf.networks import network_of
from hnas_tf.training import metrics
from hnas_tf.training import strategy as strategies
from hnas_tf.training.evaluation import make_logits
from hnas_tf.training.memory import LivingNetworks, memory_limited
from hnas_tf.training.resident import ResidentData
from hnas_tf.training.schedule import evenly_apart
from hnas_tf.training.stopwatch import Stopwatch
from hnas_tf.training.trainer import Trainer
from hnas_tf.training.versions import versions

CURVE_POINTS = 20

Accuracy = Callable[[], float]
"""Returns how good a network, as it now is, is on the validation split."""


class Prepared(NamedTuple):
    """A candidate whose training can begin.

    Attributes:
        trainer: Of its network, traced.
        accuracy: Of that network.
        watch: What the time went into so far.
    """

    trainer: Trainer
    accuracy: Accuracy
    watch: Stopwatch


def make_evaluator(document: dict[str, Any]) -> "TrainingEvaluator":
    """Returns the evaluator of a search; the document is its configuration."""
    return TrainingEvaluator(config_from_document(document))


class TrainingEvaluator:
    """Trains candidates from scratch; fitness is their validation accuracy.

    Attributes:
        facts: Device, threads, precision and versions.
    """

    def __init__(self, config: SearchConfig) -> None:
        """Brings the data to the device, once for all candidates.

        Raises:
            HnasError: if the pictures are gone, or the devices not there.
        """
        workers = config.workers
        strategies.set_threads(workers.threads_per_worker)
        self._is_ahead = workers.prepares_ahead(
            strategies.expected_kind(config.devices)
        )
        if self._is_ahead:
            strategies.add_thread()
        self._config = config
        training = config.training
        self._strategy = strategies.make_strategy(config.devices)
        if config.network.optimize_graph:
            strategies.leave_graphs_as_they_are(self._strategy)
        self._precision = strategies.resolve_precision(
            training.precision, self._strategy
        )
        train, validation, description = load_prepared(config.data)
        self._train, self._validation = (
            ResidentData(
                split.examples,
                description,
                self._strategy,
                batch_size=training.batch_size,
            )
            for split in (train, validation)
        )
        self._networks = LivingNetworks()
        self.facts = {
            **strategies.device_facts(self._strategy),
            "threads": workers.threads_per_worker,
            "precision": self._precision,
            **versions(),
        }

    def prepare(self, task: Task) -> Prepared:
        """Returns a network that is built and traced.

        Raises:
            EvaluationError: if it cannot be built, or does not fit.
        """
        self._networks.add()
        watch = Stopwatch()
        try:
            with memory_limited():
                with watch("building"):
                    trainer, accuracy = self._build(task.genotype)
                with watch("tracing"):
                    trainer.trace()
                    if self._is_ahead:
                        # XLA compiles what runs. Every repeat begins anew.
                        trainer.run(1)
                        accuracy()
        except BaseException:
            self._networks.remove()
            raise
        return Prepared(trainer, accuracy, watch)

    def evaluate(self, task: Task, prepared: Prepared, ask: Ask) -> Finished:
        """Returns the validation accuracies of all repeats.

        Raises:
            EvaluationError: if the training does not fit, or its loss is not
                finite.
        """
        try:
            with memory_limited():
                return self._evaluate(task, prepared, ask)
        finally:
            self._networks.remove()

    def _evaluate(self, task: Task, prepared: Prepared, ask: Ask) -> Finished:
        trainer, accuracy, watch = prepared
        accuracies: dict[int, float] = {}
        for progress in self._train_repeats(task, trainer, accuracy, watch):
            accuracies[progress.repeat] = progress.accuracy
            if not ask(progress):
                break
        return Finished(
            task.individual,
            task.attempt,
            tuple(accuracies.values()),
            watch.seconds,
        )

    def _train_repeats(
        self, task: Task, trainer: Trainer, accuracy: Accuracy, watch: Stopwatch
    ) -> Iterator[Progress]:
        """Trains every repeat with the one compiled step."""
        training = self._config.training
        for repeat in range(1, training.num_repeats + 1):
            trainer.reset((self._config.seed, task.individual, repeat))
            for step, reached, curve in _train(
                trainer, accuracy, training, watch
            ):
                yield Progress(
                    task.individual,
                    task.attempt,
                    repeat,
                    step / training.num_steps,
                    reached,
                    curve,
                )

    def _build(self, genotype: Genotype) -> tuple[Trainer, Accuracy]:
        try:
            with self._strategy.scope():
                model = network_of(
                    genotype,
                    self._config.network,
                    image_size=(None, None),
                    precision=self._precision,
                )
        except ValueError as error:
            raise EvaluationError(CANNOT_BUILD, str(error)) from error
        trainer = Trainer(
            model, self._train, self._config.training, self._strategy
        )
        logits = make_logits(
            trainer.network.infer, self._validation, self._strategy
        )
        metric = metrics.FITNESS[self._config.fitness_metric]
        return trainer, lambda: metric(logits(), self._validation.labels)


def _train(
    trainer: Trainer,
    accuracy: Accuracy,
    config: TrainingConfig,
    watch: Stopwatch,
) -> Iterator[tuple[int, float, Curve]]:
    """Trains one repeat; yields step, accuracy, curve at rungs and at the end.

    Raises:
        EvaluationError: if the loss is not finite.
    """
    step, curve = 0, []
    for end, is_rung in _segments(config):
        with watch("training"):
            loss, _ = trainer.run(end - step)
        step = end
        curve.append((step, loss))
        if not math.isfinite(loss):
            raise EvaluationError(NOT_FINITE, f"loss {loss} at step {step}")
        if is_rung:
            with watch("evaluating"):
                reached = accuracy()
            yield step, reached, tuple(curve)
            curve = []


def _segments(config: TrainingConfig) -> list[tuple[int, bool]]:
    """Returns the steps at which the loss is noted, and which are rungs."""
    shares = (*config.rungs, 1.0)
    rungs = {max(1, round(share * config.num_steps)) for share in shares}
    points = evenly_apart(config.num_steps, CURVE_POINTS)
    return [(step, step in rungs) for step in sorted(rungs | points)]
