"""A builder of TensorFlow Datasets, found and prepared, or a sentence why not.

TensorFlow Datasets is imported where it is used, since that takes seconds.
"""

import contextlib
import difflib
import functools
import os
import re
import sys
import tarfile
import zipfile
from typing import Any

import tensorflow as tf
from google.protobuf import json_format

from hnas_tf.config import DataConfig
from hnas_tf.errors import InvalidError

_ARCHIVE = re.compile(r"[\w.-]+\.(?:tar\.gz|tgz|tar|zip)\b")
_MOST_NAMED = 4


def prepared_builder(name: str, config: DataConfig) -> Any:
    """Returns the builder of a dataset that lies prepared in `data_dir`.

    What does not yet is made there, of archives in `manual_dir` or of what
    can be downloaded.

    Args:
        name: `NAME`, `NAME/CONFIG` or `NAME:VERSION`.
        config: Where it, and the archives, lie.

    Raises:
        InvalidError: if there is no such dataset, or it cannot be prepared.
    """
    builder = _builder(name, config)
    prepared = os.path.join(builder.data_dir, "dataset_info.json")  # noqa: PTH118
    if not tf.io.gfile.exists(prepared):
        _prepare(builder, name, config)
    return builder


def _builder(name: str, config: DataConfig) -> Any:
    import tensorflow_datasets as tfds

    try:
        return tfds.builder(name, data_dir=config.data_dir)
    except tfds.core.DatasetNotFoundError as error:
        known = tfds.list_builders(with_community_datasets=False)
        close = difflib.get_close_matches(re.split("[/:]", name)[0], known)
        near = f" ({' or '.join(close)}?)" if close else ""
        data_dir = config.data_dir or tfds.core.constants.DATA_DIR
        raise InvalidError(
            f"Expected the name of a dataset of TensorFlow Datasets{near}, or "
            f"of one prepared in --data_dir={data_dir}. Received: {name}"
        ) from error
    except (
        # What it says of a version, a configuration, or an argument.
        *(AssertionError, TypeError, ValueError),
        # Of what it has written itself, which somebody has changed.
        *(json_format.Error, LookupError, AttributeError, RecursionError),
        # Of a package that is missing, or of `data_dir`.
        *(ImportError, OSError, tf.errors.OpError),
    ) as error:
        raise InvalidError(
            "Expected NAME, NAME/CONFIG or NAME:VERSION of TensorFlow "
            f"Datasets. Received: {name}: {_in_short(error)}"
        ) from error


def _prepare(builder: Any, name: str, config: DataConfig) -> None:
    """Makes the dataset, of archives or of what can be downloaded.

    An archive that is also downloaded is taken from `manual_dir` only if it
    is called what the server calls it, and has the same checksum.
    """
    import tensorflow_datasets as tfds

    manual_dir = config.manual_dir or os.fspath(
        builder.data_dir_root / "downloads" / "manual"
    )
    if missing := _missing(builder, manual_dir):
        raise _unprepared(builder, name, manual_dir, f"no {missing[0]}")
    settings = tfds.download.DownloadConfig(
        manual_dir=manual_dir, try_download_gcs=False
    )
    _lose_patience()
    try:
        # It announces itself on stdout, which is for results.
        with contextlib.redirect_stdout(sys.stderr):
            builder.download_and_prepare(
                download_config=settings, file_format="tfrecord"
            )
    except _failures() as error:
        raise _unprepared(
            builder, name, manual_dir, _in_short(error)
        ) from error


def _missing(builder: Any, manual_dir: str) -> list[str]:
    """Returns archives without which TFDS prepares less, and only logs it.

    Of ImageNet it would leave out the training pictures.
    """
    instructions = builder.MANUAL_DOWNLOAD_INSTRUCTIONS or ""
    if "should contain" not in instructions:
        return []
    folder = os.path.expanduser(manual_dir)  # noqa: PTH111
    return [
        archive
        for archive in _archives(builder)
        if not tf.io.gfile.exists(os.path.join(folder, archive))  # noqa: PTH118
    ]


def _archives(builder: Any) -> list[str]:
    """Returns the names of the files of which a dataset is made."""
    if instructions := builder.MANUAL_DOWNLOAD_INSTRUCTIONS:
        return list(dict.fromkeys(_ARCHIVE.findall(instructions)))
    infos = (builder.url_infos or {}).values()
    return [info.filename for info in infos if info.filename]


def _unprepared(
    builder: Any, name: str, manual_dir: str, received: str
) -> InvalidError:
    """Returns the sentence that says which file to put where."""
    archives = _archives(builder)
    files = " and ".join(archives[:_MOST_NAMED])
    if more := len(archives[_MOST_NAMED:]):
        files += f" and {more} more"
    instructions = builder.MANUAL_DOWNLOAD_INSTRUCTIONS
    if instructions and not files:
        files = f'what it asks for ("{_in_short(instructions)}")'
    way = "or a network to download it" if not instructions else ""
    place = f"or {files} in --manual_dir={manual_dir}" if files else ""
    return InvalidError(
        f"Expected {name} prepared in {builder.data_dir} (of --data_dir), "
        f"{', '.join(filter(None, [way, place]))}. Received: {received}"
    )


def _failures() -> tuple[type[Exception], ...]:
    """Returns what a preparation raises, that a person can do about."""
    from tensorflow_datasets.core.download import download_manager, extractor
    from tensorflow_datasets.core.download.util import DownloadError

    return (
        *(download_manager.NonMatchingChecksumError, DownloadError),
        *(extractor.ExtractError, extractor.UnsafeArchiveError),
        *(tarfile.TarError, zipfile.BadZipFile, EOFError),
        # Of the network library and of files; of packages that are missing.
        *(OSError, tf.errors.OpError, ImportError),
        # Of folders that are empty, archives of another content and versions
        # that are too old; `RuntimeError` is what it wraps others in.
        *(AssertionError, KeyError, ValueError, RuntimeError),
    )


def _lose_patience() -> None:
    """Lets downloads end soon where there is no network.

    TensorFlow Datasets tries eleven times, with minutes between, and waits
    without end for a server that is silent; it has no setting for either.
    For good, since other downloads outlive a preparation in which one failed,
    and the end of the program waits for them.
    """
    from tensorflow_datasets.core.download import downloader

    downloader.MAX_RETRIES = 2
    downloader._open_url = functools.partial(downloader._open_url, timeout=30)


def _in_short(message: object, most: int = 250) -> str:
    """Returns a message, or what an error says, as one line."""
    text = " ".join(str(message).split())
    return text if len(text) <= most else text[: most - 3] + "..."
