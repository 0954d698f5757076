"""The flags of `hnas_tf.evaluate`."""

from absl import flags

from hnas_tf.cli import data_flags, device_flags
from hnas_tf.cli.sections import section
from hnas_tf.config import DevicesConfig

data_flags.define_optional()
device_flags.define()
flags.DEFINE_enum(
    "split",
    None,
    ["train", "validation", "test"],
    "Which pictures of the dataset; by default test, or validation where the "
    "dataset has no test split. Of a folder, PATH/LABEL/*.jpg will do too.",
)
flags.DEFINE_integer(
    "batch_size",
    None,
    "Pictures at a time, over all devices; by default as in the training.",
    lower_bound=1,
)
flags.DEFINE_integer(
    "threads",
    None,
    "CPU threads; by default TensorFlow's.",
    lower_bound=1,
)
flags.DEFINE_integer(
    "num_mistakes",
    10,
    "How many of the wrong predictions are shown: the most confident ones.",
    lower_bound=0,
)
flags.DEFINE_string(
    "output",
    None,
    "A JSON file to write with all figures, the whole confusion matrix, and "
    "what the network says of every picture; may be gs://.",
)


def devices_config() -> DevicesConfig:
    """Returns the devices of the flags."""
    return section(DevicesConfig)
