"""Searches and individuals as text."""

from collections.abc import Container, Sequence

from hnas_tf.archive import Archive
from hnas_tf.errors import escaped
from hnas_tf.evolution import Individual, State
from hnas_tf.evolution.mutation import Mutation

_HEADER = (
    "individual",
    "fitness",
    "error",
    "repeats",
    "share",
    "parameters",
    "multiply-adds",
    "parent",
    "mutation",
)


def individuals_table(individuals: Sequence[Individual]) -> str:
    """Returns the individuals as lines of aligned columns, a header first."""
    return aligned([_HEADER, *map(_cells, individuals)])


def aligned(rows: Sequence[Sequence[str]], *, left: Container[int] = ()) -> str:
    """Returns rows of cells as lines of aligned columns.

    Args:
        rows: All of one length; a cell's text stays in its line.
        left: The columns, from 0, that are aligned to the left.
    """
    rows = [tuple(map(escaped, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
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
        _accuracy(individual.standard_error),
        str(individual.num_repeats or "-"),
        "-" if individual.share is None else f"{individual.share:g}",
        f"{individual.cost.parameters:,}",
        f"{individual.cost.multiply_adds:,}",
        str(individual.parent or "-"),
        _origin(individual),
    )


def _origin(individual: Individual) -> str:
    """Returns where it is from, and whether it was trained at all."""
    if individual.is_given:
        words = "given"
    elif individual.parent is not None and individual.mutation is None:
        words = "child"
    else:
        words = mutation_in_words(individual.mutation)
    if individual.equal_to is not None:
        words += f"; equal to {individual.equal_to}"
    return words


def _accuracy(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def counts(archive: Archive) -> str:
    """Returns how many individuals there are, and what became of them."""
    totals = archive.totals()
    numbers = {total.state: total.number for total in totals}
    states = ", ".join(f"{numbers.get(s, 0)} {s}" for s in State)
    equal = sum(total.num_equal for total in totals)
    over = sum(total.num_over_budget for total in totals)
    thrown = over + sum(total.num_dead for total in totals)
    return (
        f"{sum(numbers.values())} individuals: {states}; {equal} of them equal "
        f"to another one and not trained; {thrown} draws thrown away, {over} "
        "of them over the budget"
    )
