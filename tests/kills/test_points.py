"""Before and after every transition of an archive the process dies."""

import re
import subprocess
import sys

import pytest

MIN_POINTS = 80


@pytest.mark.parametrize(
    "flags", [[], ["--prepare_ahead"], ["--num_workers=3"]]
)
def test_killed_before_and_after_every_transition(flags):
    done = subprocess.run(
        [sys.executable, "-m", "tests.kills.points", *flags],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (number,) = re.findall(
        r"^(\d+) points, all reached, nothing lost$", done.stdout, re.M
    )
    assert int(number) >= MIN_POINTS
