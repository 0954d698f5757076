"""Failures, full disks, deadlines and backups, as a person meets them."""

import sys

from hnas_tf.archive import Archive
from tests import disks, processes

SHORT = ("--num_workers=1", "--initial_population=2", "--crop_size=8")


def search(mark, workdir, *flags):
    return processes.run(mark, "search", f"--workdir={workdir}", *SHORT, *flags)


def test_failures_are_listed(tmp_path, mark):
    code, out, err = search(
        mark,
        tmp_path,
        "--num_evaluations=7",
        "--evaluator=tests.toy:TroubledEvaluator",
        "--candidate_timeout_seconds=1",
        "--max_attempts=1",
    )
    assert code == 0, err
    code, out, _ = processes.run(
        mark, "show", f"--workdir={tmp_path}", "--failures", "--limit=2"
    )
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "6 individuals failed; workers were lost 2 times"
    assert sorted(lines[1:6]) == [
        "  1 error",
        "  1 not finite",
        "  1 out of memory",
        "  1 time limit",
        "  2 worker lost",
    ]
    assert "individual 7, attempt 1: worker lost" in lines
    assert "individual 5, attempt 1: time limit" in lines


def test_a_search_in_which_all_fail_ends(tmp_path, mark):
    code, _, err = search(
        mark,
        tmp_path,
        "--num_evaluations=50",
        "--evaluator=tests.toy:FailingEvaluator",
        "--max_failures_in_a_row=3",
    )
    assert code == 1
    assert err.splitlines()[-1] == (
        "error: Expected individuals that can be evaluated. Received: 3 in a "
        "row that failed (max_failures_in_a_row), 3 of them with: not finite: "
        "loss nan at step 3"
    )
    with Archive.open(tmp_path) as archive:
        assert archive.num_individuals() == 3


def test_a_deadline_and_a_backup(tmp_path, mark):
    workdir, folder = tmp_path / "search", tmp_path / "copy"
    slow = ("--num_evaluations=10000", "--evaluator=tests.toy:SlowEvaluator")
    code, out, err = search(
        mark,
        workdir,
        *slow,
        "--deadline_seconds=4",
        f"--backup_dir={folder}",
        "--backup_seconds=0",
    )
    assert code == 0, err
    assert "The deadline has come: " in out
    assert processes.pids(mark) == []
    with Archive.open(folder) as copy, Archive.open(workdir) as archive:
        assert copy.individuals() == archive.individuals() != []


FULL = f"""
search() {{ "$1" -m hnas_tf.search --workdir="$0/search" {" ".join(SHORT)} \
    --num_evaluations=200 --evaluator=tests.toy:ToyEvaluator; echo "code $?"; }}
search "$@"
"$1" -m hnas_tf.show --workdir="$0/search" --verify
{disks.ROOMY}
search "$@"
"$1" -m hnas_tf.show --workdir="$0/search" --verify
"""


@disks.requires_mounts
def test_a_program_on_a_full_disk_goes_on_when_there_is_room(tmp_path, mark):
    environment = processes.environment(mark)
    done = disks.run(
        disks.SMALL, tmp_path, FULL, sys.executable, env=environment
    )
    said = done.stdout.splitlines()
    errors = [line for line in done.stderr.splitlines() if "error: " in line]
    assert len(errors) == 1, done.stderr
    # Of the archive, or of what is shown of it, whichever came first.
    assert errors[0].startswith("error: Expected to ")
    assert f"{tmp_path}/search/" in errors[0]
    assert "Traceback" not in done.stderr
    first, second = (number for number, x in enumerate(said) if "code " in x)
    assert (said[first], said[second]) == ("code 1", "code 0")
    assert said[first + 1].startswith("Verified: ")
    assert said[second + 1].startswith("Verified: 200 proposals, ")
    assert processes.pids(mark) == []
