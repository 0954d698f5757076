"""What the compiler says of one program: JAX, no TensorFlow."""

import re
import time

from hnas_tf.plan import make_plan
from hnas_tf.tpu import compiler
from hnas_tf.tpu.generations import generation
from hnas_tf.tpu.job import Job
from hnas_tf.tpu.largest import largest_values
from hnas_tf.tpu.traffic import traffic_of
from hnas_tf.tpu.verdict import (
    OUT_OF_MEMORY,
    REFUSED,
    Compiled,
    Refused,
    Verdict,
)

_MOST_LETTERS = 4_000
_EXHAUSTED = "RESOURCE_EXHAUSTED"


def judgement(program: str, job: Job, *, lowering_seconds: float) -> Verdict:
    """Returns what the compiler says of a program.

    Args:
        program: StableHLO, in MLIR's words.
        job: That it was lowered for.
        lowering_seconds: Which that took.
    """
    from jax.errors import JaxRuntimeError

    device, *_ = compiler.tpu_devices(generation(job.tpu_type))
    start = time.perf_counter()
    try:
        compiled = compiler.executable(program, device)
    except JaxRuntimeError as error:
        if _EXHAUSTED in str(error):
            title = "Its largest values, before operations are joined:"
            values = [title, *largest_values(program)]
            words = "\n".join([str(error), *values])
            return refused(OUT_OF_MEMORY, words, job)
        return refused(REFUSED, str(error), job)
    seconds = time.perf_counter() - start
    return Compiled(
        compiler.memory_of(compiled),
        compiler.flops_of(compiled),
        *traffic_of(compiler.text_of(compiled)),
        lowering_seconds,
        seconds,
    )


def refused(reason: str, words: str, job: Job) -> Refused:
    """Returns a refusal, with the layers that its words name."""
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
