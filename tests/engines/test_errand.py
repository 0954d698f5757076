"""A child that does one thing: its answer, or why there is none."""

import os
import subprocess
import sys

import pytest

from hnas_tf.engines.errand import run_errand
from hnas_tf.errors import HnasError
from tests import processes

HERE = "tests.engines.errands"


def sent(name, document=None, **options):
    return run_errand(f"{HERE}:{name}", document or {}, **options)


def complaint(name, document=None, **options):
    with pytest.raises(HnasError) as raised:
        sent(name, document, **options)
    return str(raised.value)


@pytest.fixture(autouse=True)
def marked(mark, monkeypatch):
    """No child of any test here may be left."""
    monkeypatch.setenv(processes.VARIABLE, mark)


@pytest.mark.parametrize(
    "document", [{}, {"a": [1, None, 2.5], "ü": "€\n"}, {"long": "x" * 10**6}]
)
def test_the_answer_comes_back(document):
    answer = sent("echo", document)
    assert answer["heard"] == document
    assert answer["pid"] != os.getpid()


def test_an_error_for_a_person_comes_back_as_it_is():
    words = complaint("refuse", {"word": "ö\nfoo"})
    assert words == "Expected another word. Received: ö\nfoo"


def test_another_exception_is_told_with_its_traceback():
    words = complaint("fail", {"word": "strange"})
    assert words.startswith(
        f"Expected a child to answer {HERE}:fail. Received: its end, with exit "
        "code 1. Traceback"
    )
    assert words.endswith("KeyError: 'strange'")


def test_an_answer_that_is_no_json_is_told():
    assert "set is not JSON serializable" in complaint("answer_nonsense")


@pytest.mark.parametrize("name", [f"{HERE}:nothing", "tests.no_module:nothing"])
def test_a_function_that_is_not_there_is_told(name):
    with pytest.raises(HnasError, match="Error: .*no(thing|_module)"):
        run_errand(name, {})


def test_a_child_that_leaves_is_told_with_its_code():
    words = complaint("leave", {"code": 7})
    assert words.endswith("Received: its end, with exit code 7.")


def test_a_killed_child_is_told_with_the_last_lines_of_its_log():
    words = complaint("log_and_die")
    assert "with exit code -9. line 11\n" in words
    assert words.endswith("line 29\n\N{REPLACEMENT CHARACTER} not in UTF-8")


def test_a_child_that_dies_before_it_listens_is_told(tmp_path, monkeypatch):
    program = "import os\nos._exit(3)\n"
    (tmp_path / "sitecustomize.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    # More than what a pipe holds.
    words = complaint("echo", {"long": "x" * 10**6})
    assert words.endswith("with exit code 3.")


def test_noise_on_stdout_does_not_disturb(capfd):
    assert sent("make_noise") == {"quiet": True}
    assert capfd.readouterr() == ("", "")


def test_the_user_sees_what_is_said_on_stderr_and_no_library(capfd):
    assert sent("tell") == {}
    assert capfd.readouterr() == ("", "words for the user\n")


def test_a_child_that_hangs_is_ended_in_time(tmp_path):
    path = tmp_path / "pid"
    words = complaint("hang", {"path": str(path)}, timeout_seconds=2.5)
    assert f"answer {HERE}:hang within 2.5 s. Received: its end" in words


def test_a_child_in_time_is_not_disturbed_by_its_limit():
    assert sent("echo", timeout_seconds=100)["heard"] == {}


def test_a_child_ends_with_its_parent(tmp_path, mark):
    path = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-m", HERE, str(path)])
    processes.wait_for(lambda: path.exists() and path.read_text())
    assert set(processes.pids(mark)) == {parent.pid, int(path.read_text())}
    processes.kill(parent)
    processes.wait_until_gone(mark)
