"""Where the workers are, as the flags describe it."""

from dataclasses import dataclass

from hnas_tf.errors import require, require_at_least, require_one_of

LOCAL, RAY = "local", "ray"
ENGINES = (LOCAL, RAY)
_CHIPS = (0, 1, 2, 4, 8)


@dataclass(frozen=True)
class ClusterConfig:
    """Where the workers are; nothing of it decides a fitness.

    Attributes:
        engine: `local`: child processes on this machine. `ray`: children of
            Ray's actors.
        ray_address: Of a Ray cluster, `auto` for the one that this machine
            belongs to. Empty: a Ray of this machine alone, started for the
            search.
        cpus_per_worker: What Ray reserves for a worker; may be a fraction.
        gpus_per_worker: Likewise.
        tpu_chips_per_worker: Likewise.
    """

    engine: str = LOCAL
    ray_address: str = ""
    cpus_per_worker: float = 1.0
    gpus_per_worker: float = 0.0
    tpu_chips_per_worker: int = 0

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_one_of(ENGINES, self, "engine")
        require_at_least(0, self, "cpus_per_worker", "gpus_per_worker")
        require(
            self.tpu_chips_per_worker in _CHIPS,
            "tpu_chips_per_worker",
            f"be one of {', '.join(map(str, _CHIPS))}",
            self.tpu_chips_per_worker,
        )
