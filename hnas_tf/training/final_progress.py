"""What is seen of a final training: a line, and curves for TensorBoard."""

from typing import Any

import tensorflow as tf
from tqdm import tqdm

from hnas_tf.config import TrainingConfig
from hnas_tf.reporting.progress import seconds_between_lines
from hnas_tf.training.schedule import learning_rate


class FinalProgress:
    """A line with step, images/s, loss, accuracy and the time left."""

    def __init__(
        self,
        config: TrainingConfig,
        title: str,
        folder: str,
        *,
        is_shown: bool = True,
    ) -> None:
        """Opens nothing where it is not to be shown.

        Args:
            config: Of the training.
            title: What the line begins with.
            folder: For the curves, on a disk or in a bucket.
            is_shown: Whether this process is the one that shows.
        """
        self._config = config
        self._title = title
        self._is_shown = is_shown
        self._writer = (
            tf.summary.create_file_writer(folder)
            if is_shown
            else tf.summary.create_noop_writer()
        )
        self._bar: tqdm[Any] | None = None
        self._validation = ""
        self._steps_a_second = 0.0

    def begin(self, step: int) -> None:
        """Shows where the training stands."""
        self._bar = tqdm(
            total=self._config.num_steps,
            initial=step,
            unit="step",
            desc=self._title,
            disable=not self._is_shown,
            mininterval=seconds_between_lines(),
            dynamic_ncols=True,
        )

    def steps_in(self, seconds: float) -> int:
        """Returns how many steps were lately taken in such a time."""
        return max(1, int(self._steps_a_second * seconds))

    def advanced(
        self, num_steps: int, seconds: float, loss: float, accuracy: float
    ) -> None:
        """Moves the line on."""
        self._steps_a_second = num_steps / seconds
        if self._bar is None:
            return
        shown = self._validation or f"training accuracy {accuracy:.4f}"
        speed = f"{self._images_a_second():,.0f} images/s"
        self._bar.set_postfix_str(f"{speed}, loss {loss:.4f}, {shown}", False)
        self._bar.update(num_steps)

    def point(
        self,
        step: int,
        loss: float,
        accuracy: float,
        validation: float | None,
    ) -> None:
        """Adds a point to the curves."""
        values = {
            "loss/training": loss,
            "accuracy/training": accuracy,
            "speed/images_per_second": self._images_a_second(),
            "learning_rate": float(
                learning_rate(tf.constant(step - 1, tf.int64), self._config)
            ),
        }
        if validation is not None:
            values["accuracy/validation"] = validation
            self._validation = f"validation accuracy {validation:.4f}"
        with self._writer.as_default():
            for name, value in values.items():
                tf.summary.scalar(name, value, step=step)
        self._writer.flush()

    def end(self) -> None:
        """Closes the line and the curves."""
        if self._bar is not None:
            self._bar.close()
        self._writer.close()

    def _images_a_second(self) -> float:
        return self._steps_a_second * self._config.batch_size
