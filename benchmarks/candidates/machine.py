"""On what it was measured: the machine, and versions."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import hnas_tf
from benchmarks.candidates import installed
from benchmarks.candidates.contenders import Library

TRAINING_FLOORS = ("plan", "networks", "training")
_CPUINFO = Path("/proc/cpuinfo")
# The widest first; the name of a virtual machine's CPU says nothing of it.
_VECTORS = ("avx512f", "avx2", "avx", "asimd")


def cores() -> list[int]:
    """Returns those that this process may use."""
    return sorted(os.sched_getaffinity(0))


def describe() -> str:
    """Returns the CPU and the number of cores."""
    lines = _CPUINFO.read_text().splitlines() if _CPUINFO.exists() else []
    facts = {
        key.strip(): value.strip()
        for key, _, value in (line.partition(":") for line in lines)
    }
    words = facts.get("flags", facts.get("Features", "")).split()
    vectors = [name for name in _VECTORS if name in words][:1]
    name = facts.get("model name", platform.machine())
    return ", ".join([name, *vectors, f"{len(cores())} cores"])


@cache  # Importing it takes seconds, and contenders share one.
def versions(library: Library) -> dict[str, str]:
    """Returns the versions of a library and of what it stands on.

    Raises:
        LookupError: if it cannot be imported; says why.
    """
    # As text, so that its folder is not where that Python looks for modules.
    program = Path(installed.__file__).read_text(encoding="utf-8")
    command = [library.python, "-c", program, library.module, *library.packages]
    try:
        asked = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise LookupError(str(error)) from error
    if asked.returncode:
        raise LookupError(asked.stderr.strip().splitlines()[-1])
    found: dict[str, str] = json.loads(asked.stdout.splitlines()[-1])
    return found


def digest_of_hnas_tf(
    floors: Sequence[str] = TRAINING_FLOORS, *others: Path
) -> str:
    """Returns what changes when our code does, if only a little.

    Args:
        floors: The packages that count.
        others: Files that count besides.
    """
    root = Path(hnas_tf.__file__).parent
    found = sha256()
    for floor in floors:
        for path in sorted((root / floor).rglob("*.py")):
            found.update(path.read_bytes())
    for path in others:
        found.update(path.read_bytes())
    return found.hexdigest()[:8]
