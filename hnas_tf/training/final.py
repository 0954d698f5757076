"""A network trained to the end, and tested: what a search was for."""

import dataclasses
import math
import tempfile
import time
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import keras
from tqdm import tqdm

from hnas_tf import files
from hnas_tf.config import FinalConfig
from hnas_tf.data import describe, require_fit
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION, load_split
from hnas_tf.errors import ArchiveError, HnasError
from hnas_tf.genotype import Genotype
from hnas_tf.networks import network_of
from hnas_tf.training import strategy as strategies
from hnas_tf.training.device_data import put_on_device
from hnas_tf.training.evaluation import make_accuracy
from hnas_tf.training.trainer import Trainer

WEIGHTS_NAME = "model.weights.h5"


@dataclasses.dataclass(frozen=True)
class FinalResult:
    """What a final training came to.

    Attributes:
        test_accuracies: Of every repeat.
        parameters: Trainable ones.
    """

    test_accuracies: tuple[float, ...]
    parameters: int

    @property
    def test_accuracy(self) -> float:
        """The mean over the repeats."""
        return fmean(self.test_accuracies)

    @property
    def test_accuracy_std(self) -> float | None:
        """The standard deviation of the repeats, where there are several."""
        accuracies = self.test_accuracies
        return stdev(accuracies) if len(accuracies) > 1 else None


def train_final(
    genotype: Genotype, config: FinalConfig, workdir: Path
) -> FinalResult:
    """Trains on everything but the test split; when all is trained, tests.

    The weights of every repeat are left in `workdir/repeat_K`.

    Raises:
        GenotypeError: if the genotype cannot be assembled.
        InvalidError: if network or training do not suit the dataset.
        HnasError: if the loss is not finite.
    """
    if config.threads is not None:
        strategies.set_threads(config.threads)
    description = describe(config.dataset)
    require_fit(description, config.network, config.training)
    strategy = strategies.make_strategy()
    with strategy.scope():
        model = network_of(genotype, config.network, image_size=(None, None))
    examples = load_split(config.dataset, TRAIN, VALIDATION)
    data = put_on_device(examples, description, strategy)
    trainer = Trainer(model, data, config.training, strategy)
    weights = [
        workdir / f"repeat_{repeat}" / WEIGHTS_NAME
        for repeat in range(1, config.training.num_repeats + 1)
    ]
    for repeat, path in enumerate(weights, start=1):
        trainer.reset((config.seed, repeat))
        _train(trainer, config, repeat)
        _save(model, path)
    test = put_on_device(
        load_split(config.dataset, TEST), description, strategy
    )
    accuracy = make_accuracy(
        model, test, strategy, batch_size=config.training.batch_size
    )
    accuracies = []
    for path in weights:
        model.load_weights(path)
        accuracies.append(accuracy())
    variables = model.trainable_variables
    return FinalResult(
        tuple(accuracies), sum(math.prod(v.shape) for v in variables)
    )


def _train(trainer: Trainer, config: FinalConfig, repeat: int) -> None:
    """Trains about a second at a time, so that Ctrl-C is soon noticed."""
    num_steps = config.training.num_steps
    size = 1
    with tqdm(total=num_steps, unit="step", desc=f"repeat {repeat}") as bar:
        while bar.n < num_steps:
            size = min(size, num_steps - bar.n)
            start = time.monotonic()
            loss = trainer.run(size)
            if not math.isfinite(loss):
                raise HnasError(
                    "Expected a training whose loss stays finite. Received: "
                    f"loss {loss} at step {bar.n + size}"
                )
            bar.set_postfix_str(f"loss {loss:.4f}", False)
            bar.update(size)
            size = max(1, int(size / (time.monotonic() - start)))


def _save(model: keras.Model, path: Path) -> None:
    """Saves the weights; the file appears whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder) / WEIGHTS_NAME
        try:
            model.save_weights(temporary)
            content = temporary.read_bytes()
        except OSError as error:
            raise ArchiveError(
                f"Expected to write {temporary}. Received: {error}"
            ) from error
    files.write_bytes(path, content)


def result_to_document(result: FinalResult) -> dict[str, Any]:
    """Returns what `result.json` says."""
    return {
        **dataclasses.asdict(result),
        "test_accuracy": result.test_accuracy,
        "test_accuracy_std": result.test_accuracy_std,
    }
