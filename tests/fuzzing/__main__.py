"""Spoils files by the hundred thousand: `python -m tests.fuzzing`.

Every reader has a process of its own, so that one that crashes, or takes more
memory than it may, is told of, with the input that it had then.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzzing.readers import READERS, read_spoilt

MORE_BYTES = 2**32
"""That a reader may take, beyond what it has when it is ready."""

_MOST_WORDS = 3000
_LAST = "last_input"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--reader", choices=READERS, help="one alone")
    parser.add_argument("--folder", type=Path, help="for the files of one")
    options = parser.parse_args()
    if options.reader:
        found = _outcomes(options.reader, options.folder, options.inputs)
        print(json.dumps(found))
        return
    with ThreadPoolExecutor(options.processes) as pool:
        found = list(pool.map(lambda n: _run(n, options.inputs), READERS))
    print(f"{sum(found):8,} inputs of {len(READERS)} readers")
    sys.exit(not all(found))


def _run(name, inputs):
    """Prints what became of a reader; returns its inputs, 0 if it failed."""
    number = round(inputs * READERS[name].share)
    command = [sys.executable, "-m", "tests.fuzzing", f"--reader={name}"]
    with tempfile.TemporaryDirectory() as folder:
        ended = subprocess.run(
            [*command, f"--inputs={number}", f"--folder={folder}"],
            capture_output=True,
            text=True,
        )
        if ended.returncode:
            print(f"{name}: exit code {ended.returncode}, with the input")
            print((Path(folder) / _LAST).read_text()[:_MOST_WORDS])
            print(ended.stderr[-_MOST_WORDS:])
            return 0
    outcomes = Counter(json.loads(ended.stdout.splitlines()[-1]))
    print(
        f"{outcomes.total():8,} {name}: {outcomes['read']:,} read", flush=True
    )
    return outcomes.total()


def _outcomes(name, folder, number):
    last = folder / _LAST

    def before(spoilt):
        if not last.exists():
            _limit_memory()
        last.write_text(ascii(spoilt))

    place = folder / "files"
    place.mkdir()
    return read_spoilt(name, place, number, before=before)


def _limit_memory():
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MORE_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
