"""The flags of `hnas_tf.show`."""

from absl import flags

from hnas_tf.cli.sections import FLAGS
from hnas_tf.config import PARETO_COSTS, SearchConfig
from hnas_tf.errors import require
from hnas_tf.evolution.algorithms import ALGORITHMS

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
flags.DEFINE_string(
    "algorithm",
    None,
    "To verify a search by an algorithm of yours, its module:Class once more: "
    "no code is imported because a file names it.",
)


def require_known_algorithm(config: SearchConfig) -> None:
    """Checks that a configuration names no code but ours, or what was typed.

    Raises:
        InvalidError: if it does.
    """
    name = config.evolution.algorithm
    require(
        name in ALGORITHMS or name == FLAGS.algorithm,
        "algorithm",
        "be given as it is in the configuration, to import it",
        f"{FLAGS.algorithm}, and {name} there",
    )
