"""The tables of what `measure` and `trace` found.

    python -m benchmarks.gpu.page

Writes `gpu.md` beside `gpu.jsonl`.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.candidates.markdown import (
    NOTHING,
    cell,
    number,
    table,
    title,
)
from benchmarks.candidates.outcome import Spread
from benchmarks.candidates.results import ERROR, Found, Key
from benchmarks.gpu.setting import NOTES, PYTORCH

Entries = Sequence[tuple[Key, Found]]

_INTRODUCTION = """\
# A candidate on a GPU

`python -m benchmarks.gpu.measure`, {devices}; {versions}. The paper's search
network, 16 channels, trained on crops of 24x24 in batches of 256, evaluated on
pictures of 32x32. hnas_tf's step was traced by TensorFlow as for a lone GPU,
and compiled and run by JAX's client: it is the same compiler, of another
version than TensorFlow's. In float32 both may multiply in TF32; in bfloat16
PyTorch's `autocast` decides what is. Medians of seven stretches of 0.3 s, in
brackets the least and the most. `*`: prepared while {beside} others were, on 16
cores, which slows compiling and misleads XLA's choice of convolutions; timed
alone.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu.page")
    parser.add_argument(
        "--results", type=Path, default=Path("benchmarks/results/gpu.jsonl")
    )
    path: Path = parser.parse_args(arguments).results
    lines = path.read_text().splitlines()
    entries = [(e["key"], e["found"]) for e in map(json.loads, lines)]
    traced = path.with_suffix(".trace.json")
    trace = json.loads(traced.read_text()) if traced.exists() else None
    path.with_suffix(".md").write_text(page(entries, trace))


def page(entries: Entries, trace: dict[str, Any] | None = None) -> str:
    """Returns all tables, and who is in none of them."""
    done = [one for one in entries if ERROR not in one[1]]
    failed = [one for one in entries if ERROR in one[1]]
    return "\n".join([*_sections(done, trace), *_failures(failed)])


def _sections(entries: Entries, trace: dict[str, Any] | None) -> Iterator[str]:
    yield _introduction(entries)
    yield table(
        ["", "what it is"],
        [[title(one), NOTES.get(one, "")] for one in _contenders(entries)],
    )
    for name, value in _TABLES.items():
        yield f"## {name}\n"
        yield _table(entries, value)
    yield "## Logits, largest difference from PyTorch's of the same precision\n"
    yield _table(entries, lambda found: NOTHING, compare=True)
    if trace:
        yield _layers(trace)


def _failures(entries: Entries) -> Iterator[str]:
    if entries:
        yield "## Not measured\n"
    for key, found in entries:
        what = (key[part] for part in ("contender", "genotype", "precision"))
        yield f"- {', '.join(map(title, what))}: {found[ERROR]}"
    if entries:
        yield ""


def _introduction(entries: Entries) -> str:
    devices = sorted({key["device"] for key, _ in entries})
    libraries = dict(
        pair for key, _ in entries for pair in key["versions"].items()
    )
    return _INTRODUCTION.format(
        devices=", ".join(devices),
        versions=", ".join(f"{k} {v}" for k, v in sorted(libraries.items())),
        beside=max(key.get("compiled_beside", 0) for key, _ in entries),
    )


def _contenders(entries: Entries) -> list[str]:
    """Returns them, each once, in the order of `NOTES`."""
    found = {key["contender"] for key, _ in entries}
    return [*(n for n in NOTES if n in found), *sorted(found - NOTES.keys())]


def _table(
    entries: Entries,
    value: Callable[[Found], str],
    *,
    compare: bool = False,
) -> str:
    known = {
        (key["genotype"], key["precision"], key["contender"]): (key, found)
        for key, found in entries
    }
    contenders = _contenders(entries)
    rows = []
    for name, precision in dict.fromkeys(place[:2] for place in known):
        row = [known.get((name, precision, one)) for one in contenders]
        other = known.get((name, precision, PYTORCH))
        cells = [
            NOTHING
            if one is None
            else _difference(one[1], other)
            if compare
            else value(one[1]) + ("*" if one[0].get("compiled_beside") else "")
            for one in row
        ]
        rows.append([f"{title(name)}, {precision}", *cells])
    return table(["", *map(title, contenders)], rows)


def _difference(found: Found, other: tuple[Key, Found] | None) -> str:
    if other is None:
        return NOTHING
    theirs = np.array(other[1]["logits"])
    most = np.abs(np.array(found["logits"]) - theirs).max()
    return f"{most / np.abs(theirs).max():.1e}"


def _rate(name: str) -> Callable[[Found], str]:
    return lambda found: cell(
        Spread(found[name], found[f"least_{name}"], found[f"most_{name}"]),
        digits=0,
    )


def _prepared(found: Found) -> str:
    """Returns the seconds until all has been done once."""
    seconds = sum(
        found[f"{name}_seconds"]
        for name in ("build", "first_evaluation", "first_call")
    )
    return number(seconds, digits=0)


_TABLES: dict[str, Callable[[Found], str]] = {
    "Training, images/s": _rate("images_per_second"),
    "Evaluation, images/s": _rate("evaluated_per_second"),
    "Seconds that XLA compiles the training step": lambda found: number(
        found.get("training_compile_seconds"), digits=0
    ),
    "Seconds until a step and a batch of an evaluation are done": _prepared,
    "Memory, MB: of a step by XLA, else the most by PyTorch": lambda found: (
        number(found.get("training_bytes", 0.0) / 1e6, digits=0)
    ),
}


def _layers(trace: dict[str, Any]) -> str:
    layers = trace["layers"]
    rows = [
        [
            f"{title(one['layer'])}, {one['direction']}",
            number(one["milliseconds"], digits=2),
            number(one["calls"], digits=0),
        ]
        for one in layers
    ]
    sums = (sum(one[n] for one in layers) for n in ("milliseconds", "calls"))
    milliseconds, calls = sums
    rows.append(
        ["all", number(milliseconds, digits=2), number(calls, digits=0)]
    )
    head = (
        f"## Where a step's time goes\n\n{title(trace['contender'])}, "
        f"{title(trace['genotype'])}, {trace['precision']}, "
        f"{trace['device']}, kernels started one by one.\n\n"
    )
    return head + table(["", "ms", "kernels"], rows)


if __name__ == "__main__":
    main()
