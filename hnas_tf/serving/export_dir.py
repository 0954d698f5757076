"""Where versions of a model lie, as TF Serving looks for them.

The server polls the folder and takes each subfolder that is named by a number
for a version; whatever else lies there it passes over.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hnas_tf.archive.workdir import lock
from hnas_tf.errors import ArchiveError, HnasError
from hnas_tf.serving.names import DOCUMENT_NAME

_UNFINISHED = ".new-"


def newest_version(export_dir: Path) -> int:
    """Returns the highest number that a version there has; 0 without one."""
    names = [path.name for path in export_dir.iterdir()]
    return max((int(n) for n in names if n.isdecimal()), default=0)


@contextlib.contextmanager
def open_export_dir(export_dir: Path) -> Iterator[None]:
    """Holds a folder of versions, made if need be.

    What an export that was killed left behind is removed.

    Raises:
        ArchiveError: if the folder cannot be written, or another export is
            going on there.
    """
    _make(export_dir)
    with lock(export_dir):
        for unfinished in export_dir.glob(f"{_UNFINISHED}*"):
            if unfinished.is_dir():
                shutil.rmtree(unfinished)
            else:
                unfinished.unlink()
        yield


@contextlib.contextmanager
def new_version(export_dir: Path) -> Iterator[tuple[Path, int]]:
    """Gives a folder to write a version into, which then appears as a whole.

    Yields:
        The folder, and the number under which it appears, unless something is
        raised: then nothing does.

    Raises:
        ArchiveError: if it cannot be written.
    """
    version = newest_version(export_dir) + 1
    new = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=export_dir))
    try:
        new.chmod(0o755)  # Another user may serve it.
        yield new, version
        _sync(new)
        new.rename(export_dir / str(version))
        _sync_folder(export_dir)
    except OSError as error:
        raise ArchiveError(
            f"Expected to write a version to {export_dir}. Received: "
            f"{error.strerror or error}"
        ) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def require_not_served(export_dir: Path) -> None:
    """Checks that no version there is for a server, which would try the next.

    Raises:
        HnasError: if one is.
    """
    for path in export_dir.glob("*/saved_model.pb"):
        raise HnasError(
            "Expected another folder for LiteRT alone, or savedmodel in "
            f"--format too. Received: {export_dir}, where a server finds "
            f"{path.parent.name}"
        )


def version_dir(export_dir: Path) -> Path:
    """Returns the folder of the newest version, or of the one that is named.

    Args:
        export_dir: The folder of the versions, or of one.

    Raises:
        HnasError: if there is none.
    """
    if (export_dir / DOCUMENT_NAME).is_file():
        return export_dir
    if export_dir.is_dir() and newest_version(export_dir):
        return export_dir / str(newest_version(export_dir))
    received = "no version in it" if export_dir.is_dir() else "no such folder"
    raise HnasError(
        f"Expected an export of hnas_tf in {export_dir}. Received: {received}"
    )


def _make(export_dir: Path) -> None:
    if ":/" in str(export_dir):  # A path has made one slash of two.
        raise ArchiveError(
            "Expected a folder of this machine, since a version is to appear "
            f"as a whole; copy it afterwards. Received: {export_dir}"
        )
    try:
        export_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(
            f"Expected to make the folder {export_dir}. Received: "
            f"{error.strerror}"
        ) from error
    if not os.access(export_dir, os.R_OK | os.W_OK | os.X_OK):
        raise ArchiveError(
            f"Expected a folder that can be written. Received: {export_dir}, "
            "where permission is denied"
        )


def _sync(folder: Path) -> None:
    """Makes sure that all of it is on the disk before it gets its name."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            _sync_folder(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
