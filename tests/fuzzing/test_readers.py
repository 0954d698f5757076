"""Whatever a stranger writes, our readers raise our errors alone."""

import pytest

from tests.fuzzing.readers import READERS, read_spoilt

# Of Keras 3.15 under NumPy 2.4, where it reads a variable to save it.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword"
    ":DeprecationWarning"
)


@pytest.mark.parametrize("name", READERS)
def test_strangers_files_raise_our_errors_alone(name, tmp_path):
    number = READERS[name].few
    outcomes = read_spoilt(name, tmp_path, number, derandomize=True)
    assert outcomes["refused"] > 0
    assert outcomes.total() >= number / 2
