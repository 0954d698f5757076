"""Files of records, and what their pictures are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Shard:
    """One file of a split.

    Attributes:
        path: May be gs://.
        split: What its pictures are called after.
        first: The position of its first record in the split.
        records: How many it has.
    """

    path: str
    split: str
    first: int
    records: int


class Names(Sequence[str]):
    """`split:position`, made when asked for: there may be a million."""

    def __init__(
        self, shards: tuple[Shard, ...], positions: NDArray[np.int64]
    ) -> None:
        self._shards = shards
        self._positions = positions
        self._bases = bases_of(shards)

    def __len__(self) -> int:
        return len(self._positions)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        position = self._positions[place]
        index = int(np.searchsorted(self._bases, position, "right")) - 1
        shard = self._shards[index]
        return f"{shard.split}:{shard.first + position - self._bases[index]}"


def bases_of(shards: tuple[Shard, ...]) -> NDArray[np.int64]:
    """Returns how many records lie before each file."""
    records = np.array([shard.records for shard in shards], np.int64)
    return np.cumsum(records) - records
