"""What every search of the experiment is given."""

from dataclasses import asdict, dataclass
from typing import Any

from hnas_tf.config import (
    EvolutionConfig,
    NetworkConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.genotype import FLAT, HIERARCHICAL


@dataclass(frozen=True)
class Budget:
    """The sizes; so small that candidates differ, and can be afforded.

    Attributes:
        num_training: Digits to train on, of
        num_validation: others that give the fitness, and of
        num_test: others that nobody sees before the end.
        num_channels: c0, in two groups of one cell.
        batch_size: Digits of a step.
        num_steps: Of one training.
        learning_rate: Low, so that equal trainings come to equal ends.
        num_repeats: Trainings of a candidate.
        rungs: Shares of a training at which it may be stopped.
        num_individuals: Whose full trainings a search may spend.
        initial_population: Random ones before evolution begins: few, since
            they are hardly ever equal, and evolution has to show in the rest.
        population_size: Of aging, those that live at a time.
        tournament_fraction: Above the paper's 5 %, which of so few were always
            two. Not higher: where reuse fills the population with copies, only
            they would win, and searches end before their steps do.
        num_tests: Trainings of a winner, anew, whose error is reported.
        max_parameters: The most of a candidate.
    """

    num_training: int = 300
    num_validation: int = 748
    num_test: int = 749
    num_channels: int = 8
    batch_size: int = 32
    num_steps: int = 100
    learning_rate: float = 0.01
    num_repeats: int = 6
    rungs: tuple[float, ...] = (0.25, 0.5)
    num_individuals: int = 32
    initial_population: int = 6
    population_size: int = 12
    tournament_fraction: float = 0.2
    num_tests: int = 16
    max_parameters: int = 100_000

    @property
    def shares(self) -> tuple[float, ...]:
        """All shares of a training that are looked at."""
        return (*self.rungs, 1.0)

    @property
    def total_steps(self) -> int:
        """The trained steps of a search."""
        return self.num_individuals * self.num_repeats * self.num_steps

    def describe(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {**asdict(self), "rungs": list(self.rungs)}

    def search(
        self,
        representation: str,
        algorithm: str,
        seed: int,
        *,
        num_evaluations: int | None = None,
        **savings: Any,
    ) -> SearchConfig:
        """Returns a search; if nothing else is said, its steps end it."""
        spaces = {"flat": FLAT, "hierarchical": HIERARCHICAL}
        return SearchConfig(
            seed=seed,
            space=spaces[representation],
            network=NetworkConfig(
                num_channels=self.num_channels,
                num_groups=2,
                image_channels=1,
            ),
            training=TrainingConfig(
                batch_size=self.batch_size,
                num_steps=self.num_steps,
                learning_rate=self.learning_rate,
                num_repeats=self.num_repeats,
                crop_size=8,
                padding=1,
                flip=False,
                rungs=self.rungs,
                precision="float32",
            ),
            evolution=EvolutionConfig(
                algorithm=algorithm,
                num_evaluations=num_evaluations or 100 * self.num_individuals,
                initial_population=self.initial_population,
                tournament_fraction=self.tournament_fraction,
                population_size=self.population_size,
                max_parameters=self.max_parameters,
            ),
            savings=SavingsConfig(**{"reuse_fitness": False, **savings}),
        )


def from_document(document: dict[str, Any]) -> Budget:
    """Returns the budget that `describe` made JSON values of."""
    return Budget(**{**document, "rungs": tuple(document["rungs"])})
