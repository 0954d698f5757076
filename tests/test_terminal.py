"""What a terminal is shown of files steers no terminal."""

import contextlib
import sqlite3
import sys

import pytest

from hnas_tf.archive import Archive
from hnas_tf.cli import program
from hnas_tf.data import Description
from hnas_tf.errors import HnasError, InvalidError, escaped, shortened
from hnas_tf.reporting import evaluation, exports, summary, table
from hnas_tf.reporting.failures import failures
from tests import processes
from tests.fuzzing import sound
from tests.reporting.test_evaluation import document

EVIL = "\x1b[2J\x1b]0;x\x07\u202e\u2066\r\n\x9b31m\ud800"
SHOWN = r"\x1b[2J\x1b]0;x\x07\u202e\u2066\r\n\x9b31m\ud800"  # As Python has it.


def assert_harmless(text, *, lines):
    """Checks that each line is one of ours, and can be printed."""
    assert SHOWN in text
    found = text.split("\n")
    assert len(found) == lines, text
    assert all(line.isprintable() for line in found), ascii(text)


def test_what_cannot_be_printed_is_written_as_python_writes_it():
    assert escaped(EVIL) == SHOWN
    assert escaped(SHOWN) == SHOWN
    assert escaped("Zürich, 東京") == "Zürich, 東京"


def test_a_value_is_shortened_however_long_or_deep():
    deep = []
    for _ in range(sys.getrecursionlimit()):
        deep = [deep]
    for value in (deep, "x" * 10**7, [0] * 10**6, 10**4000, {"a": EVIL}):
        text = shortened(value)
        assert len(text) <= 60
        assert text.isprintable()


@pytest.mark.parametrize("kind", [HnasError, InvalidError])
def test_an_error_keeps_its_lines_and_nothing_else(kind):
    error = kind(f"Received: {EVIL}")
    assert str(error) == f"Received: {SHOWN}".replace(r"\n", "\n")
    assert str(kind(str(error))) == str(error)


def test_a_line_in_an_error_pretends_to_be_no_other(capsys):
    def main():
        raise HnasError("Received: x\nerror: all is well")

    with pytest.raises(SystemExit):
        program._run(main, ["program"])
    assert capsys.readouterr().err == (
        "error: Received: x\n  error: all is well\n"
    )


def test_a_class_that_is_named_like_that_is_shown_in_its_line():
    text = evaluation.in_words(
        document([(0, 1), (1, 1)], [EVIL, "dog"], dataset=EVIL),
        num_mistakes=3,
    )
    assert_harmless(text, lines=len(text_of_good().split("\n")))


def text_of_good():
    return evaluation.in_words(
        document([(0, 1), (1, 1)], ["c" * len(SHOWN), "dog"]), num_mistakes=3
    )


def test_pictures_that_are_named_like_that_are_too():
    skipped = {EVIL: EVIL}
    text = evaluation.in_words(
        document([(0, 0)], ["cat"], skipped=skipped), num_mistakes=0
    )
    assert_harmless(text.split("\n\n")[-1], lines=2)
    description = Description(
        name=EVIL,
        image_size=(1, 1),
        image_channels=1,
        class_names=("cat",),
        mean=(0.0,),
        std=(1.0,),
        skipped=skipped,
        odd={EVIL: 1},
    )
    assert_harmless(summary.of_pictures(description), lines=4)


def test_tables_keep_their_lines():
    assert_harmless(table.aligned([("a", "b"), (EVIL, "c")]), lines=2)
    comparisons = {
        EVIL: {"num_pictures": 1, "largest_difference": 0.0, "num_changed": 0}
    }
    text = exports.comparisons_in_words(comparisons, where="there")
    assert_harmless(text, lines=3)


@pytest.fixture
def stranger(tmp_path):
    """The workdir of a search whose texts are like that."""
    path = sound.write_search(tmp_path)
    evil = EVIL.encode("utf-8", "surrogatepass").replace(b"\xed\xa0\x80", b"")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.create_function("evil", 0, evil.decode)
        connection.execute("UPDATE individuals SET reason = evil()")
        connection.execute(
            "UPDATE events SET document = json_set(document, '$.reason',"
            " evil(), '$.detail', evil() || evil()) WHERE kind = 'failed'"
        )
        connection.execute(
            "UPDATE individuals SET mutation = json_set(mutation,"
            " '$.operation', evil()) WHERE mutation IS NOT NULL"
        )
        connection.execute(
            "UPDATE events SET document = json_set(document, '$.facts.device',"
            " evil()) WHERE kind = 'ready'"
        )
        connection.commit()
    return tmp_path


def test_so_do_failures_of_a_strangers_search(stranger):
    with Archive.open(stranger) as archive:
        text = failures(archive, 9)
    assert "\\x1b[2J" in text
    assert all(line.isprintable() for line in text.split("\n")), ascii(text)


@pytest.mark.parametrize("flag", ["--limit=99", "--failures", "--verify"])
def test_show_prints_a_strangers_search_harmlessly(stranger, mark, flag):
    _, out, err = processes.run(mark, "show", f"--workdir={stranger}", flag)
    assert err == ""
    assert out
    assert all(line.isprintable() for line in out.split("\n")), ascii(out)


def test_what_a_program_says_is_harmless(capsys):
    program.say(f"{EVIL}\n{EVIL}")
    text = capsys.readouterr().out
    assert text == f"{SHOWN}\n{SHOWN}\n".replace("\\n\\x9b", "\n\\x9b")


def test_a_flag_with_such_a_value_is_refused_harmlessly(mark, tmp_path):
    code, _, err = processes.run(
        mark, "show", f"--workdir={tmp_path}/\x1b[2J\u202e"
    )
    assert code == 1
    assert "\\x1b[2J\\u202e" in err
    assert err.rstrip("\n").isprintable()
