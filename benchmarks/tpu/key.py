"""What an answer is found by."""

import json
from importlib.metadata import version
from typing import Any

from benchmarks.candidates.machine import digest_of_hnas_tf
from hnas_tf.errors import HnasError
from hnas_tf.tpu.generations import generation
from hnas_tf.tpu.job import Job, job_to_document

_COMPILER = ("jax", "libtpu")
_LOWERING = ("tensorflow-cpu", "keras")
_CODE = "hnas_tf"


def versions() -> str:
    """Returns the versions of what compiles, and of what lowers."""
    return _of(_COMPILER + _LOWERING)


def require_compiler_of(key: dict[str, Any]) -> None:
    """Checks that this machine's compiler is the one that a key is of.

    Raises:
        HnasError: if it is not.
    """
    if not key["versions"].startswith(_of(_COMPILER)):
        raise HnasError(
            f"Expected the compiler of {key['versions']}, for which the "
            f"programs were written. Received: {_of(_COMPILER)}"
        )


def _of(packages: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {version(name)}" for name in packages)


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
