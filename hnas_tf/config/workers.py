"""Who evaluates, as the flags describe it."""

from dataclasses import dataclass

from hnas_tf.errors import require, require_at_least

DECISIVE = ("threads_per_worker", "devices_per_candidate", "prepare_ahead")
"""What of the workers decides a fitness, or what a proposal knows."""


@dataclass(frozen=True)
class WorkersConfig:
    """Who evaluates.

    Only threads and devices of a child decide a fitness, and only
    `prepare_ahead` what a proposal knows: `DECISIVE`.

    Attributes:
        num_workers: Child processes; `None`: as many as the accelerators
            give, or one per core that the process may use.
        devices_per_candidate: GPUs, or TPU chips, that one child is given.
        workers_per_device: Children that share a GPU.
        threads_per_worker: CPU threads of a child.
        candidate_timeout_seconds: After which a candidate is stopped.
        recycle_worker_after: Candidates after which a child is replaced, since
            memory grows with every network built in a process.
        max_attempts: How often a candidate may lose its worker.
        max_failures_in_a_row: Candidates that may fail one after the other
            before the search ends.
        deadline_seconds: After which a run of the search ends with what it
            has; `None`: never.
        prepare_ahead: Whether the next candidate is proposed, built and
            compiled while the present one trains; `None`: not on a CPU.
    """

    num_workers: int | None = None
    devices_per_candidate: int = 1
    workers_per_device: int = 1
    threads_per_worker: int = 1
    candidate_timeout_seconds: float = 7200.0
    recycle_worker_after: int = 50
    max_attempts: int = 3
    max_failures_in_a_row: int = 20
    deadline_seconds: float | None = None
    prepare_ahead: bool | None = None

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(1, self, "num_workers", optional=True)
        require_at_least(
            1,
            self,
            "devices_per_candidate",
            "workers_per_device",
            "threads_per_worker",
            "recycle_worker_after",
            "max_attempts",
            "max_failures_in_a_row",
        )
        require(
            1 in (self.devices_per_candidate, self.workers_per_device),
            "workers_per_device",
            "be 1 where a candidate has several devices",
            self.workers_per_device,
        )
        for name in ("candidate_timeout_seconds", "deadline_seconds"):
            value = getattr(self, name)
            require(value is None or value > 0, name, "be above 0", value)

    def prepares_ahead(self, device: str | None) -> bool:
        """Returns whether candidates are prepared while others train.

        Args:
            device: The kind of device that a worker trains on, as it says. A
                CPU has no time for it: there, left open, they are not.
        """
        if self.prepare_ahead is None:
            return device != "cpu"
        return self.prepare_ahead
