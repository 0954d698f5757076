"""The flags of how genotypes are proposed, and which trainings are saved."""

from pathlib import Path

from absl import flags

from hnas_tf.archive import CONFIG_NAME, read_config
from hnas_tf.cli.genotype_sources import genotypes_of
from hnas_tf.cli.sections import FLAGS, section
from hnas_tf.config import (
    EARLY_STOP_RUNGS,
    PARETO_COSTS,
    EvolutionConfig,
    SavingsConfig,
)
from hnas_tf.evolution.algorithms import ALGORITHMS, find_algorithm
from hnas_tf.genotype import Genotype


def define() -> None:
    """Defines the flags."""
    _define_algorithm()
    _define_evolution()
    _define_budget()
    _define_savings()


def evolution_config() -> EvolutionConfig:
    """Returns how genotypes are proposed.

    Raises:
        InvalidError: if there is no such algorithm, or a value is out of range.
    """
    find_algorithm(FLAGS.algorithm)
    return section(
        EvolutionConfig,
        initial_genotypes=tuple(FLAGS.initial_genotypes),
        initial_population=_initial_population(),
    )


def given_genotypes() -> tuple[Genotype, ...]:
    """Returns what `--initial_genotypes` names, or named when it began.

    A search that goes on keeps what it was given: files and other searches may
    have changed meanwhile.

    Raises:
        HnasError: if something is not there, or is no genotype.
    """
    path = Path(FLAGS.workdir or "", CONFIG_NAME)
    if FLAGS.workdir and path.exists():
        there = read_config(path)
        if list(there.evolution.initial_genotypes) == FLAGS.initial_genotypes:
            return there.given_genotypes
    found: list[Genotype] = []
    for source in FLAGS.initial_genotypes:
        room = _initial_population() - len(found)
        found += genotypes_of(source, limit=max(1, room))
    return tuple(found)


def _initial_population() -> int:
    """Returns how many are random at first: of `aging` no more than may live.

    Real et al. begin to breed when the population is full; more of them would
    die before anyone chose among them. Whoever asks for more gets them.
    """
    wanted, most = FLAGS.initial_population, FLAGS.population_size
    is_asked = FLAGS["initial_population"].present
    is_aging = FLAGS.algorithm == "aging"
    return int(min(wanted, most) if is_aging and not is_asked else wanted)


def _define_algorithm() -> None:
    flags.DEFINE_string(
        "algorithm",
        EvolutionConfig.algorithm,
        f"What proposes genotypes: {', '.join(ALGORITHMS)}, or the import "
        "path module:Class of a class of yours with ask and tell.",
    )
    flags.DEFINE_integer(
        "population_size",
        EvolutionConfig.population_size,
        "Individuals that live at a time, of aging and pareto.",
    )
    flags.DEFINE_enum(
        "pareto_cost",
        EvolutionConfig.pareto_cost,
        PARETO_COSTS,
        "What pareto weighs against fitness.",
    )


def _define_evolution() -> None:
    flags.DEFINE_list(
        "initial_genotypes",
        [],
        "What the search starts with, before random ones: names such as "
        "liu2018, files of genotypes, individuals such as runs/other#17, and "
        "workdirs of searches, whose fittest are taken, as many as fit into "
        "the initial population. With commas between them.",
    )
    flags.DEFINE_integer(
        "num_evaluations",
        EvolutionConfig.num_evaluations,
        "Individuals of the whole search; may grow from run to run.",
    )
    flags.DEFINE_integer(
        "initial_population",
        EvolutionConfig.initial_population,
        "Random individuals before evolution begins; of aging, if this is not "
        "given, at most --population_size.",
    )
    flags.DEFINE_integer(
        "num_initial_mutations",
        EvolutionConfig.num_initial_mutations,
        "Mutations that make a random genotype out of the trivial one.",
    )
    flags.DEFINE_float(
        "tournament_fraction",
        EvolutionConfig.tournament_fraction,
        "Share of the population that enters a tournament.",
    )


def _define_budget() -> None:
    flags.DEFINE_integer(
        "max_parameters",
        EvolutionConfig.max_parameters,
        "Most trainable parameters of a candidate.",
    )
    flags.DEFINE_integer(
        "max_multiply_adds",
        EvolutionConfig.max_multiply_adds,
        "Most multiply-adds of a candidate for one image.",
    )
    flags.DEFINE_integer(
        "max_activation_bytes",
        EvolutionConfig.max_activation_bytes,
        "Most bytes that the outputs which a candidate keeps for the gradient "
        "of one batch may take.",
    )


def _define_savings() -> None:
    flags.DEFINE_boolean(
        "reuse_fitness",
        SavingsConfig.reuse_fitness,
        "Whether an individual whose network was trained before takes the "
        "fitness that was found then. Without, everyone is trained, as in the "
        "paper.",
    )
    flags.DEFINE_boolean(
        "early_stop",
        SavingsConfig.early_stop,
        "Whether candidates are stopped at the rungs of their first repeat, "
        "unless they are among the best that came so far; without --rungs, at "
        f"{', '.join(map(str, EARLY_STOP_RUNGS))} of it.",
    )
    flags.DEFINE_float(
        "early_stop_fraction",
        SavingsConfig.early_stop_fraction,
        "The share of those that reach a rung that go on.",
    )
    flags.DEFINE_boolean(
        "adaptive_repeats",
        SavingsConfig.adaptive_repeats,
        "Whether a candidate is trained again only while its mean could still "
        "matter for selection.",
    )
