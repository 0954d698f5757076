"""A compiler that is not there, or does not answer."""

import sys

import pytest

from hnas_tf.errors import HnasError
from hnas_tf.tpu import check, compiler
from hnas_tf.tpu.check import verdict_of
from hnas_tf.tpu.verdict import CRASHED, TIMED_OUT, Refused
from tests import processes
from tests.tpu.programs import JOB

HERE = "tests.tpu.programs"


@pytest.fixture(autouse=True)
def marked(mark, monkeypatch):
    """No child of any test here may be left."""
    monkeypatch.setenv(processes.VARIABLE, mark)


def test_without_the_extra_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(compiler, "_ENVIRONMENT", {})
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(HnasError, match=r"'hnas_tf\[cpu,preflight\]'"):
        compiler.require_compiler()


@pytest.mark.parametrize(
    ("end", "words"),
    [("crash", ("so it goes", "exit code")), ("kill", ("out of memory",))],
)
def test_a_crash_is_a_verdict(monkeypatch, end, words):
    monkeypatch.setattr(check, "JUDGE", f"{HERE}:{end}")
    found = verdict_of(JOB)
    assert isinstance(found, Refused)
    assert found.reason == CRASHED
    assert all(each in found.detail for each in words), found


def test_so_is_a_compile_that_never_ends(monkeypatch):
    monkeypatch.setattr(check, "JUDGE", f"{HERE}:wait")
    found = verdict_of(JOB, timeout_seconds=5.0)
    assert isinstance(found, Refused)
    assert found.reason == TIMED_OUT
