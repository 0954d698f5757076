"""The scripts of tpu/: what they call, and what they refuse."""

import shlex
import shutil
import subprocess

import pytest

from tests.tpu.samples import (
    ALL_FILES,
    EXPECTED,
    NAMES,
    ROOT,
    SCRIPTS,
    SHELLCHECK,
    calls,
    run,
)


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.name)
def test_shellcheck_has_nothing_to_say(path):
    result = subprocess.run(
        [SHELLCHECK, path], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.name)
def test_a_script_stays_under_60_lines(path):
    assert len(path.read_text().splitlines()) <= 60


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_dry_run_prints_the_commands_and_runs_nothing(recorded, script):
    result = run(recorded, script, "--dry-run")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == EXPECTED[script]
    assert calls(recorded) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_run_calls_what_the_dry_run_printed(recorded, script):
    result = run(recorded, script)
    assert result.returncode == 0, result.stderr
    assert calls(recorded) == [shlex.split(line) for line in EXPECTED[script]]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_run_ends_with_the_first_command_that_fails(recorded, script):
    for fake in (recorded / "bin").iterdir():
        fake.write_text(fake.read_text() + "sys.exit(7)\n")
    assert run(recorded, script).returncode == 7
    assert len(calls(recorded)) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_missing_setting_is_named_in_a_sentence(
    recorded, tmp_path, script, name
):
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "tpu", root / "tpu")
    settings = root / "tpu" / "settings.sh"
    lines = settings.read_text().splitlines(keepends=True)
    settings.write_text("".join(x for x in lines if f"{{{name}:" not in x))
    result = run(recorded, script, "--dry-run", root=root, **{name: ""})
    assert result.returncode == 2
    assert result.stderr == (
        f"error: Expected {name} in tpu/settings.sh or in the environment. "
        "Received: nothing\n"
    )
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("script", "arguments", "settings", "message"),
    [
        ("create", (), {"SPOT": "yes"}, "Expected SPOT to be true or false"),
        (
            "search",
            (),
            {"BACKUP_BUCKET": "mine"},
            "Expected BACKUP_BUCKET to begin with gs://. Received: mine",
        ),
        ("search", ("--workdir", "x"), {}, "Expected --workdir=FOLDER"),
        ("install", ("--force",), {}, "Received: --force"),
        ("fetch", ("runs/x",), {}, "Received: runs/x"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(
    recorded, script, arguments, settings, message
):
    result = run(recorded, script, *arguments, **settings)
    assert result.returncode == 2
    assert message in result.stderr
    assert calls(recorded) == []


def test_a_spot_vm_with_a_data_disk_is_created_with_both(recorded):
    result = run(
        recorded, "create", "--network=x", SPOT="true", DATA_DISK="disk"
    )
    assert result.returncode == 0, result.stderr
    (call,) = calls(recorded)
    assert call[-3:] == [
        "--spot",
        "--data-disk=source=projects/my-project/zones/us-central1-a/disks/"
        "disk,mode=read-write",
        "--network=x",
    ]


def test_two_workdirs_of_one_name_are_fetched_to_two_folders(recorded):
    result = run(recorded, "fetch", "--dry-run", "--workdir=runs/cifar10/final")
    assert "mkdir -p runs/from-mine/cifar10\n" in result.stdout
    assert "rm -rf runs/from-mine/cifar10/final\n" in result.stdout


def test_an_empty_variable_wins_over_the_file(recorded):
    result = run(recorded, "search", "--dry-run", WORKDIR="", TPU_ZONE="")
    assert result.returncode == 2
    assert "Expected TPU_ZONE" in result.stderr
