"""A network trained to the end, and tested: what a search was for."""

import dataclasses
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from hnas_tf.config import FinalConfig
from hnas_tf.data import Description
from hnas_tf.errors import ArchiveError
from hnas_tf.genotype import Genotype
from hnas_tf.networks import network_of
from hnas_tf.plan import Plan, make_plan, plan_cost
from hnas_tf.training import final_board, metrics, storage
from hnas_tf.training import strategy as strategies
from hnas_tf.training.evaluation import (
    inference_of,
    make_logits,
    pictures_and_memory,
)
from hnas_tf.training.final_data import FinalData
from hnas_tf.training.final_progress import FinalProgress
from hnas_tf.training.profile import Profile
from hnas_tf.training.repeat import Repeat, seconds_of
from hnas_tf.training.trainer import Trainer
from hnas_tf.training.versions import versions
from hnas_tf.training.weights import load_weights, weights_file
from hnas_tf.training.workdir import FinalWorkdir, open_final


def train_final(
    genotype: Genotype,
    config: FinalConfig,
    workdir: str,
    *,
    announce: Callable[[Description], None] = lambda description: None,
) -> dict[str, Any]:
    """Trains every repeat to the end; when all is trained, measures.

    What is there already is not done again: a finished training only returns
    its result, an interrupted one goes on. The network is the one after the
    last step; the test split is read once, at the end.

    Args:
        genotype: Of the network.
        config: Of the training.
        workdir: A folder, on a disk or in a bucket.
        announce: Is told what the pictures are like before anything trains.

    Returns:
        What `result.json` says.

    Raises:
        GenotypeError: if the genotype cannot be assembled.
        InvalidError: if network or training do not suit the dataset.
        HnasError: if the workdir cannot be used, or the loss is not finite.
    """
    make_plan(genotype, config.network)  # Or it claims the folder in vain.
    if config.threads is not None:
        strategies.set_threads(config.threads)
    strategy = strategies.make_strategy(config.devices)
    config = _with_precision(config, strategy)
    is_writer = strategies.is_writer(strategy)
    with (
        strategies.together(strategy),
        open_final(workdir, is_writer=is_writer) as folder,
    ):
        folder.check_before_data(genotype, config)
        result = folder.result()
        if result is None:
            training = _FinalTraining(genotype, config, folder, strategy)
            if is_writer:
                announce(training.description)
            training.run()
            result = training.measured()
            if is_writer:
                folder.write_result(result)
        return result


def _with_precision(
    config: FinalConfig, strategy: tf.distribute.Strategy
) -> FinalConfig:
    precision = strategies.resolve_precision(
        config.training.precision, strategy
    )
    training = dataclasses.replace(config.training, precision=precision)
    return dataclasses.replace(config, training=training)


class _FinalTraining:
    """A network, its pictures, and where they are computed with."""

    def __init__(
        self,
        genotype: Genotype,
        config: FinalConfig,
        folder: FinalWorkdir,
        strategy: tf.distribute.Strategy,
    ) -> None:
        self._folder = folder
        self._strategy = strategy
        self._is_writer = strategies.is_writer(strategy)
        self._data = FinalData(config, strategy, known=folder.known_data())
        self._config = config = self._data.config
        if self._is_writer:
            folder.settle(genotype, config, self._data.description)
        strategies.wait_for_all(strategy)
        _require_shared(folder)
        self._genotype = genotype
        with strategy.scope():
            self._model = network_of(
                genotype,
                config.network,
                image_size=(None, None),
                precision=config.training.precision,
            )

    @property
    def description(self) -> Description:
        """What the pictures are like."""
        return self._data.description

    def run(self) -> None:
        """Trains all repeats whose weights are not there yet."""
        trainer = Trainer(
            self._model,
            self._data.train,
            self._config.training,
            self._strategy,
        )
        numbers = self._repeats()
        to_do = [n for n in numbers if not storage.exists(self._weights(n))]
        # All have looked before the writer writes any.
        strategies.wait_for_all(self._strategy)
        for number in to_do:
            trainer.reset((self._config.seed, number))
            self._train(trainer, number)
            trainer.network.to_model()
            # All read them: averages of several replicas are asked of all.
            content = weights_file(self._model)
            if self._is_writer:
                storage.write_bytes(self._weights(number), content)
            strategies.wait_for_all(self._strategy)

    def measured(self) -> dict[str, Any]:
        """Returns the result, measured on the test split if there is one."""
        data = self._data.evaluation(self._data.measured_on)
        logits = make_logits(inference_of(self._model), data, self._strategy)
        steps, found = self._config.training.num_steps, []
        for number in self._repeats():
            load_weights(self._model, self._weights(number))
            with pictures_and_memory(self._config.training.batch_size):
                found.append(logits())
                if self._is_writer:
                    folder = self._folder.tensorboard_dir(number)
                    final_board.show_mistakes(
                        folder, found[-1], data, step=steps
                    )
        return {
            "measured_on": self._data.measured_on,
            "num_pictures": len(data.labels),
            **metrics.figures_of_repeats(found, data.labels),
            **self._facts(),
        }

    def _repeats(self) -> range:
        return range(1, self._config.training.num_repeats + 1)

    def _weights(self, number: int) -> str:
        return self._folder.weights(number)

    def _train(self, trainer: Trainer, number: int) -> None:
        folder = self._folder.tensorboard_dir(number)
        if self._is_writer:
            final_board.show_network(folder, self._plan())
        progress = FinalProgress(
            self._config.training,
            f"repeat {number}",
            folder,
            is_shown=self._is_writer,
        )
        profile = Profile(
            self._config.profile_steps if self._is_writer else (),
            folder,
        )
        repeat = Repeat(
            trainer,
            self._config,
            self._folder.repeat_dir(number),
            profile=profile,
            is_writer=self._is_writer,
            is_alone=strategies.is_alone(self._strategy),
        )
        try:
            with pictures_and_memory(self._config.training.batch_size):
                repeat.run(progress, self._validation_accuracy(trainer))
        finally:
            profile.end()
            progress.end()

    def _validation_accuracy(
        self, trainer: Trainer
    ) -> Callable[[], float] | None:
        held_out = self._data.validation
        if held_out is None:
            return None
        logits = make_logits(trainer.network.infer, held_out, self._strategy)
        labels = held_out.labels
        return lambda: metrics.accuracy(logits(), labels)

    def _plan(self) -> Plan:
        return make_plan(self._genotype, self._config.network)

    def _facts(self) -> dict[str, Any]:
        description = self._data.description
        cost = plan_cost(self._plan(), image_size=description.image_size)
        return {
            "parameters": cost.parameters,
            "multiply_adds": cost.multiply_adds,
            "image_size": list(description.image_size),
            "seconds": [
                round(seconds_of(self._folder.repeat_dir(number)), 1)
                for number in self._repeats()
            ],
            "fingerprint": description.fingerprint,
            **strategies.device_facts(self._strategy),
            "precision": self._config.training.precision,
            "versions": versions(),
        }


def _require_shared(folder: FinalWorkdir) -> None:
    """Checks that this process sees what the writer has settled.

    Raises:
        ArchiveError: if it does not: its workdir is a folder of its own.
    """
    if folder.known_data() is None:
        raise ArchiveError(
            "Expected a workdir that all processes of TF_CONFIG share, such as "
            f"a bucket. Received: {folder.path}, which is empty here"
        )
