"""A program on the way to a compiler, as a file."""

import json
import lzma
import re
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

# TensorFlow numbers the functions of a process, hence their modules.
_NAME = re.compile(r"^module @\S+", re.MULTILINE)


class Program(NamedTuple):
    """What is compiled, and what its answer is found by.

    Attributes:
        name: What a person calls it.
        key: Of `benchmarks.tpu.key`.
        lowering_seconds: From the genotype to the text.
        text: StableHLO.
    """

    name: str
    key: dict[str, Any]
    lowering_seconds: float
    text: str

    @property
    def digest(self) -> str:
        """Equal where programs are, whatever TensorFlow calls them."""
        return sha256(
            _NAME.sub("module", self.text, count=1).encode()
        ).hexdigest()[:16]

    def write(self, folder: Path) -> Path:
        """Writes it under the digest of its key; returns its file."""
        path = path_of(self.key, folder)
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self._asdict())
        path.write_bytes(lzma.compress(text.encode(), preset=1))
        return path

    @classmethod
    def read(cls, path: Path) -> "Program":
        """Returns what was written to a file."""
        return cls(**json.loads(lzma.decompress(path.read_bytes())))


def path_of(key: dict[str, Any], folder: Path) -> Path:
    """Returns where the program of a key is, if it was written."""
    words = json.dumps(key, sort_keys=True).encode()
    return folder / f"{sha256(words).hexdigest()[:16]}.json.xz"
