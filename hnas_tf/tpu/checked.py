"""Networks that the compiler was asked about, and what follows."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from hnas_tf.config import SearchConfig
from hnas_tf.plan import make_plan, plan_cost
from hnas_tf.tpu.bounds import Bound, step_bound
from hnas_tf.tpu.estimate import CandidateTime, training_seconds
from hnas_tf.tpu.generations import Generation, generation
from hnas_tf.tpu.job import EVALUATION, STEPS, TRAINING, Job
from hnas_tf.tpu.verdict import OUT_OF_MEMORY, Compiled, Refused, Verdict


@dataclass(frozen=True)
class Checked:
    """A network that the compiler was asked about.

    Attributes:
        verdicts: Of its programs, by step: `training`, `evaluation`, or one
            of them.
        job: What was compiled.
        device: The generation.
        parameters: Trained numbers.
    """

    verdicts: dict[str, Verdict]
    job: Job
    device: Generation
    parameters: int

    @classmethod
    def by(
        cls,
        ask: Callable[[Job], Verdict],
        job: Job,
        *,
        steps: tuple[str, ...] = STEPS,
    ) -> "Checked":
        """Returns a network whose programs were asked about.

        Args:
            ask: Has a program compiled.
            job: Of the network.
            steps: Of the job; each is compiled.
        """
        device = generation(job.tpu_type)
        size = (job.training.crop_size,) * 2
        plan = make_plan(job.genotype, job.network)
        return cls(
            {
                step: held_against(
                    ask(dataclasses.replace(job, step=step)), device
                )
                for step in steps
            },
            job,
            device,
            plan_cost(plan, image_size=size).parameters,
        )

    @property
    def fits(self) -> bool:
        """Whether all its programs compile and fit."""
        return all(isinstance(v, Compiled) for v in self.verdicts.values())

    @property
    def compile_seconds(self) -> float:
        """Of all programs, from the genotype on."""
        return sum(
            verdict.lowering_seconds + verdict.compile_seconds
            for verdict in self.verdicts.values()
            if isinstance(verdict, Compiled)
        )

    def bound(self, step: str) -> Bound | None:
        """Returns what a step takes, if its program compiles."""
        program = self.verdicts[step]
        if not isinstance(program, Compiled):
            return None
        return step_bound(
            program,
            self.device,
            num_devices=self.job.num_devices,
            parameters=self.parameters if step == TRAINING else 0,
        )


def held_against(verdict: Verdict, device: Generation) -> Verdict:
    """Returns a verdict, a refusal if all of a program is too large.

    The compiler looks at its temporaries alone.
    """
    if not isinstance(verdict, Compiled):
        return verdict
    needed, there = verdict.memory.total, device.memory_bytes
    if needed <= there:
        return verdict
    parts = dataclasses.asdict(verdict.memory)
    which = ", ".join(f"{name} {_gib(size)}" for name, size in parts.items())
    words = f"{_gib(needed)} of {_gib(there)} are needed: {which}."
    return Refused(OUT_OF_MEMORY, words)


def _gib(num_bytes: int) -> str:
    return f"{num_bytes / 2**30:.2f} GiB"


@dataclass(frozen=True)
class Sampled:
    """Random genotypes of a search, as the compiler judges them.

    Attributes:
        checked: One for each genotype.
        least: The times of those that compile and fit, at the bound.
        expected: The same, by the compiler's estimate of a step.
        share_over_budget: Of random genotypes, those that the budget refuses.
    """

    checked: tuple[Checked, ...]
    least: tuple[CandidateTime, ...]
    expected: tuple[CandidateTime, ...]
    share_over_budget: float

    @property
    def chips_alone(self) -> tuple[CandidateTime, ...]:
        """The times at the bound where nothing waits for the compiler."""
        return tuple(
            dataclasses.replace(time, compiling=0.0) for time in self.least
        )

    @classmethod
    def of(
        cls,
        checked: tuple[Checked, ...],
        config: SearchConfig,
        *,
        num_validation: int,
        share_over_budget: float,
    ) -> "Sampled":
        """Returns them with their times.

        Args:
            checked: One for each genotype.
            config: Of the search.
            num_validation: Pictures that a fitness is measured on.
            share_over_budget: Of random genotypes.
        """
        good = [one for one in checked if one.fits]
        least, expected = (
            tuple(_time(one, config, num_validation, of) for one in good)
            for of in (_LEAST, _EXPECTED)
        )
        return cls(checked, least, expected, share_over_budget)


_LEAST = attrgetter("seconds")
_EXPECTED = attrgetter("expected_seconds")


def _time(
    checked: Checked,
    config: SearchConfig,
    num_validation: int,
    seconds_of: Callable[[Bound | None], float],
) -> CandidateTime:
    training = training_seconds(
        config.training,
        seconds_of(checked.bound(TRAINING)),
        seconds_of(checked.bound(EVALUATION)),
        num_validation=num_validation,
    )
    return CandidateTime(checked.compile_seconds, training)
