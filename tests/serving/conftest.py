"""A trained network and an export of it, which all tests here look at."""

import contextlib
import warnings

import pytest

from hnas_tf.config import DataConfig, ExportConfig
from hnas_tf.serving.exporter import export_trained
from hnas_tf.training.final import train_final
from tests.training.samples import GENOTYPE
from tests.training.trained_samples import CONFIG, load


@contextlib.contextmanager
def keras_may_warn():
    """Of Keras 3.15 under NumPy 2.4, where it reads a variable.

    A fixture is set up under the filters of whichever test comes first.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@pytest.fixture(scope="session")
def workdir(tmp_path_factory):
    """A finished training of two repeats, on the digits."""
    path = tmp_path_factory.mktemp("exported") / "final"
    with keras_may_warn():
        train_final(GENOTYPE, CONFIG, str(path))
    return path


@pytest.fixture(scope="session")
def trained(workdir):
    """The network of its first repeat."""
    return load(workdir)


@pytest.fixture(scope="session")
def export_dir(trained, tmp_path_factory):
    """An export of it; nothing may change there."""
    path = tmp_path_factory.mktemp("export") / "digits"
    config = ExportConfig(model_name="digits", warmup_batch_sizes=(1, 3))
    with keras_may_warn():
        export_trained(trained, DataConfig(), path, config)
    return path


@pytest.fixture(scope="session")
def version(export_dir):
    """The folder of its only version."""
    return export_dir / "1"
