"""The file `config.json` of a workdir, and how two of them differ."""

import dataclasses
import json
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

from hnas_tf import files
from hnas_tf.config import (
    ClusterConfig,
    DevicesConfig,
    SearchConfig,
    WorkersConfig,
)
from hnas_tf.config.document import config_from_document, config_to_document
from hnas_tf.config.workers import DECISIVE
from hnas_tf.errors import ArchiveError, shortened

VERSION = 2
CONFIG_NAME = "config.json"

# Where data and workers are; what they are is in fingerprint and facts.
_FREE = {"data.data_dir", "data.manual_dir", "data.prepared_dir"}
_FREE |= {f"devices.{f.name}" for f in dataclasses.fields(DevicesConfig)}
_FREE |= {f"cluster.{f.name}" for f in dataclasses.fields(ClusterConfig)}
_FREE |= {
    f"workers.{field.name}"
    for field in dataclasses.fields(WorkersConfig)
    if field.name not in DECISIVE
}
_OF_THE_DATA = {
    *("network.num_classes", "network.image_channels"),
    *("training.crop_size", "data.fingerprint"),
}
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError)
_MOST = 100  # Characters of a value in a sentence.
_MAY_GROW = "evolution.num_evaluations"


def write_document(document: dict[str, Any], path: Path) -> None:
    """Writes a configuration as JSON, whole or not at all."""
    text = json.dumps({"version": VERSION, **document}, indent=2)
    files.write_text(path, text + "\n")


def read_document(path: Path) -> dict[str, Any]:
    """Returns what `write_document` wrote.

    Raises:
        ArchiveError: if the file cannot be read, or says something else.
    """
    try:
        document = files.read_json(path)
        version = document.pop("version")
        if version != VERSION:
            raise ValueError(f"version {shortened(version)}")
        return dict(document)
    except (OSError, *_DAMAGE) as error:
        raise _not_a_config(path, error) from error


def write_config(config: SearchConfig, path: Path) -> None:
    """Writes the configuration of a search, whole or not at all."""
    write_document({"search": config_to_document(config)}, path)


def read_config(path: Path) -> SearchConfig:
    """Returns the configuration of a search.

    Raises:
        ArchiveError: if the file cannot be read, or says something else.
    """
    document = read_document(path)
    try:
        return config_from_document(document["search"])
    except _DAMAGE as error:
        raise _not_a_config(path, error) from error


def differences(
    old: SearchConfig, new: SearchConfig, *, before_data: bool = False
) -> list[str]:
    """Returns, a line each, what keeps `new` from going on where `old` is.

    `num_evaluations` may grow. Where data and workers are may differ.

    Args:
        old: Of the search that is there.
        new: Of the one that is to go on.
        before_data: Whether what the pictures decide is not yet known of it.
    """
    wanted = new.evolution.num_evaluations
    grows = wanted >= old.evolution.num_evaluations
    return document_differences(
        config_to_document(old),
        config_to_document(new),
        free=_FREE
        | ({_MAY_GROW} if grows else set())
        | (_OF_THE_DATA if before_data else set()),
    )


def document_differences(
    old: dict[str, Any],
    new: dict[str, Any],
    *,
    free: Set[str] = frozenset(),
) -> list[str]:
    """Returns, a line each, where two documents differ outside of `free`."""
    before, after = dict(_flatten(old)), dict(_flatten(new))
    return [
        f"{key}: {_short(before.get(key))} there, {_short(after.get(key))} now"
        for key in sorted((before.keys() | after.keys()) - free)
        if before.get(key) != after.get(key)
    ]


def _short(value: Any) -> str:
    """Returns a value as text, cut where it would be long."""
    text = str(value)
    return text if len(text) <= _MOST else text[:_MOST] + "..."


def _flatten(
    document: dict[str, Any], prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            # Tuples are lists once they have been JSON.
            plain = list(value) if isinstance(value, tuple) else value
            yield f"{prefix}{key}", plain


def _not_a_config(path: Path, error: Exception) -> ArchiveError:
    return ArchiveError(
        f"Expected a configuration of version {VERSION} at {path}. "
        f"Received: {error!r}"
    )
