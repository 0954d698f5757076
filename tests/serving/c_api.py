"""SavedModels in TensorFlow's C API, by the loader of TensorFlow Serving.

Neither TensorFlow's Python nor Keras is imported. As a program:

    python c_api.py FOLDER SIGNATURE INPUTS.npz OUTPUTS.npz

Strings for an input NAME are NAME.bytes (uint8), one after another, and
NAME.lengths (int64): NumPy's own lose zeros at the end. They return as text.
"""

import ctypes
import functools
import io
import json
import os
import sys
import time
import weakref
from contextlib import ExitStack
from ctypes import c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from google.protobuf import descriptor_pb2, message_factory, text_format

# Functions by the types of their result and their arguments.
TYPES = {"v": None, "p": c_void_p, "s": c_char_p, "i": c_int, "n": c_int64}
FUNCTIONS = """
    TF_NewStatus:p TF_DeleteStatus:vp TF_GetCode:ip TF_Message:sp
    TF_NewSessionOptions:p TF_DeleteSessionOptions:vp TF_NewBuffer:p
    TF_DeleteBuffer:vp TF_NewGraph:p TF_DeleteGraph:vp
    TF_LoadSessionFromSavedModel:pppspippp TF_DeleteSession:vpp
    TF_GraphOperationByName:pps TF_SessionRun:vppppippipipp
    TF_AllocateTensor:pipin TF_DeleteTensor:vp TF_TensorData:pp TF_TensorType:ip
    TF_NumDims:ip TF_Dim:npi TF_StringInit:vp TF_StringCopy:vpsn
    TF_StringDealloc:vp TF_StringGetDataPointer:pp TF_StringGetSize:np
"""
# NumPy's types by TF_DataType; objects are strings.
DTYPES = {1: np.float32, 3: np.int32, 4: np.uint8, 7: object, 9: np.int64}
STRING_SIZE = 24  # sizeof(TF_TString)
TAGS = (c_char_p * 1)(b"serve")
# From meta_graph.proto; a map is written as repeated (label 3) pairs.
SCHEMA = """
message_type {name: "TensorInfo"
    field {name: "name" number: 1 type: TYPE_STRING}
    field {name: "dtype" number: 2 type: TYPE_INT32}}
message_type {name: "Tensor" field {name: "key" number: 1 type: TYPE_STRING}
    field {name: "value" number: 2 type_name: "TensorInfo"}}
message_type {name: "SignatureDef"
    field {name: "inputs" number: 1 type_name: "Tensor" label: 3}
    field {name: "outputs" number: 2 type_name: "Tensor" label: 3}
    field {name: "method_name" number: 3 type: TYPE_STRING}}
message_type {name: "Signature" field {name: "key" number: 1 type: TYPE_STRING}
    field {name: "value" number: 2 type_name: "SignatureDef"}}
message_type {name: "MetaGraphDef"
    field {name: "signature_def" number: 5 type_name: "Signature" label: 3}}
"""
Arrays = dict[str, np.ndarray]


class TensorInfo(NamedTuple):
    """A tensor of a graph, such as "Identity:0", and its TF_DataType."""

    name: str
    dtype: int


class Signature(NamedTuple):
    """What can be run by name: its tensors by the names of arguments."""

    inputs: dict[str, TensorInfo]
    outputs: dict[str, TensorInfo]
    method_name: str


@dataclass(frozen=True, eq=False)
class Model:
    """A SavedModel in a session, which ends with the last reference to it."""

    signatures: dict[str, Signature]
    load_seconds: float  # Without loading the library.
    _session: int
    _graph: int

    @classmethod
    def load(cls, folder: str | Path) -> "Model":
        """Loads what has the tag "serve"; RuntimeError where that fails."""
        c, path = _library(), os.fsencode(folder)
        with ExitStack() as kept, ExitStack() as stack:
            options, buffer = c.TF_NewSessionOptions(), c.TF_NewBuffer()
            stack.callback(c.TF_DeleteSessionOptions, options)
            stack.callback(c.TF_DeleteBuffer, buffer)
            graph = c.TF_NewGraph()
            kept.callback(c.TF_DeleteGraph, graph)
            arguments = options, None, path, TAGS, 1, graph, buffer
            start = time.perf_counter()
            session = _checked(c.TF_LoadSessionFromSavedModel, *arguments)
            seconds = time.perf_counter() - start
            kept.callback(_checked, c.TF_DeleteSession, session)
            data, length = (ctypes.c_size_t * 2).from_address(buffer)
            signatures = _signatures(ctypes.string_at(data, length))
            model = cls(signatures, seconds, session, graph)
            weakref.finalize(model, kept.pop_all().close)
        return model

    def run(self, signature: str, inputs: dict[str, Any]) -> Arrays:
        """Runs a signature; after a RuntimeError the model is still usable.

        Strings are bytes in arrays of objects, or in lists for inputs.
        """
        c, called = _library(), self.signatures[signature]
        if inputs.keys() != called.inputs.keys():
            raise ValueError(f"{sorted(inputs)}, not {sorted(called.inputs)}")
        sources, fed = self._slots(called.inputs)
        targets, fetched = self._slots(called.outputs)
        with ExitStack() as stack:
            for i, (name, info) in enumerate(called.inputs.items()):
                fed[i] = _tensor(inputs[name], info.dtype, stack)
            ends = sources, fed, len(fed), targets, fetched, len(fetched)
            arguments = self._session, None, *ends, None, 0, None
            _checked(c.TF_SessionRun, *arguments)
            for tensor in fetched:
                stack.callback(c.TF_DeleteTensor, tensor)
            return dict(zip(called.outputs, map(_array, fetched), strict=True))

    def _slots(self, infos: dict[str, TensorInfo]) -> tuple[Any, Any]:
        """Returns the places in the graph, and room for their tensors."""
        find, places = _library().TF_GraphOperationByName, []
        for info in infos.values():
            name, _, index = info.name.partition(":")
            places.append((find(self._graph, name.encode()), int(index)))
            if not places[-1][0]:  # TensorFlow would crash.
                raise RuntimeError(f"The graph has no {info.name!r}")
        return (_Output * len(infos))(*places), (c_void_p * len(infos))()


