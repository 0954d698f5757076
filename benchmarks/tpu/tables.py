"""The answers as tables of Markdown."""

from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.candidates.markdown import NOTHING, number, table
from benchmarks.tpu.answers import Answer
from benchmarks.tpu.candidates import Samples, samples_of
from benchmarks.tpu.questions import CANDIDATES, LIU2018, PLAIN, Question
from benchmarks.tpu.renting import renting
from hnas_tf.tpu.checked import Checked, Sampled
from hnas_tf.tpu.generations import GENERATIONS, Generation
from hnas_tf.tpu.job import TRAINING
from hnas_tf.tpu.verdict import Compiled, Refused, Verdict

Answers = Sequence[Answer]


def page(answers: Answers, versions: str) -> str:
    """Returns all tables."""
    samples = samples_of(answers)
    return "\n".join(
        [
            "# What Google's compiler for TPUs says\n",
            f"`python -m benchmarks.preflight`, {versions}. Nothing ran on a "
            "TPU. Times of a step: the lower bound, from what is computed and "
            "what moves between the chip and its memory, and what the "
            "compiler's own estimates of its operations add up to; it has none "
            "of some, such as the gradients of max pools, nor of waiting for "
            "memory.\n",
            *_liu2018(answers),
            *_candidates(answers, samples),
            *renting(answers, samples),
            *_compile_seconds(answers),
            *_plain(answers),
        ]
    )


def _liu2018(answers: Answers) -> Iterator[str]:
    yield "## liu2018\n"
    yield (
        "The training step of one device (of v2 and v3 half a chip): MiB of "
        "its memory (arguments, temporaries and code), GB moved, the lower "
        "bound and what bounds it, and what the compiler expects.\n"
    )
    rows: dict[str, dict[str, str]] = {}
    for question, checked in _of(answers, LIU2018):
        row = rows.setdefault(question.name, {})
        row[question.job.tpu_type] = _cell(checked)
    yield table(
        [
            "",
            *(f"{n} ({g.memory_bytes / 2**30:.1f} GiB)" for n, g in _devices()),
        ],
        [
            [name, *(row.get(n, NOTHING) for n, _ in _devices())]
            for name, row in rows.items()
        ],
    )


def _candidates(answers: Answers, samples: Samples) -> Iterator[str]:
    yield "## Random candidates within the recipes' budgets, search network\n"
    yield table(
        [
            *("", "fit", "over the budget"),
            *("MiB", "GB moved", "step at least, ms", "expected"),
        ],
        [_row_of_candidates(*of, sampled) for of, sampled in samples.items()],
    )
    yield (
        "\nMedians of those that fit. Over the budget is a share of all that "
        "are drawn until 1,000 are within it.\n"
    )


def _row_of_candidates(
    space: str, tpu_type: str, sampled: Sampled
) -> list[str]:
    found = sampled.checked
    steps = [c.verdicts[TRAINING] for c in found]
    bounds = [b for c in found if (b := c.bound(TRAINING))]
    return [
        f"{space}, {tpu_type}",
        f"{len(sampled.least)} of {len(found)}",
        f"{sampled.share_over_budget:.0%}",
        _median([v.memory.total / 2**20 for v in _good(steps)]),
        _median([v.bytes_moved / 1e9 for v in _good(steps)], digits=2),
        _median([1e3 * bound.seconds for bound in bounds], digits=2),
        _median([1e3 * bound.expected_seconds for bound in bounds], digits=2),
    ]


def _compile_seconds(answers: Answers) -> Iterator[str]:
    yield "## Seconds of the compiler\n"
    seconds: dict[tuple[str, str], list[Compiled]] = {}
    for question, checked, (machine, *_) in answers:
        if question.table == CANDIDATES:
            name = f"{question.name.split()[0]}, {question.job.tpu_type}"
            seconds.setdefault((machine, name), []).extend(
                _good([checked.verdicts[TRAINING]])
            )
    yield table(
        ["machine", "candidates", "number", "median", "least", "most"],
        [
            [
                *key,
                str(len(found)),
                *(
                    number(of([v.compile_seconds for v in found]), digits=0)
                    for of in (median, min, max)
                ),
            ]
            for key, found in seconds.items()
            if found
        ],
    )
    yield "\nOf the step that trains.\n"


def _plain(answers: Answers) -> Iterator[str]:
    yield "## Bytes moved, plain network in float32 / as trained on a TPU\n"
    trained = {
        question.name: checked.verdicts[TRAINING]
        for question, checked in _of(answers, CANDIDATES)
        if question.job.tpu_type == "v5e"
    }
    rows, ratios = [], []
    for question, checked in _of(answers, PLAIN):
        plain, ours = checked.verdicts[TRAINING], trained.get(question.name)
        if isinstance(plain, Compiled) and isinstance(ours, Compiled):
            ratios.append(plain.bytes_moved / ours.bytes_moved)
            pair = (plain.bytes_moved / 1e9, ours.bytes_moved / 1e9)
            rows.append(
                [
                    question.name,
                    *(number(value, digits=2) for value in pair),
                    number(ratios[-1], digits=2),
                ]
            )
    if ratios:
        rows.append(["median", "", "", number(median(ratios), digits=2)])
    yield table(["v5e", "plain, GB", "as trained, GB", "ratio"], rows)


def _of(answers: Answers, name: str) -> Iterator[tuple[Question, Checked]]:
    return ((q, checked) for q, checked, _ in answers if q.table == name)


def _devices() -> list[tuple[str, Generation]]:
    return list(GENERATIONS.items())


def _good(verdicts: Sequence[Verdict]) -> list[Compiled]:
    return [v for v in verdicts if isinstance(v, Compiled)]


def _median(values: Sequence[float], *, digits: int = 1) -> str:
    return number(median(values) if values else None, digits=digits)


def _cell(checked: Checked) -> str:
    verdict = checked.verdicts[TRAINING]
    if isinstance(verdict, Refused):
        return f"no: {verdict.reason}"
    memory = f"{verdict.memory.total / 2**20:,.0f} MiB"
    moved = f"{verdict.bytes_moved / 1e9:,.2f} GB"
    bound = checked.bound(TRAINING)
    if bound is None:
        return f"{memory}, {moved}"
    return (
        f"{memory}, {moved}, {1e3 * bound.seconds:,.1f} ms "
        f"({bound.limited_by}), {1e3 * bound.expected_seconds:,.1f} ms"
    )
