"""A LiteRT file that says nothing twice computes what it computed."""

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from hnas_tf.serving import compact, litert
from hnas_tf.serving.network import fold
from tests.networks.samples import everything
from tests.serving.exports import keras_may_warn, untrained

pytestmark = keras_may_warn

_RNG = np.random.default_rng(0)
IMAGES = _RNG.integers(256, size=(20, 8, 8, 3), dtype=np.uint8)
OF_A_BUFFER = 4  # Where its data stand in the schema.


@pytest.fixture(scope="module")
def network():
    return fold(untrained(everything(), num_channels=4, num_groups=2))


@pytest.fixture(scope="module", params=["float32", "int8"])
def models(request, network):
    """A model as the converter writes it, and compacted."""
    calibration = IMAGES if request.param == "int8" else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compact, "compact", lambda model: model)
        converted = litert.convert(network, calibration=calibration)
    return converted, compact.compact(converted)


def plain(value):
    """Returns what an object of the schema holds, without tensors' names."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.tolist()
    if not hasattr(value, "__dict__"):
        return value
    is_tensor = isinstance(value, schema.TensorT)
    return {
        name: plain(each)
        for name, each in vars(value).items()
        if not (is_tensor and name == "name")
    }


def places_of_data(model):
    """Returns where in a file the vectors of its buffers start."""
    root = schema.Model.GetRootAs(model, 0)
    tables = [root.Buffers(n)._tab for n in range(root.BuffersLength())]
    offsets = [(table, table.Offset(OF_A_BUFFER)) for table in tables]
    return [table.Vector(offset) for table, offset in offsets if offset]


def interpreter_of(model):
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    return interpreter


def test_outputs_are_equal_to_the_last_bit(models):
    converted, compacted = models
    expected = litert.probabilities_of(converted, IMAGES)
    assert np.array_equal(litert.probabilities_of(compacted, IMAGES), expected)


def test_the_file_is_smaller_and_no_more_can_be_saved(models):
    converted, compacted = models
    assert len(compacted) < 0.9 * len(converted)
    assert len(compact.compact(compacted)) == len(compacted)


def test_it_holds_all_that_it_held_but_the_names_of_tensors(models):
    before, after = (schema.ModelT.InitFromPackedBuf(m, 0) for m in models)
    assert plain(after) == plain(before)
    for subgraph in after.subgraphs:
        assert all(not tensor.name for tensor in subgraph.tensors)


def test_weights_lie_where_the_schema_wants_them(models):
    _, compacted = models
    assert compacted[4:8] == b"TFL3"
    places = places_of_data(compacted)
    assert len(places) > 10
    assert all(place % 16 == 0 for place in places)


def test_equal_weights_are_there_once(models):
    places = places_of_data(models[1])
    root = schema.ModelT.InitFromPackedBuf(models[1], 0)
    data = [bytes(b.data) for b in root.buffers if b.data is not None]
    assert len(set(places)) == len(set(data))


def test_an_interpreter_still_tells_of_its_tensors(models):
    before, after = map(interpreter_of, models)
    assert after.get_signature_list() == before.get_signature_list()
    for name in ("input", "output", "tensor"):
        details = f"get_{name}_details"
        pairs = zip(
            getattr(before, details)(), getattr(after, details)(), strict=True
        )
        for expected, found in pairs:
            assert isinstance(found["name"], str)
            assert found["index"] == expected["index"]
            assert found["dtype"] is expected["dtype"]
            assert np.array_equal(found["shape"], expected["shape"])
            assert found["quantization"] == expected["quantization"]


def test_it_can_be_run_without_a_signature(models):
    outputs = []
    for interpreter in map(interpreter_of, models):
        (given,), (result,) = (
            interpreter.get_input_details(),
            interpreter.get_output_details(),
        )
        interpreter.set_tensor(given["index"], IMAGES[:1])
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(result["index"]))
    assert np.array_equal(*outputs)
