"""The weights of a trained network, as a file."""

import tempfile
from pathlib import Path

import keras

from hnas_tf.data.damage import DAMAGE
from hnas_tf.errors import ArchiveError
from hnas_tf.training import storage

_NAME = "model.weights.h5"  # Keras looks at the suffix.


def weights_file(model: keras.Model) -> bytes:
    """Returns the content of a file of the weights."""
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder) / _NAME
        try:
            model.save_weights(temporary)
            return temporary.read_bytes()
        except OSError as error:
            raise ArchiveError(
                f"Expected to write {temporary}. Received: {error}"
            ) from error


def load_weights(model: keras.Model, path: str) -> None:
    """Loads weights from a file of them.

    Raises:
        ArchiveError: if they are not there, or of another network.
    """
    content = storage.read_bytes(path)
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder) / _NAME
        try:
            temporary.write_bytes(content)
            model.load_weights(temporary)
        except DAMAGE as error:
            raise ArchiveError(
                f"Expected the weights of this network in {path}. Received: "
                f"{error}"
            ) from error
