"""A TensorBoard profile of a few steps: where their time goes."""

import tensorflow as tf


class Profile:
    """Is told how far a training is, and records what was asked for."""

    def __init__(self, steps: tuple[int, ...], folder: str) -> None:
        """Takes what is to be recorded.

        Args:
            steps: The first and the last step, from 1; or nothing.
            folder: For the profile, on a disk or in a bucket.
        """
        self._steps = steps
        self._folder = folder
        self._is_running = False

    @property
    def stops(self) -> set[int]:
        """The steps after which it begins and ends."""
        if not self._steps:
            return set()
        first, last = self._steps
        return {first - 1, last}

    def at(self, step: int) -> None:
        """Begins or ends, if this is where."""
        if self._steps and step == self._steps[0] - 1:
            tf.profiler.experimental.start(self._folder)
            self._is_running = True
        elif self._steps and step == self._steps[1]:
            self.end()

    def end(self) -> None:
        """Writes what was recorded, if anything is."""
        if self._is_running:
            self._is_running = False
            tf.profiler.experimental.stop()
