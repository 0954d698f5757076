"""A disk of a few megabytes, where the kernel lets anybody mount one."""

import subprocess
import sys

import pytest

_MOUNT = 'mount -t tmpfs -o size="$0" tmpfs "$1"'
_ON_IT = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")


def require_mount(folder):
    """Skips a test where there can be no such disk."""
    command = [*_ON_IT, _MOUNT, "1m", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("Only where an unprivileged user may mount a tmpfs.")


def run(size, folder, script, *arguments, **options):
    """Runs a shell script that has a disk mounted on a folder.

    Args:
        size: Of the disk, as in `1m`.
        folder: Is `$1` in the script; the disk is gone after its end.
        script: In which `$2` is this Python, followed by the arguments.
        *arguments: Of the script.
        **options: Of `subprocess.run`.

    Returns:
        What `subprocess.run` does.
    """
    command = [*_ON_IT, f"{_MOUNT}\n{script}", size, str(folder)]
    return subprocess.run(
        [*command, sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
