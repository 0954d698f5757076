"""Lowers and compiles one program; a child calls it."""

import time
from typing import Any

from hnas_tf.tpu import compiler
from hnas_tf.tpu.job import Job, job_from_document
from hnas_tf.tpu.judgement import judgement, refused
from hnas_tf.tpu.programs import LoweringError, lowered
from hnas_tf.tpu.verdict import NOT_LOWERED, Verdict, verdict_to_document


def judge(document: dict[str, Any]) -> dict[str, Any]:
    """Returns the verdict of a job, both as JSON values."""
    compiler.require_compiler()
    return verdict_to_document(verdict(job_from_document(document)))


def verdict(job: Job) -> Verdict:
    """Returns what becomes of a job's program."""
    start = time.perf_counter()
    try:
        program = lowered(job)
    except LoweringError as error:
        return refused(NOT_LOWERED, str(error), job)
    seconds = time.perf_counter() - start
    return judgement(program, job, lowering_seconds=seconds)
