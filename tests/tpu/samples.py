"""A `gcloud` that only notes how it is called, and a VM that is a folder."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
SHELLCHECK = pathlib.Path(sys.executable).with_name("shellcheck")
SCRIPTS = ("create", "install", "search", "fetch", "delete")
ALL_FILES = sorted((ROOT / "tpu").rglob("*.sh"))
SETTINGS = {"GCP_PROJECT": "my-project", "TPU_NAME": "mine"}
NAMES = (*SETTINGS, "TPU_ZONE", "ACCELERATOR_TYPE", "RUNTIME_VERSION")
OPTIONAL = ("SPOT", "DATA_DISK", "BACKUP_BUCKET", "WORKDIR")
AWKWARD = ('--title=it\'s "so"  so', "--glob=*.$HOME;`id`\\", "--empty=")

PLACE = "--zone=us-central1-a --project=my-project"
TPU_VM = "gcloud compute tpus tpu-vm"
SSH = f"{TPU_VM} ssh mine {PLACE}"
ARCHIVE = "build/hnas_tf.tar.gz"
EXPECTED = {
    "create": [
        f"{TPU_VM} create mine {PLACE} --accelerator-type=v5litepod-8 "
        "--version=v2-alpha-tpuv5-lite"
    ],
    "install": [
        "mkdir -p build",
        "git archive --format=tar.gz --prefix=hnas_tf/ "
        f"--output={ARCHIVE} HEAD",
        f"{TPU_VM} scp {ARCHIVE} mine:hnas_tf.tar.gz {PLACE} --worker=all",
        rf"{SSH} --worker=all --command=rm\ -rf\ hnas_tf/hnas_tf",
        rf"{SSH} --worker=all --command=tar\ -xzf\ hnas_tf.tar.gz",
        f"{SSH} --worker=all --command=hnas_tf/tpu/vm/install.sh",
    ],
    "search": [
        rf"{SSH} --command=env\ DATA_DISK=\ BACKUPS=\ "
        r"hnas_tf/tpu/vm/start.sh\ search"
        r"\ --flagfile=flags/cifar10_search.flags\ --workdir=runs/cifar10"
        r"\ --tpu=local"
    ],
    "fetch": [
        rf"{SSH} --command=hnas_tf/tpu/vm/pack.sh\ runs/cifar10",
        "mkdir -p runs/from-mine",
        f"{TPU_VM} scp mine:hnas_tf/packed.tar.gz runs/from-mine/ {PLACE}",
        "rm -rf runs/from-mine/cifar10",
        "tar -xzf runs/from-mine/packed.tar.gz -C runs/from-mine",
        "rm runs/from-mine/packed.tar.gz",
    ],
    "delete": [f"{TPU_VM} delete mine {PLACE}"],
}


def calls(recorded):
    path = recorded / "calls"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(recorded, script, *arguments, root=ROOT, **settings):
    given = SETTINGS | settings
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in NAMES + OPTIONAL
    }
    return subprocess.run(
        [root / "tpu" / f"{script}.sh", *arguments],
        env={**clean, **given, "PATH": f"{recorded}/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def remote_command(call):
    (command,) = (word for word in call if word.startswith("--command="))
    return command.removeprefix("--command=")


def program(vm, code):
    """Puts a Python program in the place of the VM's Python."""
    python = vm / "hnas_tf" / ".venv-tpu" / "bin" / "python"
    python.write_text(f"#!{sys.executable}\n{code}")
    python.chmod(0o755)


def real_python(vm):
    """Puts ours in the place of the VM's Python: hnas_tf is installed there."""
    program(
        vm,
        "import os, sys\n"
        f"os.execv({sys.executable!r}, [{sys.executable!r}, *sys.argv[1:]])\n",
    )


def on_vm(vm, command, **environment):
    """Does what sshd does: hands the line to the shell of the user."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=vm,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
