"""What is known of networks on a TPU as JSON values; seconds and bytes."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from hnas_tf.config import PreflightConfig, SearchConfig
from hnas_tf.genotype import genotype_to_json
from hnas_tf.tpu.checked import Checked, Sampled
from hnas_tf.tpu.estimate import (
    CandidateTime,
    final_hours,
    price_of,
    search_hours,
)
from hnas_tf.tpu.job import TRAINING
from hnas_tf.tpu.verdict import verdict_to_document

Document = dict[str, Any]


def of_network(checked: Checked) -> Document:
    """Returns what is known of one network."""
    return {
        "genotype": genotype_to_json(checked.job.genotype),
        "tpu_type": checked.job.tpu_type,
        "memory_bytes_of_a_device": checked.device.memory_bytes,
        "num_devices": checked.job.num_devices,
        "batch_size_of_a_device": checked.job.batch_size,
        "parameters": checked.parameters,
        "fits": checked.fits,
        "hours": _hours(checked),
        **{step: _program(checked, step) for step in checked.verdicts},
    }


def of_training(checked: Checked, asked: PreflightConfig) -> Document:
    """Returns what is known of one network, and what its training costs."""
    known = of_network(checked)
    price = known["hours"] and {
        name: price_of(hours, asked) for name, hours in known["hours"].items()
    }
    return {**known, "price": price}


def of_search(
    sampled: Sampled, config: SearchConfig, asked: PreflightConfig
) -> Document:
    """Returns what is known of a search, and of every genotype."""
    return {
        "tpu_type": asked.tpu_type,
        "num_chips": asked.num_chips,
        "num_fit": len(sampled.least),
        "share_over_budget": sampled.share_over_budget,
        "chips_alone": _costs(sampled.chips_alone, config, asked),
        "compiling_included": _costs(sampled.least, config, asked),
        "expected": _costs(sampled.expected, config, asked),
        "candidates": [of_network(one) for one in sampled.checked],
        "seconds": [
            {**dataclasses.asdict(least), "expected": expected.training}
            for least, expected in zip(
                sampled.least, sampled.expected, strict=True
            )
        ],
    }


def _costs(
    times: Sequence[CandidateTime], config: SearchConfig, asked: PreflightConfig
) -> list[Document]:
    """Returns hours, and the price if a chip's is known, by what is saved."""
    if not times:
        return []
    found = []
    for share in asked.saved_fraction:
        hours = search_hours(
            times, config, num_chips=asked.num_chips, saved_fraction=share
        )
        price = price_of(hours, asked)
        found.append({"saved_fraction": share, "hours": hours, "price": price})
    return found


def _hours(checked: Checked) -> Document | None:
    """Returns what all steps of the training last."""
    bound, training = checked.bound(TRAINING), checked.job.training
    if bound is None:
        return None
    return {
        "lower_bound": final_hours(training, bound.seconds),
        "expected": final_hours(training, bound.expected_seconds),
    }


def _program(checked: Checked, step: str) -> Document:
    bound = checked.bound(step)
    return {
        **verdict_to_document(checked.verdicts[step]),
        "lower_bound": bound and dataclasses.asdict(bound),
    }
