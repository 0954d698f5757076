"""What it takes to rent, in hours and dollars: at the least, and expected."""

from collections.abc import Iterator, Sequence
from statistics import fmean

from benchmarks.candidates.markdown import NOTHING, table
from benchmarks.tpu.answers import Answer
from benchmarks.tpu.candidates import Samples, candidates
from benchmarks.tpu.questions import LIU2018, search_config
from hnas_tf.tpu.estimate import (
    CandidateTime,
    final_hours,
    search_hours,
)
from hnas_tf.tpu.job import TRAINING

PRICES = {"v4": 3.22, "v5e": 1.20, "v5p": 4.20, "v6e": 2.70}
"""US dollars a chip and hour, on demand in the US, as listed in 2025."""
_NUM_CHIPS = 8
# What is not trained at all, and what of every training.
_SAVED = {
    "0% saved": (0.0, 0.0),
    "25% saved": (0.25, 0.0),
    "67% saved": (0.67, 0.0),
    "50% of each training saved": (0.0, 0.5),
}
# Trainings of a network, as its recipe in `flags` has it.
_TRAININGS = {"CIFAR": 5, "ImageNet": 1}

Rows = dict[str, dict[str, str]]
_ALONE, _LEAST, _EXPECTED = (
    "the chips alone at the bound",
    "compiling included",
    "as the compiler expects",
)


def renting(answers: Sequence[Answer], samples: Samples) -> Iterator[str]:
    """Yields the lines of the tables."""
    alone = {of: seconds for of in samples if (seconds := _alone(answers, *of))}
    compiling = {of: fmean(seconds) for of, seconds in alone.items()}
    yield f"## A search: {_ALONE} / {_LEAST} / {_EXPECTED}\n"
    yield _table(_searches(samples, compiling))
    yield (
        "\n7,000 candidates. Each is compiled while another trains, for as "
        "long as others took on the mean that two cores compiled alone, one "
        "after another"
        f"{''.join(_in_words(*of, its) for of, its in alone.items())}; the "
        "host of a TPU is another machine. Who is saved, as by reuse, is not "
        "compiled either; of whom early stop ends each is.\n"
    )
    yield f"## A training of liu2018: {_ALONE} / {_EXPECTED}\n"
    yield _table(_trainings(answers))
    yield (
        "\nUS dollars a chip and hour, on demand in the US: list prices of "
        "2025, to be checked.\n"
    )


def _table(rows: Rows) -> str:
    return table(
        ["", *(f"{name} (${each:.2f})" for name, each in PRICES.items())],
        [
            [name, *(row.get(tpu_type, NOTHING) for tpu_type in PRICES)]
            for name, row in rows.items()
        ],
    )


def _alone(answers: Sequence[Answer], space: str, tpu_type: str) -> list[float]:
    """Returns the seconds of both programs where a machine was alone."""
    return [
        answer.checked.compile_seconds
        for answer in candidates(answers, space, tpu_type)
        if answer.was_alone and answer.checked.fits
    ]


def _in_words(space: str, tpu_type: str, seconds: Sequence[float]) -> str:
    name = f"{len(seconds)} {space} ones for a {tpu_type}"
    return f"; {name} {fmean(seconds):.0f} s"


def _searches(
    samples: Samples, compiling: dict[tuple[str, str], float]
) -> Rows:
    rows: Rows = {}
    for saved, shares in _SAVED.items():
        for (space, tpu_type), sampled in samples.items():
            seconds = compiling.get((space, tpu_type))
            if seconds is None or not sampled.least:
                continue
            hours = [
                _search_hours(times, space, each, *shares)
                for times, each in (
                    (sampled.least, 0.0),
                    (sampled.least, seconds),
                    (sampled.expected, seconds),
                )
            ]
            name = f"{space} search, {_NUM_CHIPS} chips, {saved}"
            cell = _cell(tpu_type, hours, _NUM_CHIPS)
            rows.setdefault(name, {})[tpu_type] = cell
    return rows


def _search_hours(
    times: Sequence[CandidateTime],
    space: str,
    compiling: float,
    candidates_saved: float,
    training_saved: float,
) -> float:
    return search_hours(
        [
            CandidateTime(compiling, time.training * (1.0 - training_saved))
            for time in times
        ],
        search_config(space),
        num_chips=_NUM_CHIPS,
        saved_fraction=candidates_saved,
    )


def _trainings(answers: Sequence[Answer]) -> Rows:
    rows: Rows = {}
    for question, checked, _ in answers:
        bound, tpu_type = checked.bound(TRAINING), question.job.tpu_type
        number = _TRAININGS.get(question.name.partition(",")[0])
        is_asked = question.table == LIU2018 and tpu_type in PRICES
        if bound is None or number is None or not is_asked:
            continue
        hours = [
            number * final_hours(question.job.training, seconds)
            for seconds in (bound.seconds, bound.expected_seconds)
        ]
        num_chips = question.job.num_devices // checked.device.devices_per_chip
        often = f", {number} trainings" if number > 1 else ""
        row = rows.setdefault(f"liu2018, {question.name}{often}", {})
        row[tpu_type] = _cell(tpu_type, hours, num_chips)
    return rows


def _cell(tpu_type: str, hours: Sequence[float], num_chips: int) -> str:
    dollars = [each * num_chips * PRICES[tpu_type] for each in hours]
    return (
        f"{' / '.join(f'{each:,.0f}' for each in hours)} h, "
        f"${' / '.join(f'{each:,.0f}' for each in dollars)}"
    )
