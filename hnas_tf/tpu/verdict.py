"""What became of a program that was compiled: pure Python."""

import dataclasses
from dataclasses import dataclass
from typing import Any

# Why a program was not compiled.
NOT_LOWERED = "a TPU lacks an operation"
OUT_OF_MEMORY = "does not fit into the memory"
REFUSED = "the compiler refuses it"
CRASHED = "the compiler crashed"
TIMED_OUT = "the compiler took too long"


@dataclass(frozen=True)
class Memory:
    """What a program needs of a device's memory, in bytes.

    Attributes:
        arguments: Variables, pictures, seeds; the variables are updated in
            place.
        outputs: What it gives besides them.
        temporaries: What it keeps for the gradient, and else for a while.
        code: The program itself.
    """

    arguments: int
    outputs: int
    temporaries: int
    code: int

    @property
    def total(self) -> int:
        """All of it."""
        return sum(dataclasses.astuple(self))


@dataclass(frozen=True)
class Compiled:
    """A program that the compiler took.

    Attributes:
        memory: What it needs.
        flops: What it computes in one call.
        bytes_moved: Between the chip and the device's memory in one call.
        cycles: Of the device's clock that the compiler expects of one call.
        lowering_seconds: From the genotype to what the compiler is given.
        compile_seconds: Of the compiler.
    """

    memory: Memory
    flops: float
    bytes_moved: float
    cycles: float
    lowering_seconds: float
    compile_seconds: float


@dataclass(frozen=True)
class Refused:
    """A program that it did not take.

    Attributes:
        reason: Why, one of the reasons above.
        detail: What the compiler says, a few lines.
        layers: The layers that it names, hence the edges of the genotype.
    """

    reason: str
    detail: str
    layers: tuple[str, ...] = ()


Verdict = Compiled | Refused


def briefly(verdict: Verdict) -> str:
    """Returns a verdict in a few words."""
    if isinstance(verdict, Refused):
        return verdict.reason
    return f"compiled in {verdict.compile_seconds:.0f} s"


def verdict_to_document(verdict: Verdict) -> dict[str, Any]:
    """Returns a verdict as JSON values."""
    return dataclasses.asdict(verdict)


def verdict_from_document(document: dict[str, Any]) -> Verdict:
    """Returns what `verdict_to_document` made JSON of."""
    if "reason" in document:
        return Refused(**{**document, "layers": tuple(document["layers"])})
    return Compiled(**{**document, "memory": Memory(**document["memory"])})
