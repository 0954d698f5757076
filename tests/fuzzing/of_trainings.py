"""Who reads the workdir of a final training that a stranger made."""

import dataclasses
import warnings

from hnas_tf.reporting import summary
from hnas_tf.training.trained import load_trained
from hnas_tf.training.weights import load_weights, weights_file
from hnas_tf.training.workdir import FinalWorkdir
from tests.fuzzing import sound
from tests.fuzzing.case import bytes_case, folder_case
from tests.training.samples import GENOTYPE, make_network, one_device
from tests.training.trained_samples import CONFIG

_CONFIG = dataclasses.replace(
    CONFIG, training=dataclasses.replace(CONFIG.training, precision="float32")
)
_WEIGHTS = "model.weights.h5"
_FILES = ("config.json", "genotype.json", "data.json")


def final_workdir(folder):
    """The JSON files of a training: as `train` and `export` read them."""
    workdir = _write(folder)

    def read():
        workdir.config()
        workdir.genotype()
        summary.of_pictures(workdir.description())
        summary.of_final(workdir.result(), "")
        workdir.settle(GENOTYPE, _CONFIG, sound.DESCRIPTION)

    return folder_case(folder, [*_FILES, "result.json"], read)


def weights(folder):
    """The weights of a network."""
    model = make_network(config=CONFIG.network)
    path = folder / _WEIGHTS

    def read(content):
        path.write_bytes(content)
        with warnings.catch_warnings():
            # Keras warns of what it misses, and leaves it as it was.
            warnings.simplefilter("ignore")
            load_weights(model, str(path))

    return bytes_case(weights_file(model), read)


def trained_network(folder):
    """A trained network, built as its files say."""
    _write(folder)
    model = make_network(config=CONFIG.network)
    (folder / "repeat_1").mkdir()
    (folder / "repeat_1" / _WEIGHTS).write_bytes(weights_file(model))

    def read():
        load_trained(str(folder), repeat=1, strategy=one_device())

    return folder_case(folder, _FILES, read)


def _write(folder):
    """Writes the workdir of a training, but for its weights."""
    workdir = FinalWorkdir(str(folder))
    workdir.settle(GENOTYPE, _CONFIG, sound.DESCRIPTION)
    workdir.write_result(sound.RESULT)
    return workdir
