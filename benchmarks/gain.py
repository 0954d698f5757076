"""What a search brings: `make benchmark NAME=gain`, about half an hour.

For three seeds: the digits' search, then the winner and the median individual
of the first population, both trained by the digits' final recipe, three
repeats each, and tested.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import fmean, stdev

from hnas_tf import save_genotype
from hnas_tf.archive import Archive, read_config
from hnas_tf.evolution import Individual

SEEDS = (0, 1, 2)
NUM_REPEATS = 3


def main() -> None:
    errors: dict[str, list[float]] = {"winner": [], "median": []}
    with tempfile.TemporaryDirectory() as folder:
        for seed in SEEDS:
            for name, its in errors_of(Path(folder) / str(seed), seed).items():
                errors[name] += its
    for name, values in errors.items():
        print(
            f"{name}: test error {fmean(values):.2f} % +- {stdev(values):.2f} "
            f"({len(values)} trainings, {len(SEEDS)} searches)"
        )


def errors_of(workdir: Path, seed: int) -> dict[str, list[float]]:
    """Searches and returns the test errors, in %, of winner and median."""
    run(
        "search",
        "--flagfile=flags/digits_search.flags",
        f"--seed={seed}",
        f"--workdir={workdir}",
    )
    with Archive.open(workdir) as archive:
        size = read_config(workdir / "config.json").evolution.initial_population
        first = [
            one
            for one in archive.individuals()[:size]
            if one.fitness is not None
        ]
        first.sort(key=lambda one: one.fitness or 0.0)
        chosen = {
            "winner": archive.fittest(1)[0],
            "median": first[len(first) // 2],
        }
    return {
        name: test_errors(one, workdir / name, seed, name)
        for name, one in chosen.items()
    }


def test_errors(
    individual: Individual, workdir: Path, seed: int, name: str
) -> list[float]:
    genotype = workdir.with_suffix(".json")
    save_genotype(individual.genotype, genotype)
    run(
        "train",
        "--flagfile=flags/digits_train.flags",
        f"--genotype={genotype}",
        f"--workdir={workdir}",
        f"--seed={seed}",
        f"--num_repeats={NUM_REPEATS}",
    )
    result = json.loads((workdir / "result.json").read_text())
    errors = [
        100 * (1 - accuracy) for accuracy in result["accuracy_of_repeats"]
    ]
    print(
        f"seed {seed}, {name}: fitness {individual.fitness:.4f}, "
        f"{result['parameters']:,} parameters, test errors "
        + ", ".join(f"{error:.2f} %" for error in errors),
        flush=True,
    )
    return errors


def run(program: str, *flags: str) -> None:
    command = [sys.executable, "-m", f"hnas_tf.{program}", *flags]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
