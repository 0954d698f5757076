"""Pictures, and what a network says of them: kept with an export."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hnas_tf.data.damage import DAMAGE
from hnas_tf.errors import ArchiveError


@dataclass(frozen=True)
class Answers:
    """Pictures in every form in which they may be sent, and the answers.

    Attributes:
        records: Encoded, as they lie in the dataset; pixels as PNG.
        images: What an evaluation makes of them, uint8
            [pictures, height, width, channels].
        probabilities: Of the trained network, in float32,
            [pictures, classes].
    """

    records: tuple[bytes, ...]
    images: NDArray[np.uint8]
    probabilities: NDArray[np.float32]

    @property
    def predictions(self) -> NDArray[np.int64]:
        """The most probable classes, [pictures]."""
        found: NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return found

    def some(self, number: int) -> "Answers":
        """Returns at most so many of them, evenly spread."""
        chosen = evenly_spread(len(self.records), number)
        return Answers(
            tuple(self.records[position] for position in chosen),
            self.images[chosen],
            self.probabilities[chosen],
        )

    def save(self, path: Path) -> None:
        """Writes them to an .npz file."""
        np.savez(
            path,
            records=np.frombuffer(b"".join(self.records), np.uint8),
            lengths=np.array([len(record) for record in self.records]),
            images=self.images,
            probabilities=self.probabilities,
        )


def load_answers(path: Path) -> Answers:
    """Returns what `Answers.save` wrote.

    Raises:
        ArchiveError: if it cannot be read.
    """
    try:
        with path.open("rb") as stream, np.load(stream) as file:
            return _checked(
                Answers(
                    tuple(_cut(file["records"].tobytes(), file["lengths"])),
                    file["images"],
                    file["probabilities"],
                )
            )
    except DAMAGE as error:
        raise ArchiveError(
            f"Expected what an export writes in {path}. Received: {error}"
        ) from error


def _checked(answers: Answers) -> Answers:
    images, probabilities = answers.images, answers.probabilities
    if images.ndim != 4 or images.dtype != np.uint8:
        raise ValueError(f"images of {images.dtype} {list(images.shape)}")
    if probabilities.ndim != 2 or probabilities.dtype != np.float32:
        raise ValueError(f"probabilities of {probabilities.dtype}")
    numbers = {len(answers.records), len(images), len(probabilities)}
    if len(numbers) > 1 or 0 in (*numbers, probabilities.size):
        raise ValueError("not as many answers as pictures, or none")
    return answers


def evenly_spread(total: int, number: int) -> NDArray[np.int64]:
    """Returns at most `number` of the positions below `total`, which rise."""
    number = min(number, total)
    return np.arange(number, dtype=np.int64) * total // max(number, 1)


def _cut(joined: bytes, lengths: Iterable[int]) -> Iterable[bytes]:
    start = 0
    for length in lengths:
        yield joined[start : start + length]
        start += length
