"""What lies where in the workdir of a search, and who may write there."""

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path

from hnas_tf.archive.archive import FILE_NAME, Archive, open_archive
from hnas_tf.archive.config_file import (
    CONFIG_NAME,
    differences,
    read_config,
    write_config,
)
from hnas_tf.config import SearchConfig
from hnas_tf.errors import ArchiveError

BEST_DIR = "best"
DATA_DIR = "data"
TENSORBOARD_DIR = "tensorboard"

# What programs write to in a workdir, other than by replacing a file.
_WRITTEN = (f"{FILE_NAME}*", BEST_DIR, DATA_DIR, TENSORBOARD_DIR, "repeat_*")

# POSIX locks and shared memory, which the WAL needs, do not hold on these.
_NETWORK_FILE_SYSTEMS = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre"),
        *("glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.gcsfuse"),
    )
)


@contextlib.contextmanager
def open_search(workdir: str | Path, config: SearchConfig) -> Iterator[Archive]:
    """Opens a new search, or the one that stands there, for writing.

    Raises:
        ArchiveError: if the folder cannot be used, another program writes to
            it, or it holds another search; says what differs.
    """
    path = make_local_dir(workdir)
    with lock(path):
        is_new = not (path / FILE_NAME).exists()
        _check_config(path, config, is_new=is_new)
        if is_new:
            # First: there is no archive of which nobody knows the search.
            write_config(config, path / CONFIG_NAME)
        with open_archive(path / FILE_NAME, writable=True) as archive:
            if not is_new:
                write_config(config, path / CONFIG_NAME)
            yield archive


def _check_config(path: Path, config: SearchConfig, *, is_new: bool) -> None:
    if (path / CONFIG_NAME).exists():
        check_same_search(path, config)
    elif not is_new:
        raise ArchiveError(
            f"Expected {CONFIG_NAME} beside {FILE_NAME} in {path}. "
            f"Received: a workdir without {CONFIG_NAME}"
        )


def make_local_dir(workdir: str | Path) -> Path:
    """Returns a folder on a local disk, made if need be.

    Raises:
        ArchiveError: if it is not local, cannot be made or written to, or has
            links in it.
    """
    require_local(workdir, "a workdir")
    path = Path(workdir).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"Expected to make the workdir {path}. Received: {error.strerror}"
        ) from error
    kind = _file_system(path.resolve())
    if kind in _NETWORK_FILE_SYSTEMS:
        raise ArchiveError(
            f"Expected a workdir on a local disk. Received: {path} on {kind}"
        )
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        is_read_only = os.statvfs(path).f_flag & os.ST_RDONLY
        why = (
            "on a read-only file system"
            if is_read_only
            else "where permission is denied"
        )
        raise ArchiveError(
            f"Expected a workdir that can be written. Received: {path}, {why}"
        )
    require_no_links(path)
    return path


def require_local(path: str | Path, what: str) -> None:
    """Checks that a path is no address of a bucket, say.

    Args:
        path: Is not looked at on the disk.
        what: It is of.

    Raises:
        ArchiveError: if it is one.
    """
    if re.match(r"[a-z][a-z0-9+.-]+:/", str(path)):
        raise ArchiveError(f"Expected {what} on a local disk. Received: {path}")


def require_no_links(path: Path) -> None:
    """Checks that what is written to a workdir stays in it.

    Raises:
        ArchiveError: if there is a link that leads elsewhere.
    """
    for name in _WRITTEN:
        for written in path.glob(name):
            for place in (written, *written.rglob("*")):
                if place.is_symlink():
                    raise ArchiveError(
                        "Expected a folder without links; it may be one "
                        f"itself. Received: {place}, which leads elsewhere"
                    )


def check_same_search(
    path: Path, config: SearchConfig, *, before_data: bool = False
) -> None:
    """Checks that a workdir holds no other search.

    Args:
        path: Of the workdir.
        config: Of the search.
        before_data: Whether what the pictures decide is not yet known of it.

    Raises:
        ArchiveError: if it does; says what differs.
    """
    if not (path / CONFIG_NAME).exists():
        return
    there = read_config(path / CONFIG_NAME)
    different = differences(there, config, before_data=before_data)
    if different:
        raise ArchiveError(
            f"Expected the configuration of the search in {path}, or another "
            f"workdir. Received: {'; '.join(different)}"
        )


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Holds the folder; the kernel lets go when the process ends.

    Raises:
        ArchiveError: if another process does.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = _holder(descriptor)
        os.close(descriptor)
        raise ArchiveError(
            "Expected a folder that no other program uses. Received: "
            f"{path}, where one is running{holder}"
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    """Returns who holds a folder, in words; empty if the kernel keeps it."""
    inode = os.fstat(descriptor).st_ino
    try:
        locks = Path("/proc/locks").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    for line in locks:
        # For example: 1: FLOCK ADVISORY WRITE 4711 fd:01:131 0 EOF
        _, kind, _, _, pid, place, *_ = line.split()
        if kind == "FLOCK" and place.endswith(f":{inode}") and int(pid) > 0:
            return f" (process {pid})"
    return ""


def _letter(match: re.Match[str]) -> str:
    return chr(int(match[1], base=8))


def _file_system(path: Path) -> str:
    """Returns the type of the file system on which a folder lies."""
    best, kind = "", "unknown"
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8")
    except OSError:
        return kind
    for line in mounts.splitlines():
        _, written, name, *_ = line.split()
        # Spaces are written as octal numbers.
        point = re.sub(r"\\([0-7]{3})", _letter, written)
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, name
    return kind
