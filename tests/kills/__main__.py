"""Kills for real: `python -m tests.kills --kills=100 --seed=0`."""

import argparse
import functools
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

from tests.kills.play import Search, play, undisturbed

NUM_WORKERS = (1, 4)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.kills")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--kills", type=int, default=100, help="with one worker, and with four"
    )
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    wanted, survived = len(NUM_WORKERS) * options.kills, Counter()
    start = time.monotonic()
    try:
        for number in NUM_WORKERS:
            for kills in searches(folder, number, options.seed, options.kills):
                survived += kills
                print(f"{survived.total()} of {wanted}", flush=True)
        shutil.rmtree(folder)
    except Exception:  # Whatever it is: what was lost lies in the folder.
        traceback.print_exc()
        print(f"Lost something in {folder}, with --seed={options.seed}")
    whom = " and ".join(f"{n} times a {who}" for who, n in survived.items())
    seconds = time.monotonic() - start
    print(f"{survived.total()} of {wanted} survived, {whom}; {seconds:.0f} s")
    sys.exit(survived.total() != wanted)


def searches(folder, num_workers, seed, most):
    """Yields who was killed in one search after another, until it is enough.

    Every other one prepares ahead. With one worker all end as undisturbed.
    """

    @functools.cache
    def whole(ahead):
        name = f"undisturbed-{ahead}"
        return undisturbed(Search(folder / name, num_workers, ahead))

    number = 0
    while most > 0:
        name, ahead = f"{num_workers}-{number}", number % 2 == 1
        search = Search(folder / name, num_workers, ahead)
        kills = Counter()
        found = play(search, Random(f"{seed}/{name}"), kills, most=most)
        if num_workers == 1:
            assert found == whole(ahead), "it is another search"
        yield kills
        most -= kills.total()
        number += 1


if __name__ == "__main__":
    main()
