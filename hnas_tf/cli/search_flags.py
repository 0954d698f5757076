"""The flags of `hnas_tf.search`, and the configuration that they make."""

import dataclasses

from absl import flags

from hnas_tf.cli import (
    cluster_flags,
    data_flags,
    device_flags,
    evolution_flags,
    network_flags,
)
from hnas_tf.cli.sections import FLAGS, define_numbers, section
from hnas_tf.config import (
    EARLY_STOP_RUNGS,
    FITNESS_METRICS,
    ClusterConfig,
    DevicesConfig,
    NetworkConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
    WorkersConfig,
)
from hnas_tf.errors import require
from hnas_tf.genotype import FLAT, HIERARCHICAL, LevelSize, SearchSpace

_SPACES = {"hierarchical": HIERARCHICAL, "flat": FLAT}

_IMAGE_SIZE = "search_image_size"

# The paper's search (Section 4.1); on an ImageNet-type network it made none.
network_flags.define(
    {
        "cifar": (NetworkConfig(), TrainingConfig()),
        "imagenet": (NetworkConfig(num_groups=4), TrainingConfig()),
    }
)
data_flags.define(image_size=_IMAGE_SIZE)
device_flags.define()
cluster_flags.define()
evolution_flags.define()

flags.DEFINE_string("workdir", None, "Folder of this search, on a local disk.")
flags.DEFINE_enum(
    "representation",
    "hierarchical",
    sorted(_SPACES),
    "Motifs of motifs of primitives, or one motif of primitives.",
)
define_numbers(
    "num_motifs",
    None,
    "Motifs of the levels from 2 upwards; the last is 1. By default 6,1 where "
    "hierarchical and 1 where flat.",
    number=int,
)
define_numbers(
    "num_nodes",
    None,
    "Nodes of a motif of the levels from 2 upwards. By default 4,5 where "
    "hierarchical and 11 where flat.",
    number=int,
)
flags.DEFINE_string(
    "evaluator",
    SearchConfig.evaluator,
    "Import path module:factory of what turns a genotype into a fitness.",
)
flags.DEFINE_integer(
    "num_workers",
    WorkersConfig.num_workers,
    "Child processes that train. By default one per accelerator; without "
    "one, one per core.",
)
flags.DEFINE_enum(
    "fitness_metric",
    SearchConfig.fitness_metric,
    FITNESS_METRICS,
    "What fitness is: the accuracy on the validation split, or its mean over "
    "the classes.",
)
flags.DEFINE_integer(
    "devices_per_candidate",
    WorkersConfig.devices_per_candidate,
    "GPUs or TPU chips that train one candidate together.",
)
flags.DEFINE_integer(
    "workers_per_device",
    WorkersConfig.workers_per_device,
    "Child processes that share a GPU.",
)
flags.DEFINE_integer(
    "threads_per_worker",
    WorkersConfig.threads_per_worker,
    "CPU threads of a child; fitnesses repeat to the bit at equal numbers.",
)
flags.DEFINE_float(
    "candidate_timeout_seconds",
    WorkersConfig.candidate_timeout_seconds,
    "After which a candidate is stopped and has failed.",
)
flags.DEFINE_integer(
    "recycle_worker_after",
    WorkersConfig.recycle_worker_after,
    "Candidates after which a child is replaced.",
)
flags.DEFINE_integer(
    "max_attempts",
    WorkersConfig.max_attempts,
    "Workers that may die under a candidate before it has failed.",
)
flags.DEFINE_integer(
    "max_failures_in_a_row",
    WorkersConfig.max_failures_in_a_row,
    "Candidates that may fail one after the other before the search ends.",
)
flags.DEFINE_float(
    "deadline_seconds",
    WorkersConfig.deadline_seconds,
    "After which this run of the search ends with the best so far; the same "
    "command goes on. By default never.",
)
flags.DEFINE_boolean(
    "prepare_ahead",
    WorkersConfig.prepare_ahead,
    "Whether the next candidate is proposed, built and compiled while the "
    "present one trains. By default it is, but on a CPU.",
)
flags.DEFINE_integer(
    "tensorboard_max_candidates",
    30,
    "Candidates whose curves TensorBoard shows: the best and the latest. With "
    "more than 40 runs in all it selects none of them by itself.",
    lower_bound=2,
)
flags.DEFINE_string(
    "backup_dir",
    None,
    "Folder, best on another disk, that gets a copy of archive and "
    "configuration while the search runs; the same command goes on from it.",
)
flags.DEFINE_float(
    "backup_seconds", 300.0, "How old that copy may be.", lower_bound=0.0
)


def search_config() -> SearchConfig:
    """Returns the configuration of the search that the flags describe.

    What the dataset decides is not yet known.

    Raises:
        InvalidError: if a value is out of range, or does not suit another.
    """
    network, training = network_flags.network_and_training()
    # A search's pictures are resized before they are cropped.
    augmentation = training.augmentation
    require(
        augmentation == "crop",
        "augmentation",
        "be crop in a search",
        augmentation,
    )
    if FLAGS.early_stop and FLAGS.rungs is None:
        training = dataclasses.replace(training, rungs=EARLY_STOP_RUNGS)
    return section(
        SearchConfig,
        space=_space(),
        given_genotypes=evolution_flags.given_genotypes(),
        network=network,
        training=training,
        data=data_flags.data_config(image_size=_IMAGE_SIZE),
        devices=section(DevicesConfig),
        cluster=section(ClusterConfig),
        evolution=evolution_flags.evolution_config(),
        savings=section(SavingsConfig),
        workers=section(WorkersConfig),
    )


def _space() -> SearchSpace:
    default = _SPACES[FLAGS.representation]
    num_motifs = FLAGS.num_motifs or tuple(s.num_motifs for s in default.levels)
    num_nodes = FLAGS.num_nodes or tuple(s.num_nodes for s in default.levels)
    require(
        len(num_motifs) == len(num_nodes),
        "num_nodes",
        f"name as many levels as num_motifs, {len(num_motifs)}",
        num_nodes,
    )
    is_flat = FLAGS.representation == "flat"
    require(
        (len(num_motifs) == 1) == is_flat,
        "num_motifs",
        f"name {'one level' if is_flat else 'several levels'} for a "
        f"{FLAGS.representation} representation",
        num_motifs,
    )
    return SearchSpace(tuple(map(LevelSize, num_motifs, num_nodes)))
