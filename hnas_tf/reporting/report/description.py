"""What was searched, in sentences."""

from collections.abc import Iterator

from hnas_tf.config import SearchConfig
from hnas_tf.evolution.algorithms import ALGORITHMS
from hnas_tf.genotype import SearchSpace


def described(config: SearchConfig) -> list[str]:
    """Returns what was searched for, on what, and how, a sentence each."""
    return [
        f"A search for {_space(config.space)}, on {_pictures(config)}.",
        f"Each candidate is {_training(config)}; its fitness is the mean "
        f"{config.fitness_metric.replace('_', ' ')} on the validation split.",
        f"{_algorithm(config)}{''.join(_savings(config))}.",
    ]


def _space(space: SearchSpace) -> str:
    *below, cell = space.levels
    if not below:
        return f"flat cells of {cell.num_nodes} nodes"
    motifs = " on ".join(
        f"{size.num_motifs} motifs of {size.num_nodes} nodes"
        for size in reversed(below)
    )
    return f"hierarchical cells of {cell.num_nodes} nodes on {motifs}"


def _pictures(config: SearchConfig) -> str:
    network, size = config.network, config.training.crop_size
    shown = f", {size}x{size} of each" if size else ""
    return (
        f"{config.data.dataset} ({network.num_classes} classes{shown}) in "
        f"{network.kind}-type networks of {network.num_channels} channels"
    )


def _training(config: SearchConfig) -> str:
    training = config.training
    times = training.num_repeats
    often = "once" if times == 1 else f"{times} times"
    return (
        f"trained {often} for {training.num_steps:,} steps of "
        f"{training.batch_size} pictures"
    )


def _algorithm(config: SearchConfig) -> str:
    evolution = config.evolution
    return (
        f"Algorithm {evolution.algorithm}, {evolution.num_evaluations:,} "
        f"individuals{_beginning(config)}; seed {config.seed}"
    )


def _beginning(config: SearchConfig) -> str:
    """Returns how many of the first were given, and how many random."""
    evolution = config.evolution
    num_first = 0  # Of a user's own algorithm it is not known.
    if evolution.algorithm == "random":
        num_first = evolution.num_evaluations
    elif evolution.algorithm in ALGORITHMS:
        num_first = evolution.initial_population
    num_given = len(config.given_genotypes)
    num_random = min(num_first, evolution.num_evaluations) - num_given
    counts = {"given": num_given, "random": num_random}
    named = [f"{n:,} of them {how}" for how, n in counts.items() if n > 0]
    return f", the first {' and '.join(named)}" if named else ""


def _savings(config: SearchConfig) -> Iterator[str]:
    savings = config.savings
    if savings.reuse_fitness:
        yield "; equal networks are trained once"
    if savings.early_stop:
        yield (
            f"; whoever is not among the best {savings.early_stop_fraction:.0%}"
            " is stopped early"
        )
    if savings.adaptive_repeats:
        yield "; repeats stop when they could not matter"
