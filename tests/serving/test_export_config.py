"""What is exported: which values there are, and words on all others."""

import pytest

from hnas_tf.config import ExportConfig
from hnas_tf.errors import InvalidError
from tests import processes

BAD = [
    ({"model_name": ""}, "`model_name` must consist of letters"),
    ({"model_name": "two words"}, "Received: model_name=two words"),
    ({"model_name": "a/b"}, "Received: model_name=a/b"),
    ({"model_name": ".hidden"}, "Received: model_name=.hidden"),
    ({"model_name": "line\n"}, "Received: model_name=line"),
    ({"model_name": 'quote"'}, 'Received: model_name=quote"'),
    ({"model_name": "größe"}, "Received: model_name=größe"),
    ({"formats": ()}, "`format` must name some of savedmodel, tflite."),
    ({"formats": ("onnx",)}, "Received: format=onnx"),
    ({"formats": ("tflite", "onnx")}, "Received: format=tflite,onnx"),
    ({"formats": ("SavedModel",)}, "Received: format=SavedModel"),
    ({"image_dtype": "int8"}, "`image_dtype` must be one of uint8, float32."),
    ({"warmup_batch_sizes": (1, 0)}, "must lie between 1 and 1024"),
    ({"warmup_batch_sizes": (-1,)}, "Received: warmup_batch_sizes=(-1,)"),
    ({"warmup_batch_sizes": (1025,)}, "Received: warmup_batch_sizes=(1025,)"),
    ({"warmup_batch_sizes": (1,) * 251}, "Received: warmup_batch_sizes=251"),
    ({"num_pictures": 0}, "`num_pictures` must be at least 1."),
    ({"tolerance": 0.0}, "`tolerance` must lie between 0 and 1."),
    ({"tolerance": 1.0}, "Received: tolerance=1.0"),
    ({"tolerance": -1e-4}, "Received: tolerance=-0.0001"),
    ({"tolerance": float("nan")}, "Received: tolerance=nan"),
]
GOOD = [
    {"model_name": "a"},
    {"model_name": "7"},
    {"model_name": "A.b_c-9"},
    {"formats": ("savedmodel", "tflite")},
    {"formats": ("tflite",)},
    {"image_dtype": "float32"},
    {"warmup_batch_sizes": ()},
    {"warmup_batch_sizes": (1, 1024)},
    {"warmup_batch_sizes": (1,) * 250},
    {"num_pictures": 1},
    {"tolerance": 0.5},
]
BAD_FLAGS = {
    "--format=onnx": (1, "`format` must name some of savedmodel, tflite."),
    "--format=": (1, "`format` must name some of"),
    "--model_name=two words": (1, "Received: model_name=two words"),
    "--warmup_batch_sizes=0": (1, "between 1 and 1024"),
    "--warmup_batch_sizes=1,two": (2, "--warmup_batch_sizes"),
    "--image_dtype=int8": (2, "--image_dtype"),
    "--repeat=0": (2, "--repeat"),
}


@pytest.mark.parametrize(("values", "words"), BAD)
def test_what_is_out_of_range_is_told_in_a_sentence(values, words):
    with pytest.raises(InvalidError) as caught:
        ExportConfig(**{"model_name": "digits", **values})
    assert words in str(caught.value)


@pytest.mark.parametrize("values", GOOD)
def test_what_is_in_range_is_taken_as_it_is(values):
    config = ExportConfig(**{"model_name": "digits", **values})
    for name, value in values.items():
        assert getattr(config, name) == value


@pytest.mark.parametrize("flag", BAD_FLAGS)
def test_a_wrong_flag_is_a_sentence_and_writes_nothing(mark, tmp_path, flag):
    code, words = BAD_FLAGS[flag]
    export_dir = tmp_path / "export"
    flags = (f"--workdir={tmp_path}", f"--export_dir={export_dir}", flag)
    found, out, err = processes.run(mark, "export", *flags)
    assert (found, out) == (code, "")
    assert err.startswith("error: ")
    assert words in err
    assert len(err.splitlines()) == 1
    assert not export_dir.exists()


def test_a_folder_without_a_training_is_a_sentence(mark, tmp_path):
    flags = (f"--workdir={tmp_path}", f"--export_dir={tmp_path / 'export'}")
    code, out, err = processes.run(mark, "export", *flags)
    assert (code, out) == (1, "")
    assert err.startswith("error: Expected the workdir of hnas_tf.train")
    assert not (tmp_path / "export").exists()
