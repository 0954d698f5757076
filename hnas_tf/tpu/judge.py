"""Lowers and compiles one program; a child calls it."""

import re
import time
from typing import Any

from hnas_tf.plan import make_plan
from hnas_tf.tpu import compiler
from hnas_tf.tpu.generations import generation
from hnas_tf.tpu.job import Job, job_from_document
from hnas_tf.tpu.programs import LoweringError, lowered
from hnas_tf.tpu.verdict import (
    NOT_LOWERED,
    OUT_OF_MEMORY,
    REFUSED,
    Compiled,
    Refused,
    Verdict,
    verdict_to_document,
)

_MOST_LETTERS = 4_000
_EXHAUSTED = "RESOURCE_EXHAUSTED"


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
        return _refused(NOT_LOWERED, error, job)
    lowering_seconds = time.perf_counter() - start
    from jax.errors import JaxRuntimeError

    device = compiler.tpu_device(generation(job.tpu_type).topology)
    start = time.perf_counter()
    try:
        compiled = compiler.executable(program, device)
    except JaxRuntimeError as error:
        is_memory = _EXHAUSTED in str(error)
        return _refused(OUT_OF_MEMORY if is_memory else REFUSED, error, job)
    seconds = time.perf_counter() - start
    flops, bytes_moved = compiler.cost_of(compiled)
    return Compiled(
        compiler.memory_of(compiled),
        flops,
        bytes_moved,
        lowering_seconds,
        seconds,
    )


def _refused(reason: str, error: Exception, job: Job) -> Refused:
    words = str(error)
    return Refused(reason, words[:_MOST_LETTERS], _layers_named(words, job))


def _layers_named(words: str, job: Job) -> tuple[str, ...]:
    """Returns the operations of the network that a message names."""
    known = {
        operation.name
        for operation in make_plan(job.genotype, job.network).operations
    }
    named = (
        # A layer is named after its operation, and then what it is.
        [n for n in known if word == n or word.startswith((f"{n}.", f"{n}_"))]
        for word in re.findall(r"[\w.]+", words)
    )
    return tuple(sorted({max(names, key=len) for names in named if names}))
