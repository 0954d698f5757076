"""How many processes share the machine, and with how many threads."""

from collections.abc import Sequence
from dataclasses import dataclass

_THREADS = "OMP_NUM_THREADS"
_WITHIN, _ACROSS = "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"
VARIABLES = (_THREADS, _WITHIN, _ACROSS)


@dataclass(frozen=True)
class Setting:
    """A division of the machine.

    Attributes:
        processes: Each trains a candidate of its own, on cores of its own.
        within: Threads that share an operation; 0 leaves it to the library.
        across: Operations at a time; PyTorch takes one.
    """

    processes: int
    within: int = 0
    across: int = 0

    def __str__(self) -> str:
        noun = "process" if self.processes == 1 else "processes"
        threads = f"{self.within} x {self.across}" if self.within else "default"
        return f"{self.processes} {noun}, threads {threads}"

    def environment(self) -> dict[str, str]:
        """Returns the variables by which libraries are told."""
        if not self.within:
            return {}
        within = str(self.within)
        return {_THREADS: within, _WITHIN: within, _ACROSS: str(self.across)}

    def cores_of_each(self, cores: Sequence[int]) -> list[list[int]]:
        """Returns the cores of each process."""
        share = len(cores) // self.processes
        return [
            list(cores[share * place : share * (place + 1)])
            for place in range(self.processes)
        ]


def settings_of_graphs(num_cores: int) -> tuple[Setting, ...]:
    """Returns those that TensorFlow has to choose from."""
    alone = Setting(1, num_cores, num_cores)
    narrow = Setting(1, 1, num_cores)
    return tuple(dict.fromkeys([alone, narrow, Setting(num_cores, 1, 1)]))


def settings_of_eager(num_cores: int) -> tuple[Setting, ...]:
    """Returns those that PyTorch has to choose from."""
    alone = Setting(1, num_cores, 1)
    return tuple(dict.fromkeys([alone, Setting(num_cores, 1, 1)]))
