"""How fast a candidate is: `make benchmark NAME=candidate`, about four hours.

From genotype to fitness, in the paper's search network: ours; Keras' `fit` with
the same network of Keras' own layers, with oneDNN and as installed; PyTorch,
where it can be imported (`--torch_python`), and compiled. First all are held to
compute the same function. Then each gets the number of processes and threads
that suits it best. Then come rounds, in which every candidate is trained by all
of them in turn, each time in processes of their own.

Every measurement is appended to a file as it is made, and the same command goes
on with what is missing. In the end a table is written beside it.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.candidates import machine
from benchmarks.candidates.calibration import best_setting, try_settings
from benchmarks.candidates.contenders import OURS, Contender, all_contenders
from benchmarks.candidates.equality import UnequalError, require_equal
from benchmarks.candidates.genotypes import named_genotypes
from benchmarks.candidates.outcome import Outcome
from benchmarks.candidates.page import as_markdown
from benchmarks.candidates.results import Results
from benchmarks.candidates.session import Session
from benchmarks.candidates.workload import Workload
from hnas_tf.files import write_text


def main(arguments: Sequence[str] | None = None) -> None:
    options = parse(arguments)
    contenders = [
        one
        for one in all_contenders(
            machine.cores(), torch_python=options.torch_python
        )
        if one.name in options.contenders
    ]
    try:
        run(options, contenders, Workload())
    except UnequalError as error:
        sys.exit(f"Not the same function. {error}")


def run(
    options: argparse.Namespace,
    contenders: Sequence[Contender],
    workload: Workload,
) -> None:
    """Measures what is missing, and writes the table.

    Raises:
        UnequalError: if two contenders do not compute the same.
    """
    results = Results(options.out, fresh=options.fresh)
    session = Session(workload, results, named_genotypes())
    admitted = [one for one in contenders if session.admit(one)]
    outcome = Outcome(admitted, options.genotypes, options.rounds)
    outcome.differences = compare(session, outcome)
    outcome.tried = try_settings(session, admitted)
    for number in range(1, options.rounds + 1):
        measure_round(session, outcome, number)
    page = as_markdown(session, outcome)
    write_text(options.out.with_suffix(".md"), page)
    print(page)


def compare(session: Session, outcome: Outcome) -> list[float]:
    """Returns how much logits differ, of every candidate.

    Raises:
        UnequalError: if it is too much.
    """
    differences = []
    for genotype in outcome.genotypes:
        said = {
            one.name: session.logits(one, genotype)
            for one in outcome.contenders
            if one.trains(genotype)
        }
        if said:
            differences.append(require_equal(said, genotype))
    return differences


def measure_round(session: Session, outcome: Outcome, number: int) -> None:
    """Measures every candidate with all contenders, and the machine."""
    part = f"round {number}"
    settings = {
        one: best_setting(one, outcome.tried) for one in outcome.contenders
    }
    for place, genotype in enumerate(outcome.genotypes):
        for contender in _in_turn(outcome.contenders, place + number):
            if contender.trains(genotype):
                found = session.time(
                    contender, settings[contender], genotype, part
                )
                outcome.add(contender, genotype, found)
    for contender, setting in settings.items():
        if contender.name == OURS:
            outcome.peaks.append(session.peaks(contender, setting, part))


def _in_turn(contenders: Sequence[Contender], turn: int) -> Sequence[Contender]:
    """Returns all, beginning with another one each time."""
    first = turn % len(contenders)
    return [*contenders[first:], *contenders[:first]]


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Returns the options; ends the program if one is not known."""
    genotypes = list(named_genotypes())
    names = [one.name for one in all_contenders([0], torch_python="")]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.candidate",
        description="How fast a candidate goes from genotype to fitness.",
    )
    parser.add_argument("--rounds", type=int, default=3)
    for option, known in (("genotypes", genotypes), ("contenders", names)):
        parser.add_argument(
            f"--{option}",
            type=lambda text, known=known: _chosen(text, known),
            default=known,
            help=f"some of {','.join(known)}",
        )
    parser.add_argument(
        "--out", type=Path, default=Path("benchmarks/results/candidate.jsonl")
    )
    parser.add_argument(
        "--fresh", action="store_true", help="forget what was measured"
    )
    parser.add_argument(
        "--torch_python",
        default=sys.executable,
        help="an interpreter that can import torch and NumPy",
    )
    return parser.parse_args(arguments)


def _chosen(text: str, known: Sequence[str]) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"expected some of {', '.join(known)}. Received: {unknown[0]}"
        )
    return names


if __name__ == "__main__":
    main()
