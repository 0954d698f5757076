"""The tests that the README names exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_promise_has_its_test():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(named) >= 15
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text("utf-8"))
    }
    assert named <= there
