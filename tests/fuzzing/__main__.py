"""Spoils files by the hundred thousand: `python -m tests.fuzzing`.

Every reader has a process of its own, so that one that crashes, or takes more
memory than it may, is told of.
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


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--reader", help="one alone")
    options = parser.parse_args()
    if options.reader:
        print(json.dumps(_outcomes(options.reader, options.inputs)))
        return
    with ThreadPoolExecutor(options.processes) as pool:
        found = list(
            pool.map(lambda name: _in_a_process(name, options.inputs), READERS)
        )
    print(f"{sum(found):8,} inputs of {len(READERS)} readers")
    sys.exit(not all(found))


def _in_a_process(name, inputs):
    """Prints what became of a reader; returns how many inputs it was given.

    None if it raised anything but our errors.
    """
    number = round(inputs * READERS[name].share)
    command = [sys.executable, "-m", "tests.fuzzing", f"--reader={name}"]
    ended = subprocess.run(
        [*command, f"--inputs={number}"], capture_output=True, text=True
    )
    if ended.returncode:
        print(f"{name}: exit code {ended.returncode}\n{ended.stderr[-3000:]}")
        return 0
    outcomes = Counter(json.loads(ended.stdout.splitlines()[-1]))
    print(
        f"{outcomes.total():8,} {name}: {outcomes['read']:,} read", flush=True
    )
    return outcomes.total()


def _outcomes(name, number):
    with tempfile.TemporaryDirectory() as folder:
        last = Path(folder) / "last"

        def before(spoilt):
            if not last.exists():
                _limit_memory()
            last.write_text(ascii(spoilt))

        place = Path(folder) / "files"
        place.mkdir()
        return read_spoilt(name, place, number, before=before)


def _limit_memory():
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MORE_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
