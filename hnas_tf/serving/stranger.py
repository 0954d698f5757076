"""Shows pictures to an export in a process that knows nothing of us."""

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hnas_tf.engines.environment import cpu_environment
from hnas_tf.errors import HnasError
from hnas_tf.serving import messages
from hnas_tf.serving.answers import Answers

_PROGRAM = Path(__file__).with_name("standalone.py")
_LAST_LINES = 5


@dataclass(frozen=True)
class Show:
    """Pictures to show, and to which signatures."""

    name: str
    answers: Answers
    signatures: Sequence[str]


@dataclass(frozen=True)
class Seen:
    """What came of it.

    Attributes:
        outputs: By the name of the show, the signature and the output.
        report: Seconds of loading and of the warm-up, how many requests that
            has, or the latencies.
    """

    outputs: dict[tuple[str, str, str], NDArray[Any]]
    report: dict[str, Any]


def show(model: Path, shows: Sequence[Show]) -> Seen:
    """Loads an export in a process of its own, warms it up, and asks it.

    Args:
        model: The SavedModel.
        shows: What it is asked.

    Raises:
        HnasError: if the export cannot be loaded, or fails.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return _ask(model, folder, [_write(show, folder) for show in shows])


def measure(
    model: Path, answers: Answers, *, intra_op_threads: int
) -> dict[int, float]:
    """Returns the seconds of a request, by its batch size.

    Args:
        model: The SavedModel.
        answers: Pictures to measure with.
        intra_op_threads: How many threads share an operation; 0: all cores.

    Raises:
        HnasError: if the export cannot be loaded, or fails.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures = folder / "measured.npz"
        answers.save(pictures)
        seen = _ask(
            model,
            folder,
            [],
            measures=str(pictures),
            intra_op_threads=intra_op_threads,
        )
        latencies = seen.report["latencies"]
        return {int(size): seconds for size, seconds in latencies.items()}


def _ask(
    model: Path,
    folder: Path,
    shows: Sequence[dict[str, Any]],
    *,
    measures: str = "",
    intra_op_threads: int = 0,
) -> Seen:
    """Returns what the program says, through files in a folder."""
    request = {
        "model": str(model),
        "descriptor": base64.b64encode(messages.file_descriptor()).decode(),
        "shows": shows,
        "measures": measures,
        "intra_op_threads": intra_op_threads,
    }
    text = json.dumps(request)
    (folder / "request.json").write_text(text, encoding="utf-8")
    _run(folder, model)
    report = (folder / "report.json").read_text(encoding="utf-8")
    with np.load(folder / "answers.npz") as outputs:
        named = {_names(key): values for key, values in outputs.items()}
    return Seen(named, json.loads(report))


def _names(key: str) -> tuple[str, str, str]:
    name, signature, output = key.split(".")
    return name, signature, output


def _write(show: Show, folder: Path) -> dict[str, Any]:
    path = folder / f"{show.name}.npz"
    show.answers.save(path)
    signatures = list(show.signatures)
    return {"name": show.name, "path": str(path), "signatures": signatures}


def _run(folder: Path, model: Path) -> None:
    # The end of what the program reads tells it that we have died.
    read_end, write_end = os.pipe()
    try:
        found = subprocess.run(
            # -P: no file beside the program is taken for a library.
            [sys.executable, "-P", str(_PROGRAM), str(folder)],
            check=False,
            stdin=read_end,
            capture_output=True,
            text=True,
            errors="replace",
            env=os.environ | cpu_environment(),
        )
    finally:
        os.close(read_end)
        os.close(write_end)
    if found.returncode:
        words = " ".join(found.stderr.strip().splitlines()[-_LAST_LINES:])
        raise HnasError(
            f"Expected an export that loads and answers in {model}. "
            f"Received: exit code {found.returncode}. {words}"
        )