class _Output(ctypes.Structure):
    _fields_ = [("operation", c_void_p), ("index", c_int)]


@functools.cache
def _library() -> ctypes.CDLL:
    folder = Path(find_spec("tensorflow").origin).parent
    # It brings libtensorflow_framework.so.2, whose functions are found too.
    library = ctypes.CDLL(str(folder / "libtensorflow_cc.so.2"))
    for name, _, types in (f.partition(":") for f in FUNCTIONS.split()):
        function = getattr(library, name)
        function.restype, *function.argtypes = (TYPES[key] for key in types)
    return library


def _checked(function: Any, *arguments: Any) -> Any:
    """Calls what takes a TF_Status last; RuntimeError with its message."""
    c = _library()
    with ExitStack() as stack:
        status = c.TF_NewStatus()
        stack.callback(c.TF_DeleteStatus, status)
        result = function(*arguments, status)
        if c.TF_GetCode(status):
            raise RuntimeError(c.TF_Message(status).decode(errors="replace"))
        return result


def _signatures(meta_graph: bytes) -> dict[str, Signature]:
    file = descriptor_pb2.FileDescriptorProto(name="meta_graph.proto")
    # A pool of its own cannot clash with TensorFlow's.
    types = message_factory.GetMessages([text_format.Parse(SCHEMA, file)])
    message = types["MetaGraphDef"].FromString(meta_graph)
    return {
        e.key: Signature(
            _infos(e.value.inputs), _infos(e.value.outputs), e.value.method_name
        )
        for e in message.signature_def
        if e.key != "__saved_model_init_op"  # Loading has run it.
    }


def _infos(entries: Any) -> dict[str, TensorInfo]:
    return {e.key: TensorInfo(e.value.name, e.value.dtype) for e in entries}


def _tensor(value: Any, dtype: int, stack: ExitStack) -> int:
    """Returns a TF_Tensor with a copy of the values, which the stack frees."""
    c, is_text = _library(), DTYPES[dtype] is object
    array = np.asarray(value, object if is_text else None, order="C")
    if array.dtype != DTYPES[dtype]:
        raise TypeError(f"{array.dtype}, not {np.dtype(DTYPES[dtype])}")
    size = array.size * STRING_SIZE if is_text else array.nbytes
    shape = (c_int64 * array.ndim)(*array.shape)
    tensor = c.TF_AllocateTensor(dtype, shape, array.ndim, size)
    stack.callback(c.TF_DeleteTensor, tensor)
    data = c.TF_TensorData(tensor)
    if not is_text:
        ctypes.memmove(data, array.ctypes.data, size)
        return tensor
    for i, text in enumerate(array.flat):
        string = data + i * STRING_SIZE
        c.TF_StringInit(string)
        stack.callback(c.TF_StringDealloc, string)
        c.TF_StringCopy(string, text, len(text))
    return tensor


def _array(tensor: int) -> np.ndarray:
    """Returns a copy of a TF_Tensor's values."""
    c = _library()
    shape = [c.TF_Dim(tensor, i) for i in range(c.TF_NumDims(tensor))]
    array = np.empty(shape, DTYPES[c.TF_TensorType(tensor)])
    data = c.TF_TensorData(tensor)
    if array.dtype != object:
        ctypes.memmove(array.ctypes.data, data, array.nbytes)
        return array
    for i in range(array.size):
        string = data + i * STRING_SIZE
        content = c.TF_StringGetDataPointer(string)
        array.flat[i] = ctypes.string_at(content, c.TF_StringGetSize(string))
    return array


def _joined(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """Makes strings of their bytes and lengths."""
    inputs: dict[str, Any] = dict(arrays)
    for name in [key[:-6] for key in arrays if key.endswith(".bytes")]:
        content = io.BytesIO(inputs.pop(f"{name}.bytes"))
        inputs[name] = [content.read(n) for n in inputs.pop(f"{name}.lengths")]
    return inputs


def main() -> None:
    """Runs a signature on a file, and prints what loading took."""
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    folder, signature, inputs, outputs = sys.argv[1:]
    model = Model.load(folder)
    with np.load(inputs) as arrays:
        results = model.run(signature, _joined(arrays))
    as_text = np.vectorize(bytes.decode, otypes=[str])
    results |= {k: as_text(v) for k, v in results.items() if v.dtype == object}
    np.savez(outputs, **results)
    if imported := {"tensorflow", "keras"} & sys.modules.keys():
        raise RuntimeError(f"Imported: {sorted(imported)}")
    print(json.dumps({"load_seconds": model.load_seconds}))


if __name__ == "__main__":
    main()
