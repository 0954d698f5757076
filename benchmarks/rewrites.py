"""What each rewrite brings: `make benchmark NAME=rewrites`, half an hour.

Candidates are trained as a search trains them, and without one of the things
that make a step fast, in turn, each in processes of its own. Printed are
pictures a second and seconds until the fifth step, of the whole machine, over
those of what a search does.
"""

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.candidates import machine
from benchmarks.candidates.contenders import OURS, Contender, all_contenders
from benchmarks.candidates.genotypes import named_genotypes
from benchmarks.candidates.markdown import table
from benchmarks.candidates.outcome import Quantity, first_steps, training
from benchmarks.candidates.results import ERROR, Found, Results
from benchmarks.candidates.session import Session
from benchmarks.candidates.setting import Setting
from benchmarks.candidates.workload import Workload
from hnas_tf.files import write_text

GENOTYPES = ("hierarchical_1", "hierarchical_2", "flat_3", "liu2018")
VARIANTS = {
    "operation by operation": "Plain",
    "batch norm not fused": "UnfusedBatchNorm",
    "1x1 convolutions as such": "Convolutions",
    "depthwise without padding of tiny images": "UnpaddedDepthwise",
    "parts joined wherever they are read": "Joined",
    "parts never joined": "NeverJoined",
    "equal pools each for itself": "PoolsApart",
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rewrites")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument(
        "--out", type=Path, default=Path("benchmarks/results/rewrites.jsonl")
    )
    parser.add_argument("--genotypes", nargs="+", default=GENOTYPES)
    run(parser.parse_args(arguments), Workload())


def run(options: argparse.Namespace, workload: Workload) -> None:
    """Measures what is missing, and writes the table."""
    session = Session(workload, Results(options.out), named_genotypes())
    cores = machine.cores()
    (whole,) = (
        one
        for one in all_contenders(cores, torch_python="")
        if one.name == OURS
    )
    contenders = [whole, *(variant(whole, name) for name in VARIANTS)]
    for one in contenders:
        session.admit(one)
    alike = Setting(len(cores), 1, 1)
    found: dict[str, dict[str, list[Found]]] = {}
    for number in range(1, options.rounds + 1):
        for genotype in options.genotypes:
            for one in contenders:
                timed = session.time(one, alike, genotype, f"round {number}")
                of_one = found.setdefault(one.name, {})
                of_one.setdefault(genotype, []).append(timed)
    text = page(found, options.genotypes)
    write_text(options.out.with_suffix(".md"), text)
    print(text)


def variant(whole: Contender, name: str) -> Contender:
    """Returns what a search does, without one thing."""
    program = f"benchmarks.candidates.variants:{VARIANTS[name]}"
    return dataclasses.replace(whole, name=name, program=program)


def page(
    found: dict[str, dict[str, list[Found]]], genotypes: Sequence[str]
) -> str:
    """Returns the tables, as Markdown."""
    parts = [
        "# What each rewrite brings\n",
        f"`python -m benchmarks.rewrites`, {machine.describe()}. Two processes "
        "of one thread; without one thing, over what a search does.\n",
    ]
    for title, quantity in (
        ("Training, pictures a second", training),
        ("Until the fifth step, seconds", first_steps),
    ):
        rows = [
            [name, *(ratio(found, name, one, quantity) for one in genotypes)]
            for name in VARIANTS
        ]
        parts += [f"## {title}\n", table(["", *genotypes], rows)]
    return "\n".join(parts)


def ratio(
    found: dict[str, dict[str, list[Found]]],
    name: str,
    genotype: str,
    quantity: Quantity,
) -> str:
    """Returns the median of a variant over that of the whole."""
    middles = []
    for one in (name, OURS):
        its = [f for f in found[one][genotype] if ERROR not in f]
        if not its:
            return "failed"
        middles.append(median(map(quantity, its)))
    return f"{middles[0] / middles[1]:.2f}"


if __name__ == "__main__":
    main()
