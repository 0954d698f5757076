"""Who is compared."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.candidates import setting as settings
from benchmarks.candidates.genotypes import COMPILED
from benchmarks.candidates.setting import Setting

_ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
# What the user set is for the user's own programs.
_LEFT_OUT = (_ONEDNN, *settings.VARIABLES)
_FOR_ALL = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
# Else every step gets its memory from the system anew, and pays for zeros:
# 14 % on one candidate. TensorFlow keeps what it has without being told.
_KEEP_MEMORY = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(2**40),
}
_HOME = "benchmarks.candidates"

OURS, FIT, INSTALLED = "ours", "fit", "fit_as_installed"
PYTORCH, PYTORCH_COMPILED = "pytorch", "pytorch_compiled"


@dataclass(frozen=True)
class Library:
    """What a contender stands on.

    Attributes:
        python: The interpreter.
        module: What it must be able to import.
        packages: Those whose versions are noted.
    """

    python: str
    module: str
    packages: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Contender:
    """One way to train a candidate.

    Attributes:
        name: In the table.
        program: Its class, as `module:class`.
        library: What it stands on.
        settings: Those to choose from.
        like: Another contender whose setting it gets instead, if any.
        variables: Of its environment.
        genotypes: The only ones that it trains; empty: all.
        is_ours: Whether what is timed is hnas_tf.
    """

    name: str
    program: str
    library: Library
    settings: tuple[Setting, ...]
    like: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    genotypes: tuple[str, ...] = ()
    is_ours: bool = False

    def environment(self, setting: Setting) -> dict[str, str]:
        """Returns the environment of its processes."""
        own = {k: v for k, v in os.environ.items() if k not in _LEFT_OUT}
        return {**own, **_FOR_ALL, **self.variables, **setting.environment()}

    def trains(self, genotype: str) -> bool:
        return not self.genotypes or genotype in self.genotypes


def all_contenders(
    cores: Sequence[int], *, torch_python: str
) -> tuple[Contender, ...]:
    """Returns them, for a machine of these cores."""
    tensorflow = Library(
        sys.executable,
        "tensorflow",
        ("tensorflow", "tensorflow-cpu", "tensorflow-tpu", "keras", "numpy"),
    )
    torch = Library(torch_python, "torch", ("torch", "numpy"))
    eager = settings.settings_of_eager(len(cores))
    graphs = settings.settings_of_graphs(len(cores))
    onednn = {_ONEDNN: "1"}
    return (
        Contender(
            OURS,
            f"{_HOME}.ours:Program",
            tensorflow,
            graphs,
            variables=onednn,
            is_ours=True,
        ),
        Contender(
            FIT, f"{_HOME}.stock:Program", tensorflow, graphs, variables=onednn
        ),
        Contender(
            INSTALLED, f"{_HOME}.stock:Program", tensorflow, (Setting(1),)
        ),
        Contender(
            PYTORCH,
            f"{_HOME}.pytorch:Program",
            torch,
            eager,
            variables=_KEEP_MEMORY,
        ),
        # Its compiler takes minutes for a setting.
        Contender(
            PYTORCH_COMPILED,
            f"{_HOME}.pytorch:CompiledProgram",
            torch,
            eager,
            like=PYTORCH,
            variables=_KEEP_MEMORY,
            genotypes=COMPILED,
        ),
    )
