"""One training to the end, that survives being killed."""

import contextlib
import math
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import fmean

import tensorflow as tf

from hnas_tf.config import FinalConfig
from hnas_tf.errors import ArchiveError, HnasError, first_line
from hnas_tf.training import storage
from hnas_tf.training.final_progress import FinalProgress
from hnas_tf.training.profile import Profile
from hnas_tf.training.schedule import evenly_apart
from hnas_tf.training.trainer import Trainer

NUM_EVALUATIONS = 20
NUM_POINTS = 200
_STEPS_TOGETHER = 20
_NAME = "step"  # Of a checkpoint, before its number.


class Repeat:
    """Trains, keeps checkpoints, and goes on from the latest one."""

    def __init__(
        self,
        trainer: Trainer,
        config: FinalConfig,
        folder: str,
        *,
        profile: Profile,
        is_writer: bool = True,
        is_alone: bool = True,
    ) -> None:
        """Takes a trainer that was reset for this repeat.

        Args:
            trainer: Of the network.
            config: Of the training.
            folder: For the checkpoints.
            profile: Of a few of its steps.
            is_writer: Whether this process writes there; the others write, as
                they must, where it is thrown away.
            is_alone: Whether no other process trains along.
        """
        self._trainer = trainer
        self._config = config
        self._profile = profile
        self._is_alone = is_alone
        self._step = tf.Variable(0, dtype=tf.int64, trainable=False)
        self._seconds = tf.Variable(0.0, dtype=tf.float64, trainable=False)
        self._begin = time.monotonic()
        self._checkpoint = tf.train.Checkpoint(
            training=trainer.checkpoint, step=self._step, seconds=self._seconds
        )
        self._folder = folder
        _require_own_checkpoints(folder)
        self._thrown_away = None if is_writer else tempfile.TemporaryDirectory()
        self._checkpoints = tf.train.CheckpointManager(
            self._checkpoint,
            self._thrown_away.name if self._thrown_away else folder,
            max_to_keep=config.max_checkpoints,
            checkpoint_name=_NAME,
        )

    def run(
        self,
        progress: FinalProgress,
        validation_accuracy: Callable[[], float] | None,
    ) -> None:
        """Trains to the end.

        Args:
            progress: Is told how far it is.
            validation_accuracy: Of the network as it now is, to be shown, if
                anything is held out.

        Raises:
            ArchiveError: if a checkpoint cannot be read or written.
            HnasError: if the loss is not finite; names the last checkpoint.
        """
        self._restore()
        num_steps = self._config.training.num_steps
        evaluations = evenly_apart(num_steps, NUM_EVALUATIONS)
        progress.begin(self._trainer.step)
        self._profile.at(self._trainer.step)
        for end in self._stops():
            loss, accuracy = self._train_to(end, progress)
            self._profile.at(end)
            found = None
            if validation_accuracy is not None and end in evaluations:
                found = validation_accuracy()
            progress.point(end, loss, accuracy, found)
            if end % self._config.checkpoint_steps == 0 or end == num_steps:
                self._save()

    def _restore(self) -> None:
        latest = tf.train.latest_checkpoint(self._folder)
        if latest is None:
            return
        with _as_a_checkpoint(latest):
            self._checkpoint.restore(latest).assert_consumed()
        self._trainer.go_on_from(int(self._step))

    def _save(self) -> None:
        self._step.assign(self._trainer.step)
        now = time.monotonic()
        self._seconds.assign_add(now - self._begin)
        self._begin = now
        with storage.in_a_sentence("write", self._folder):
            self._checkpoints.save(self._trainer.step)

    def _stops(self) -> Iterator[int]:
        """Yields the steps at which something is written, from here on."""
        num_steps = self._config.training.num_steps
        every = self._config.checkpoint_steps
        stops = evenly_apart(num_steps, NUM_POINTS)
        stops |= set(range(every, num_steps, every)) | self._profile.stops
        yield from sorted(s for s in stops if s > self._trainer.step)

    def _train_to(
        self, end: int, progress: FinalProgress
    ) -> tuple[float, float]:
        """Returns mean loss and accuracy of the steps up to there.

        About a second at a time, so that Ctrl-C is soon noticed; processes
        that train together must take the same number of steps.
        """
        figures: list[tuple[float, float]] = []
        weights = []
        while self._trainer.step < end:
            size = progress.steps_in(1.0) if self._is_alone else _STEPS_TOGETHER
            size = min(size, end - self._trainer.step)
            start = time.monotonic()
            figures.append(self._trainer.run(size))
            self._require_finite(figures[-1][0])
            weights.append(size)
            progress.advanced(size, time.monotonic() - start, *figures[-1])
        losses, accuracies = zip(*figures, strict=True)
        return fmean(losses, weights), fmean(accuracies, weights)

    def _require_finite(self, loss: float) -> None:
        if math.isfinite(loss):
            return
        good = tf.train.latest_checkpoint(self._folder) or "there is none"
        raise HnasError(
            "Expected a training whose loss stays finite. Received: loss "
            f"{loss} at step {self._trainer.step}; last good checkpoint: {good}"
        )


def _require_own_checkpoints(folder: str) -> None:
    """Checks that what lies there names no files but its own.

    Of the checkpoints that it names the oldest are deleted.
    """
    with _as_a_checkpoint(f"{folder}/checkpoint"):
        state = tf.train.get_checkpoint_state(folder)
    if state is None:
        return
    for path in (
        state.model_checkpoint_path,
        *state.all_model_checkpoint_paths,
    ):
        parent, _, name = path.rpartition("/")
        if parent != folder or not re.fullmatch(rf"{_NAME}-\d+", name):
            raise ArchiveError(
                f"Expected {folder}/checkpoint to name checkpoints of that "
                f"folder. Received: {path}"
            )


@contextlib.contextmanager
def _as_a_checkpoint(path: str) -> Iterator[None]:
    """Says in a sentence that a checkpoint is damaged, or of another training.

    Raises:
        ArchiveError: if it is.
    """
    try:
        yield
    except (
        tf.errors.OpError,
        AssertionError,
        ValueError,
        LookupError,
    ) as error:
        raise ArchiveError(
            f"Expected a checkpoint of this training at {path}. Received: "
            f"{first_line(error)}"
        ) from error


def seconds_of(folder: str) -> float:
    """Returns what a repeat took, over all runs, up to its last checkpoint."""
    seconds = tf.Variable(0.0, dtype=tf.float64, trainable=False)
    latest = tf.train.latest_checkpoint(folder)
    tf.train.Checkpoint(seconds=seconds).restore(latest).expect_partial()
    return float(seconds)
