"""Tables of Markdown."""

from collections.abc import Iterable, Sequence

from benchmarks.candidates.outcome import Spread

NOTHING = "-"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns a table, with an empty line after it."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def cell(found: Spread | None, *, digits: int) -> str:
    """Returns a median and what it lies between, if it is not alone."""
    if found is None:
        return NOTHING
    if found.least == found.most:
        return number(found.median, digits=digits)
    middle, least, most = (f"{value:,.{digits}f}" for value in found)
    return f"{middle} ({least}, {most})"


def number(value: float | None, *, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"


def percentage(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.0f} %"


def title(name: str) -> str:
    """Returns a name in words."""
    return name.replace("_", " ")
