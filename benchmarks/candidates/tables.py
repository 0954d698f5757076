"""The tables of a run."""

from collections.abc import Sequence

from benchmarks.candidates import limits
from benchmarks.candidates.calibration import best_setting
from benchmarks.candidates.contenders import (
    FIT,
    INSTALLED,
    OURS,
    PYTORCH,
    PYTORCH_COMPILED,
)
from benchmarks.candidates.markdown import (
    cell,
    number,
    percentage,
    table,
    title,
)
from benchmarks.candidates.outcome import (
    Outcome,
    Quantity,
    evaluation,
    first_steps,
    rebuilding,
    resetting,
    spread_of,
    training,
)
from benchmarks.candidates.results import ERROR
from benchmarks.candidates.workload import Workload

_OTHERS = (FIT, INSTALLED, PYTORCH)
# What stands above the line, and what below it.
_RATIOS = {
    **{
        f"training: ours / {name}, images/s": (OURS, training, name, training)
        for name in (*_OTHERS, PYTORCH_COMPILED)
    },
    **{
        f"first steps: {name} / ours, s": (
            name,
            first_steps,
            OURS,
            first_steps,
        )
        for name in _OTHERS
    },
    **{
        f"evaluation: ours / {name}, images/s": (
            OURS,
            evaluation,
            name,
            evaluation,
        )
        for name in _OTHERS
    },
    **{
        f"another repeat: {name} built anew / ours reset, s": (
            name,
            rebuilding,
            OURS,
            resetting,
        )
        for name in (OURS, FIT)
    },
}


def ratios(outcome: Outcome) -> str:
    """Returns the medians of ratios over all candidates."""
    rows = []
    for what, (above, its, below, own) in _RATIOS.items():
        found = [
            outcome.ratio((above, its), (below, own), genotype)
            for genotype in outcome.genotypes
        ]
        known = spread_of(ratio for ratio in found if ratio is not None)
        rows.append([title(what), cell(known, digits=2)])
    return table(["", "median (least, most) of the candidates"], rows)


def by_genotype(
    outcome: Outcome,
    names: Sequence[str],
    quantity: Quantity,
    *,
    digits: int = 0,
) -> str:
    """Returns a row for every candidate, and one of the medians of them."""
    columns = [
        [outcome.spread(name, one, quantity) for one in outcome.genotypes]
        for name in names
    ]
    rows = [
        [genotype, *(cell(one, digits=digits) for one in row)]
        for genotype, *row in zip(outcome.genotypes, *columns, strict=True)
    ]
    middles = (
        spread_of(one.median for one in column if one) for column in columns
    )
    rows.append(["median", *(cell(one, digits=digits) for one in middles)])
    return table(["", *map(title, names)], rows)


def repeats(outcome: Outcome) -> str:
    """Returns what another repeat of ours costs, reset and built anew."""
    rows = []
    for genotype in outcome.genotypes:
        found = [
            outcome.spread(OURS, genotype, quantity)
            for quantity in (rebuilding, resetting)
        ]
        rows.append([genotype, *(cell(one, digits=3) for one in found)])
    return table(["", "build + first call - a step", "reset"], rows)


def shares(outcome: Outcome, workload: Workload) -> str:
    """Returns the sizes of the candidates, and our shares of the limits."""
    costs = limits.costs(workload)
    rows = []
    for genotype in outcome.genotypes:
        cost = costs[genotype]
        rows.append(
            [
                genotype,
                f"{cost.parameters:,}",
                number(cost.multiply_adds / 1e6, digits=1),
                number(cost.activation_bytes / 1e6, digits=1),
                percentage(limits.arithmetic_share(outcome, genotype, cost)),
                percentage(limits.memory_share(outcome, genotype, cost)),
            ]
        )
    header = ["", "parameters", "million multiply-adds", "MB kept"]
    return table([*header, "of arithmetic", "of memory"], rows)


def settings(outcome: Outcome) -> str:
    """Returns what every setting brought, and which was chosen."""
    rows = []
    for contender in outcome.contenders:
        chosen = best_setting(contender, outcome.tried)
        tried = outcome.tried.get(contender.name, {chosen: {}})
        for setting, found in tried.items():
            rate = number(found.get("images_per_second"), digits=0)
            rows.append(
                [
                    title(contender.name),
                    str(setting),
                    found.get(ERROR, rate),
                    "yes" if setting == chosen else "",
                ]
            )
    return table(["", "setting", "images/s", "chosen"], rows)
