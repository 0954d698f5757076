"""Has programs compiled, each in a process of its own.

The compiler may crash, run out of memory or never end: that is a verdict like
any other.
"""

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
    try:
        document = run_errand(
            JUDGE, job_to_document(job), timeout_seconds=timeout_seconds
        )
    except LostChildError as error:
        reason = TIMED_OUT if error.timed_out else CRASHED
        return Refused(reason, error.last_words)
    return verdict_from_document(document)
