"""The flags of where workers are."""

from absl import flags

from hnas_tf.config import ENGINES, ClusterConfig


def define() -> None:
    """Defines the flags."""
    flags.DEFINE_enum(
        "engine",
        ClusterConfig.engine,
        ENGINES,
        "Who runs the workers: this program, or Ray, on one machine or many.",
    )
    flags.DEFINE_string(
        "ray_address",
        ClusterConfig.ray_address,
        "Of a Ray cluster; auto is the one that this machine belongs to. By "
        "default a Ray of this machine alone is started for the search.",
    )
    flags.DEFINE_float(
        "cpus_per_worker",
        ClusterConfig.cpus_per_worker,
        "CPUs that Ray reserves for a worker; may be a fraction.",
    )
    flags.DEFINE_float(
        "gpus_per_worker",
        ClusterConfig.gpus_per_worker,
        "GPUs that Ray reserves for a worker; may be a fraction.",
    )
    flags.DEFINE_integer(
        "tpu_chips_per_worker",
        ClusterConfig.tpu_chips_per_worker,
        "TPU chips that Ray reserves for a worker.",
    )
