"""The two answers: about one network, and about a search."""

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from hnas_tf.config import FinalConfig, PreflightConfig, SearchConfig
from hnas_tf.data import Description
from hnas_tf.errors import require
from hnas_tf.evolution import Proposal
from hnas_tf.genotype import Genotype
from hnas_tf.tpu import documents, jobs, samples, words
from hnas_tf.tpu.check import verdict_of
from hnas_tf.tpu.checked import Checked, Sampled
from hnas_tf.tpu.generations import generation
from hnas_tf.tpu.job import Job
from hnas_tf.tpu.pictures import described
from hnas_tf.tpu.verdict import Verdict, briefly

# A share of them is good to a few percent, and they take a second.
_NUM_BUDGETED = 200


class Answer(NamedTuple):
    """What is printed.

    Attributes:
        is_well: Whether all compiles and fits.
        text: For a person.
        document: For a program, JSON values; seconds and bytes.
    """

    is_well: bool
    text: str
    document: dict[str, Any]


def of_network(
    genotype: Genotype, config: FinalConfig, asked: PreflightConfig
) -> Answer:
    """Returns what the compiler says of the training of one network.

    Raises:
        HnasError: if the compiler or the dataset is not there, or the devices
            cannot share a batch.
    """
    device = generation(asked.tpu_type)
    job = jobs.final_job(
        genotype,
        config,
        described(config.data, config.network.kind),
        tpu_type=asked.tpu_type,
        num_devices=asked.num_chips * device.devices_per_chip,
    )
    checked = _checked(job, asked, "")
    return Answer(
        checked.fits,
        words.of_network(checked, asked),
        documents.of_training(checked, asked),
    )


def of_search(config: SearchConfig, asked: PreflightConfig) -> Answer:
    """Returns what the compiler says of genotypes that a search could draw.

    Raises:
        HnasError: as `of_network`, or if the chips are too few for one
            candidate.
    """
    require(
        asked.num_chips >= config.workers.devices_per_candidate,
        "num_chips",
        "be at least devices_per_candidate",
        asked.num_chips,
    )
    description = described(config.data, config.network.kind)
    proposals = samples.draw(config, asked.num_samples)
    checked = tuple(_each(proposals, config, description, asked))
    sampled = Sampled.of(
        checked,
        config,
        num_validation=jobs.num_examples(config.data, description)[1],
        share_over_budget=samples.share_over_budget(config, _NUM_BUDGETED),
    )
    return Answer(
        all(one.fits for one in checked),
        words.of_search(sampled, config, asked),
        documents.of_search(sampled, config, asked),
    )


def _each(
    proposals: list[Proposal],
    config: SearchConfig,
    description: Description,
    asked: PreflightConfig,
) -> Iterator[Checked]:
    device = generation(asked.tpu_type)
    chips = config.workers.devices_per_candidate
    for place, proposal in enumerate(proposals, 1):
        job = jobs.search_job(
            proposal.genotype,
            config,
            description,
            tpu_type=asked.tpu_type,
            num_devices=chips * device.devices_per_chip,
        )
        which = f"genotype {place} of {len(proposals)}, "
        yield _checked(job, asked, which)


def _checked(job: Job, asked: PreflightConfig, which: str) -> Checked:
    def ask(job: Job) -> Verdict:
        found = verdict_of(job, timeout_seconds=asked.compile_timeout_seconds)
        # Minutes may pass until the answer.
        print(f"{which}{job.step}: {briefly(found)}", file=sys.stderr)
        return found

    return Checked.by(ask, job)
