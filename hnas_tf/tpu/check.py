"""Has programs compiled, each in a process of its own.

The compiler may crash, run out of memory or never end: that is a verdict like
any other.
"""

import signal
from typing import Any

from hnas_tf.engines.errand import LostChildError, run_errand
from hnas_tf.tpu.job import Job, job_to_document
from hnas_tf.tpu.verdict import (
    CRASHED,
    TIMED_OUT,
    Refused,
    Verdict,
    verdict_from_document,
)

JUDGE = "hnas_tf.tpu.judge:judge"
TIMEOUT_SECONDS = 3600.0


def verdict_of(
    job: Job, *, timeout_seconds: float = TIMEOUT_SECONDS
) -> Verdict:
    """Returns what the compiler says of a job's program.

    Raises:
        HnasError: if the compiler is not installed.
    """
    document = job_to_document(job)
    return verdict_by(JUDGE, document, timeout_seconds=timeout_seconds)


def verdict_by(
    errand: str, document: dict[str, Any], *, timeout_seconds: float
) -> Verdict:
    """Returns the verdict that an errand returns as JSON values.

    Args:
        errand: The import path `module:function`.
        document: What it is given, JSON values.
        timeout_seconds: After which it is ended.

    Raises:
        HnasError: if the errand raises one.
    """
    try:
        found = run_errand(errand, document, timeout_seconds=timeout_seconds)
    except LostChildError as error:
        if error.timed_out:
            return Refused(TIMED_OUT, error.last_words)
        return Refused(CRASHED, f"{_end_of(error)}\n{error.last_words}")
    return verdict_from_document(found)


def _end_of(error: LostChildError) -> str:
    if error.exit_code == -signal.SIGKILL:
        return "It was killed: perhaps this machine is out of memory."
    return f"It ended with exit code {error.exit_code}."
