"""The flags of `hnas_tf.show`."""

from absl import flags

flags.DEFINE_string("workdir", None, "Folder of a search, running or finished.")
flags.DEFINE_integer(
    "limit", 10, "How many of the best individuals are shown.", lower_bound=1
)
