"""What an answer is found by."""

from importlib.metadata import version
from typing import Any

from benchmarks.candidates.machine import digest_of_hnas_tf
from hnas_tf.tpu.job import Job, job_to_document

_PACKAGES = ("jax", "libtpu", "tensorflow-cpu", "keras")


def versions() -> str:
    """Returns the versions of what compiles, and of what lowers."""
    return ", ".join(f"{name} {version(name)}" for name in _PACKAGES)


def key_of(job: Job) -> dict[str, Any]:
    """Returns what the answer about a job is found by."""
    return {
        "job": job_to_document(job),
        "versions": versions(),
        "hnas_tf": digest_of_hnas_tf(),
    }
