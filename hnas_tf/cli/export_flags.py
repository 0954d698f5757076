"""The flags of `hnas_tf.export`."""

from pathlib import Path

from absl import flags

from hnas_tf.cli import data_flags
from hnas_tf.cli.sections import FLAGS, define_numbers, required, section
from hnas_tf.config import FORMATS, IMAGE_DTYPES, ExportConfig

_DEFAULTS = ExportConfig(model_name="model")

data_flags.define_optional()
flags.DEFINE_string(
    "export_dir",
    None,
    "Folder of the versions of this model, which get the numbers 1, 2, ...",
)
flags.DEFINE_string(
    "model_name",
    None,
    "As a server is to know the model; by default the name of --export_dir.",
)
flags.DEFINE_list(
    "format",
    list(_DEFAULTS.formats),
    f"What is written, with commas between: {', '.join(FORMATS)}.",
)
flags.DEFINE_enum(
    "image_dtype",
    _DEFAULTS.image_dtype,
    IMAGE_DTYPES,
    "In which clients send decoded images; the values are the same.",
)
define_numbers(
    "warmup_batch_sizes",
    _DEFAULTS.warmup_batch_sizes,
    "Batch sizes of the requests that a server answers before it serves.",
    number=int,
)
flags.DEFINE_integer(
    "num_pictures",
    _DEFAULTS.num_pictures,
    "How many pictures of a split the export is verified on at most.",
)
flags.DEFINE_float(
    "tolerance",
    _DEFAULTS.tolerance,
    "By how much a probability may differ from that of the trained network.",
)


def export_dir() -> Path:
    """Returns the folder of the versions.

    Raises:
        HnasError: if it was not given.
    """
    return Path(required("export_dir"))


def export_config() -> ExportConfig:
    """Returns the configuration of the flags.

    Raises:
        InvalidError: if a value is out of range.
    """
    name = FLAGS.model_name or export_dir().absolute().name
    return section(
        ExportConfig, model_name=name, formats=tuple(FLAGS["format"].value)
    )
