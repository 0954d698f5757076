"""The random candidates of a search that the compiler has answered about."""

from collections.abc import Iterator, Sequence

from benchmarks.tpu.answers import Answer
from benchmarks.tpu.questions import (
    CANDIDATES,
    SPACES,
    search_config,
)
from hnas_tf.tpu import jobs, samples
from hnas_tf.tpu.checked import Sampled
from hnas_tf.tpu.generations import GENERATIONS
from hnas_tf.tpu.pictures import described

Samples = dict[tuple[str, str], Sampled]
"""By space and generation."""


def samples_of(answers: Sequence[Answer]) -> Samples:
    """Returns those that there are of every search and generation."""
    return {
        (space, tpu_type): _sampled(space, found)
        for tpu_type in GENERATIONS
        for space in SPACES
        if (found := list(candidates(answers, space, tpu_type)))
    }


def candidates(
    answers: Sequence[Answer], space: str, tpu_type: str | None = None
) -> Iterator[Answer]:
    """Yields the answers about a search's candidates."""
    for answer in answers:
        question = answer.question
        if (
            question.table == CANDIDATES
            and question.name.startswith(space)
            and tpu_type in (None, question.job.tpu_type)
        ):
            yield answer


def _sampled(space: str, found: Sequence[Answer]) -> Sampled:
    config = search_config(space)
    _, num_validation = jobs.num_examples(
        config.data, described(config.data, "cifar")
    )
    return Sampled.of(
        tuple(answer.checked for answer in found),
        config,
        num_validation=num_validation,
        share_over_budget=samples.share_over_budget(config, 1_000),
    )
