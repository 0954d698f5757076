"""The flags of `hnas_tf.show`."""

from absl import flags

from hnas_tf.config import PARETO_COSTS

flags.DEFINE_string("workdir", None, "Folder of a search, running or finished.")
flags.DEFINE_integer(
    "limit", 10, "How many individuals, or failures, are shown.", lower_bound=1
)
flags.DEFINE_enum(
    "pareto",
    None,
    PARETO_COSTS,
    "Show instead all individuals than which no other one is as fit and costs "
    "as little; this is the cost.",
)
flags.DEFINE_boolean(
    "failures",
    False,
    "Show instead why individuals failed: counts, and the latest of them.",
)
flags.DEFINE_boolean(
    "verify",
    False,
    "Check instead that all that was recorded follows from the seed and from "
    "what was known.",
)
