"""What does not fit, and what is to be freed."""

import contextlib
import threading
from collections.abc import Iterator

import keras
import tensorflow as tf

from hnas_tf.engines import EvaluationError
from hnas_tf.events import OUT_OF_MEMORY


@contextlib.contextmanager
def memory_limited() -> Iterator[None]:
    """Says of what does not fit that it does not.

    Raises:
        EvaluationError: if the body does not fit.
    """
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        raise EvaluationError(OUT_OF_MEMORY, error.message) from error


class LivingNetworks:
    """Counts networks, and frees what TensorFlow keeps when none is left.

    What it keeps is compiled: while another network is prepared it stays, else
    that one would be compiled twice, or lose its way while it is built. A child
    that always has one prepared therefore grows until it is replaced.
    """

    def __init__(self) -> None:
        """Begins without networks."""
        self._number = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        """Counts a network that is going to be built."""
        with self._lock:
            self._number += 1

    def remove(self) -> None:
        """Counts a network no longer."""
        with self._lock:
            self._number -= 1
            if self._number == 0:
                keras.backend.clear_session(free_memory=False)
