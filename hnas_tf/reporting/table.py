"""Searches and individuals as text."""

from collections.abc import Sequence

from hnas_tf.archive import Archive
from hnas_tf.evolution import Individual, State
from hnas_tf.evolution.mutation import Mutation

_HEADER = (
    "individual",
    "fitness",
    "std",
    "parameters",
    "multiply-adds",
    "parent",
    "mutation",
)


def individuals_table(individuals: Sequence[Individual]) -> str:
    """Returns the individuals as lines of aligned columns, a header first."""
    lines = [_HEADER, *map(_cells, individuals)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) for cell, width in zip(line, widths, strict=True)
        )
        for line in lines
    )


def mutation_in_words(mutation: Mutation | None) -> str:
    """Returns for example `motif 3 of level 2, edge 1 -> 4: conv_1x1`."""
    if mutation is None:
        return "random"
    operation = mutation.operation
    if isinstance(operation, int):
        operation = f"motif {operation}"
    return (
        f"motif {mutation.motif} of level {mutation.level}, edge "
        f"{mutation.source} -> {mutation.target}: {operation or 'none'}"
    )


def _cells(individual: Individual) -> tuple[str, ...]:
    return (
        str(individual.number),
        _accuracy(individual.fitness),
        _accuracy(individual.fitness_std),
        f"{individual.cost.parameters:,}",
        f"{individual.cost.multiply_adds:,}",
        str(individual.parent or "-"),
        mutation_in_words(individual.mutation),
    )


def _accuracy(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def counts(archive: Archive) -> str:
    """Returns how many individuals there are, and what became of them."""
    individuals = archive.individuals()
    states = ", ".join(
        f"{sum(one.state is state for one in individuals)} {state}"
        for state in State
    )
    redrawn = sum(one.num_dead + one.num_over_budget for one in individuals)
    over = sum(one.num_over_budget for one in individuals)
    return (
        f"{len(individuals)} individuals: {states}; {redrawn} draws thrown "
        f"away, {over} of them over the budget"
    )
