"""What is known of networks on a TPU as JSON values; seconds and bytes."""

import dataclasses
from typing import Any

from hnas_tf.config import PreflightConfig, SearchConfig
from hnas_tf.genotype import genotype_to_json
from hnas_tf.tpu.checked import Checked, Sampled
from hnas_tf.tpu.estimate import search_hours
from hnas_tf.tpu.verdict import verdict_to_document

Document = dict[str, Any]


def of_network(checked: Checked) -> Document:
    """Returns what is known of one network."""
    return {
        "genotype": genotype_to_json(checked.job.genotype),
        "tpu_type": checked.job.tpu_type,
        "memory_bytes_of_a_device": checked.device.memory_bytes,
        "num_devices": checked.num_devices,
        "batch_size_of_a_device": checked.job.training.batch_size,
        "parameters": checked.parameters,
        "fits": checked.fits,
        **{step: _program(checked, step) for step in checked.verdicts},
    }


def of_search(
    sampled: Sampled, config: SearchConfig, asked: PreflightConfig
) -> Document:
    """Returns what is known of a search, and of every genotype."""
    return {
        "tpu_type": asked.tpu_type,
        "num_chips": asked.num_chips,
        "num_fit": len(sampled.times),
        "share_over_budget": sampled.share_over_budget,
        "lower_bounds": [
            {
                "saved_fraction": share,
                "hours": search_hours(
                    sampled.times,
                    config,
                    num_chips=asked.num_chips,
                    saved_fraction=share,
                ),
            }
            for share in asked.saved_fraction
            if sampled.times
        ],
        "candidates": [of_network(one) for one in sampled.checked],
        "seconds": [dataclasses.asdict(time) for time in sampled.times],
    }


def _program(checked: Checked, step: str) -> Document:
    bound = checked.bound(step)
    return {
        **verdict_to_document(checked.verdicts[step]),
        "lower_bound": bound and dataclasses.asdict(bound),
    }
