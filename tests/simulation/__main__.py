"""Plays seeds: `python -m tests.simulation --seed=17` or `--seconds=3600`."""

import argparse
import itertools
import sys
import time
import traceback
from collections import Counter

from tests.simulation.pairs import NUM_SEEDS, not_as_expected
from tests.simulation.play import play


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, help="plays one")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    if options.seed is not None:
        play_one(options.seed)
    else:
        play_many(options.first, options.seconds)


def play_one(seed) -> None:
    played = play(seed)
    for one in played.individuals:
        print(one.number, one.state, one.fitness, one.reason or "")
    days = played.num_seconds / 86_400
    print(f"{days:.1f} days, {played.num_deaths} deaths; all holds")


def play_many(first, seconds) -> None:
    met, bad, start = Counter(), [], time.monotonic()
    days = deaths = number = 0
    for number in itertools.count(1):
        seed = first + number - 1
        try:
            played = play(seed)
        except Exception:  # Whatever it is: the seed plays it again.
            traceback.print_exc()
            bad.append(seed)
        else:
            met += played.met
            deaths += played.num_deaths
            days += played.num_seconds / 86_400
        if time.monotonic() - start > seconds:
            break
    for pair, count in sorted(met.items()):
        print(f"{count:8d} {pair}")
    print(f"{number} seeds, {days:.0f} days, {deaths} deaths; bad: {bad}")
    problems = not_as_expected(met) if number >= NUM_SEEDS else []
    for problem in problems:
        print(problem)
    sys.exit(bool(bad or problems))


if __name__ == "__main__":
    main()
