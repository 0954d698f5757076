"""The flags of `hnas_tf.report`."""

from absl import flags

flags.DEFINE_list(
    "workdir",
    None,
    "Folder of a search, running, finished or broken off; several with commas "
    "between them are shown on the same axes.",
)
flags.DEFINE_string("output", "report.html", "File that is written.")
flags.DEFINE_boolean(
    "verify",
    None,
    "Whether the page says if all that was recorded follows from the seed. By "
    "default it does of searches of at most 1,000 individuals; a larger one "
    "takes a second for some hundreds.",
)
