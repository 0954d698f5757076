"""What a training and a search cost, from the time of a step: pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from hnas_tf.config import PreflightConfig, SearchConfig, TrainingConfig

_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class CandidateTime:
    """Of one candidate, in seconds.

    Attributes:
        compiling: Of its two programs, lowering included, on this machine.
        training: Of all repeats with their evaluations.
    """

    compiling: float
    training: float

    def lasts(self, *, prepares_ahead: bool) -> float:
        """Returns how long its worker has to do with it.

        Args:
            prepares_ahead: Whether a candidate is compiled while another one
                trains.
        """
        both = (self.compiling, self.training)
        return max(both) if prepares_ahead else sum(both)


def training_seconds(
    config: TrainingConfig,
    step: float,
    evaluation: float,
    *,
    num_validation: int,
) -> float:
    """Returns how long all repeats of a training last.

    Args:
        config: Of the training.
        step: Seconds of one.
        evaluation: Seconds of a batch that is evaluated.
        num_validation: Pictures that are evaluated at every rung and the end.
    """
    num_batches = -(-num_validation // config.batch_size)
    num_evaluations = (len(config.rungs) + 1) * num_batches
    return config.num_repeats * (
        config.num_steps * step + num_evaluations * evaluation
    )


def search_hours(
    times: Sequence[CandidateTime],
    config: SearchConfig,
    *,
    num_chips: int,
    saved_fraction: float,
) -> float:
    """Returns how long a search lasts.

    Args:
        times: Of candidates that stand for all others.
        config: Of the search.
        num_chips: Of the TPU.
        saved_fraction: The share of all candidates that are neither compiled
            nor trained, as equal networks were before.
    """
    ahead = config.workers.prepares_ahead("tpu")
    lasts = fmean(time.lasts(prepares_ahead=ahead) for time in times)
    room = num_chips // config.workers.devices_per_candidate
    num_workers = min(room, config.workers.num_workers or room)
    num_trained = config.evolution.num_evaluations * (1.0 - saved_fraction)
    return num_trained * lasts / num_workers / _SECONDS_PER_HOUR


def price_of(hours: float, asked: PreflightConfig) -> float | None:
    """Returns what all chips cost for so long, if the price is known."""
    each = asked.price_per_chip_hour
    return None if each is None else hours * asked.num_chips * each


def final_hours(config: TrainingConfig, step: float) -> float:
    """Returns how long all steps of a training last, given seconds of one."""
    num_steps = config.num_repeats * config.num_steps
    return num_steps * step / _SECONDS_PER_HOUR
