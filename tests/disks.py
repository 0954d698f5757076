"""Disks of a program's own: that cannot be written to, or that are full.

Permissions do not bind root, so that folders are mounted anew, for one program.
"""

import subprocess
import tempfile

import pytest

READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && '
SMALL = 'mount -t tmpfs -o size=1m tmpfs "$0" && '
ROOMY = 'mount -o remount,size=64m "$0"'
"""What a program on a small disk may do."""


def run(mount, folder, script, *arguments, **options):
    """Runs a shell script that has a folder mounted.

    Args:
        mount: One of the above.
        folder: What it writes there is gone after its end if it is small.
        script: Has the folder as `$0`, and the arguments.
        *arguments: Of the script.
        **options: Of `subprocess.run`.
    """
    command = ("unshare", "--map-root-user", "--mount", "sh", "-c")
    return subprocess.run(
        [*command, mount + script, *map(str, (folder, *arguments))],
        check=False,
        capture_output=True,
        text=True,
        **options,
    )


def _can_mount():
    with tempfile.TemporaryDirectory() as folder:
        try:
            return all(
                run(mount, folder, "true").returncode == 0
                for mount in (READ_ONLY, SMALL)
            )
        except FileNotFoundError:
            return False


requires_mounts = pytest.mark.skipif(
    not _can_mount(), reason="This user may not mount"
)
