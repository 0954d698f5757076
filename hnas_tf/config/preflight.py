"""What is asked before a TPU is rented, as the flags describe it."""

from dataclasses import dataclass

from hnas_tf.errors import require, require_at_least


@dataclass(frozen=True)
class PreflightConfig:
    """A question about a TPU that is not there.

    Attributes:
        tpu_type: Its generation.
        num_chips: Those that share a batch of one network, or all that a
            search has.
        num_samples: Random genotypes that stand for those of a search.
        price_per_chip_hour: What a chip costs an hour, if known.
        saved_fraction: Shares of a search's candidates that are neither
            compiled nor trained; an estimate is made for each.
        compile_timeout_seconds: After which a compile is given up.
    """

    tpu_type: str = "v5e"
    num_chips: int = 1
    num_samples: int = 8
    price_per_chip_hour: float | None = None
    saved_fraction: tuple[float, ...] = (0.0,)
    compile_timeout_seconds: float = 3600.0

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require_at_least(1, self, "num_chips", "num_samples")
        require_at_least(0, self, "price_per_chip_hour", optional=True)
        shares = self.saved_fraction
        require(
            bool(shares) and all(0 <= share < 1 for share in shares),
            "saved_fraction",
            "be numbers in [0, 1)",
            shares,
        )
        require(
            self.compile_timeout_seconds > 0,
            "compile_timeout_seconds",
            "be above 0",
            self.compile_timeout_seconds,
        )
