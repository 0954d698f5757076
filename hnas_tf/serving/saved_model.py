"""The SavedModel of a network: what TF Serving loads."""

import tempfile
from pathlib import Path

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from hnas_tf import files
from hnas_tf.serving.names import CLASSIFY, LABELS_NAME
from hnas_tf.serving.network import FoldedNetwork
from hnas_tf.serving.signatures import signatures_of

MAX_CONSTANT_BYTES = 1_500_000_000
"""Of weights that become a part of the graph, which holds 2 GB at most."""


def write_saved_model(
    network: FoldedNetwork, folder: Path, *, image_dtype: str
) -> None:
    """Writes a network with its preprocessing.

    Args:
        network: To be served.
        folder: Where the SavedModel goes.
        image_dtype: In which images are sent: `uint8` or `float32`.
    """
    module = tf.Module()
    if network.num_bytes > MAX_CONSTANT_BYTES:
        network = network.with_variables()
        module.weights = network.weights  # So that they are saved.
    with tempfile.TemporaryDirectory() as beside:
        labels = Path(beside) / LABELS_NAME
        files.write_text(labels, labels_of(network))
        module.labels = tf.saved_model.Asset(str(labels))
        signatures = signatures_of(network, image_dtype=image_dtype)
        tf.saved_model.save(module, str(folder), signatures=signatures)
    _name_the_classify_api(folder)


def labels_of(network: FoldedNetwork) -> str:
    """Returns the names of the classes 0, 1, ..., a line each."""
    names = network.description.class_names
    return "".join(f"{' '.join(name.splitlines())}\n" for name in names)


def _name_the_classify_api(folder: Path) -> None:
    """Marks the signature that a server may check for its Classify API.

    TensorFlow marks all as signatures of the Predict API.
    """
    path = folder / "saved_model.pb"
    model = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    signatures = model.meta_graphs[0].signature_def
    method = tf.compat.v1.saved_model.CLASSIFY_METHOD_NAME
    signatures[CLASSIFY].method_name = method
    path.write_bytes(model.SerializeToString())
    # It was of the file before.
    (folder / "fingerprint.pb").unlink(missing_ok=True)
