"""What lies in the workdir of a final training.

config.json     what it was started with, and its genotype
genotype.json   the genotype, as a search leaves it
data.json       what its pictures are like
repeat_1/       checkpoints and, in the end, model.weights.h5
tensorboard/    curves, the network, what it takes for what
result.json     written last
"""

import contextlib
import dataclasses
import json
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any, NamedTuple

from hnas_tf import typed
from hnas_tf.archive.config_file import document_differences
from hnas_tf.archive.workdir import lock, make_local_dir
from hnas_tf.config import FinalConfig
from hnas_tf.config.document import final_from_document
from hnas_tf.data import Description
from hnas_tf.data.description import (
    description_from_document,
    description_to_document,
)
from hnas_tf.errors import ArchiveError
from hnas_tf.genotype import Genotype, genotype_from_json, genotype_to_json
from hnas_tf.genotype.codec import MAX_BYTES
from hnas_tf.training import storage

VERSION = 3
_CONFIG, _DATA, _RESULT = "config.json", "data.json", "result.json"
_GENOTYPE, _WEIGHTS = "genotype.json", "model.weights.h5"
# Where pictures and devices are, and how often is saved, changes no training.
_FREE = {
    *("train.data.data_dir", "train.data.manual_dir"),
    *("train.devices.tpu", "train.devices.tpu_zone"),
    *("train.devices.gcp_project", "train.max_checkpoints"),
    "train.profile_steps",
}
# What is open until the pictures are known.
_OF_THE_DATA = {
    *("train.network.num_classes", "train.network.image_channels"),
    *("train.training.crop_size", "train.data.image_size"),
}
_FIGURES = ("accuracy", "balanced_accuracy", "top_5_accuracy", "loss")
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class _Figure(NamedTuple):
    """A metric in a result."""

    mean: float
    std: float | None
    of_repeats: tuple[float, ...]


class _Facts(NamedTuple):
    """What else is read of a result."""

    measured_on: str
    parameters: int
    multiply_adds: int
    image_size: tuple[int, int]


@dataclasses.dataclass(frozen=True)
class FinalWorkdir:
    """Where things are.

    Attributes:
        path: The folder, on a disk or in a bucket.
    """

    path: str

    def repeat_dir(self, repeat: int) -> str:
        """Returns the folder of a repeat, from 1."""
        return f"{self.path}/repeat_{repeat}"

    def weights(self, repeat: int) -> str:
        """Returns where the weights of a finished repeat are."""
        return f"{self.repeat_dir(repeat)}/{_WEIGHTS}"

    def tensorboard_dir(self, repeat: int) -> str:
        """Returns the folder of a repeat's curves."""
        return f"{self.path}/tensorboard/repeat_{repeat}"

    def result(self) -> dict[str, Any] | None:
        """Returns the result, if there is one yet.

        Raises:
            ArchiveError: if it cannot be read, or is none.
        """
        path = f"{self.path}/{_RESULT}"
        if not storage.exists(path):
            return None
        result = storage.read_json(path)
        with _damage_of(self.path, _RESULT):
            _check_result(result)
        return result

    def write_result(self, result: dict[str, Any]) -> None:
        """Writes the result, the last of all files."""
        storage.write_json(f"{self.path}/{_RESULT}", result)

    def settle(
        self, genotype: Genotype, config: FinalConfig, description: Description
    ) -> None:
        """Writes what the training is; the first time, that is.

        Raises:
            ArchiveError: if it was another before; says what differs.
        """
        before = self.known_data()
        if before is None:
            document = description_to_document(description)
            storage.write_json(f"{self.path}/{_DATA}", document)
        elif before.fingerprint != description.fingerprint:
            raise ArchiveError(
                f"Expected the pictures that the training in {self.path} began "
                f"with, of fingerprint {before.fingerprint}. Received: others, "
                f"of fingerprint {description.fingerprint}"
            )
        self._check(genotype, config, _FREE)
        text = genotype_to_json(genotype).encode("utf-8")
        storage.write_bytes(f"{self.path}/{_GENOTYPE}", text)
        document = _document(genotype, config)
        storage.write_json(f"{self.path}/{_CONFIG}", document)

    def check_before_data(
        self, genotype: Genotype, config: FinalConfig
    ) -> None:
        """Checks that this is no other training, as far as is known yet.

        Raises:
            ArchiveError: if it is; says what differs.
        """
        self._check(genotype, config, _FREE | _OF_THE_DATA)

    def _check(
        self, genotype: Genotype, config: FinalConfig, free: Set[str]
    ) -> None:
        path = f"{self.path}/{_CONFIG}"
        if not storage.exists(path):
            return
        there, now = storage.read_json(path), _document(genotype, config)
        with _damage_of(self.path, _CONFIG):
            different = document_differences(there, now, free=free)
        if different:
            raise ArchiveError(
                f"Expected the training in {self.path}, or another workdir. "
                f"Received: {'; '.join(different)}"
            )

    def known_data(self) -> Description | None:
        """Returns what an earlier run wrote of the pictures, if one did."""
        there = storage.exists(f"{self.path}/{_DATA}")
        return self.description() if there else None

    def description(self) -> Description:
        """Returns what the pictures are like.

        Raises:
            ArchiveError: if that is not written down.
        """
        document = storage.read_json(f"{self.path}/{_DATA}")
        with _damage_of(self.path, _DATA):
            return description_from_document(document)

    def config(self) -> FinalConfig:
        """Returns the configuration.

        Raises:
            ArchiveError: if it cannot be read.
        """
        document = storage.read_json(f"{self.path}/{_CONFIG}")
        with _damage_of(self.path, _CONFIG):
            if document["version"] > VERSION:
                raise ValueError(f"version {document['version']}")
            return final_from_document(document["train"])

    def genotype(self) -> Genotype:
        """Returns the genotype.

        Raises:
            ArchiveError: if it cannot be read.
        """
        path = f"{self.path}/{_GENOTYPE}"
        content = storage.read_bytes(path, MAX_BYTES + 1)
        with _damage_of(self.path, _GENOTYPE):
            return genotype_from_json(content.decode("utf-8"))


@contextlib.contextmanager
def open_final(workdir: str, *, is_writer: bool) -> Iterator[FinalWorkdir]:
    """Opens the workdir of a new training, or of one that goes on.

    Of several processes that train together only the writer writes.

    Raises:
        ArchiveError: if the folder cannot be used, or another program writes
            to it.
    """
    if not is_writer or storage.is_remote(workdir):
        yield FinalWorkdir(workdir.rstrip("/"))
        return
    path = make_local_dir(Path(workdir))
    with lock(path):
        yield FinalWorkdir(str(path))


def _check_result(result: dict[str, Any]) -> None:
    """Checks what is shown of a result.

    Raises:
        LookupError, ValueError: if it is none.
    """
    typed.make(_Facts, {name: result[name] for name in _Facts._fields})
    for name in _FIGURES:
        if name == "accuracy" or name in result:
            keys = (name, f"{name}_std", f"{name}_of_repeats")
            values = (result[key] for key in keys)
            typed.make(_Figure, dict(zip(_Figure._fields, values, strict=True)))


def _document(genotype: Genotype, config: FinalConfig) -> dict[str, Any]:
    return {
        "version": VERSION,
        "train": dataclasses.asdict(config),
        "genotype": json.loads(genotype_to_json(genotype))["motifs"],
    }


@contextlib.contextmanager
def _damage_of(path: str, name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise ArchiveError(
            f"Expected what a training writes in {path}/{name}. Received: "
            f"{error!r}"
        ) from error
