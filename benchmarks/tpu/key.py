"""What an answer is found by."""

import json
from importlib.metadata import version
from typing import Any

from benchmarks.candidates.machine import digest_of_hnas_tf
from hnas_tf.tpu.generations import generation
from hnas_tf.tpu.job import Job, job_to_document

_PACKAGES = ("jax", "libtpu", "tensorflow-cpu", "keras")
_CODE = "hnas_tf"


def versions() -> str:
    """Returns the versions of what compiles, and of what lowers."""
    return ", ".join(f"{name} {version(name)}" for name in _PACKAGES)


def key_of(job: Job) -> dict[str, Any]:
    """Returns what the answer about a job is found by."""
    device = generation(job.tpu_type)
    return {
        "job": job_to_document(job),
        "slice": [device.topology, device.chip_config],
        "versions": versions(),
        _CODE: digest_of_hnas_tf(),
    }


def anywhen(key: dict[str, Any]) -> str:
    """Returns all of a key but the digest of our code."""
    rest = {name: value for name, value in key.items() if name != _CODE}
    return json.dumps(rest, sort_keys=True)
