"""LiteRT files without what they say many times.

The converter writes zero points, eight bytes for every channel, nearly all of
them zero, into every tensor, and tensors' names, which nobody reads once there
are signatures. In a small int8 network that is a third of the file. A
FlatBuffer may point to one vector from many places.
"""

from typing import Any

import flatbuffers
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

_IDENTIFIER = b"TFL3"
_BUFFER_ALIGNMENT = 16
_INITIAL_BYTES = 2**20


def compact(model: bytes) -> bytes:
    """Returns an equal model in fewer bytes."""
    found = schema.ModelT.InitFromPackedBuf(model, 0)
    for subgraph in found.subgraphs:
        for tensor in subgraph.tensors:
            tensor.name = None
    builder = _SharingBuilder(_INITIAL_BYTES)
    builder.Finish(found.Pack(builder), _IDENTIFIER)
    return bytes(builder.Output())


class _SharingBuilder(flatbuffers.Builder):
    """Writes equal vectors once."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._known: dict[tuple[str, bytes], Any] = {}

    def CreateNumpyVector(self, x: NDArray[Any]) -> Any:  # noqa: N802
        key = (x.dtype.str, x.tobytes())
        if key not in self._known:
            self._known[key] = super().CreateNumpyVector(x)
        return self._known[key]

    def StartVector(self, size: int, number: int, alignment: int) -> Any:  # noqa: N802
        # The schema wants it of the weights, which are vectors of bytes.
        if size == 1:
            alignment = _BUFFER_ALIGNMENT
        return super().StartVector(size, number, alignment)
