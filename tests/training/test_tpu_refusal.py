"""A TPU that is not there is a sentence, and soon."""

import pytest

from tests import processes

FLAGS = ("--genotype=liu2018", "--num_steps=1")


@pytest.mark.parametrize(
    ("tpu", "words"),
    [
        ("local", "the chips of a TPU VM, for --tpu=local. Received: none of"),
        # No name of the Internet ends in `.invalid`.
        ("grpc://no-such-tpu.invalid:8470", "a Cloud TPU at grpc://no-such-tp"),
        ("grpc://127.0.0.1:1", "127.0.0.1:1 in the default zone of the def"),
    ],
)
def test_a_tpu_that_is_not_there_is_told(tmp_path, mark, tpu, words):
    workdir = tmp_path / "workdir"
    code, out, err = processes.run(
        mark, "train", *FLAGS, f"--workdir={workdir}", f"--tpu={tpu}"
    )
    assert (code, out) == (1, "")
    (sentence,) = err.splitlines()
    assert sentence.startswith("error: Expected ")
    assert words in sentence
    assert "tpu/README.md says how to get one" in sentence
    assert not workdir.exists()
