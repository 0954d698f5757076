"""An export, and a server of it, asked whether they say what was said."""

import json
import shutil

import pytest

from hnas_tf.errors import HnasError
from hnas_tf.serving import check
from hnas_tf.serving.export_dir import version_dir
from hnas_tf.serving.names import ALL_SIGNATURES, ANSWERS_NAME, DOCUMENT_NAME
from hnas_tf.serving.network import fold
from hnas_tf.serving.saved_model import write_saved_model
from tests import processes
from tests.serving.conftest import keras_may_warn
from tests.serving.server import answering, serve
from tests.training.trained_samples import load

ROW = {"probabilities": [0.1] * 10}

# What is no answer of such a server, and a word of what is said of it.
NO_ANSWERS = {
    "html": b"<html><body>It works!</body></html>",
    "empty": b"",
    "bytes": b"\xff\xfe\x00",
    "number": b"3",
    "null": b"null",
    "list": b"[1, 2]",
    "no_predictions": b"{}",
    "predictions_are_null": b'{"predictions": null}',
    "predictions_are_numbers": b'{"predictions": [1, 2, 3]}',
    "other_output": b'{"predictions": [{"scores": [1.0]}]}',
    "no_picture": b'{"predictions": []}',
    "one_picture": json.dumps({"predictions": [ROW]}).encode(),
    "few_pictures": json.dumps({"predictions": [ROW] * 5}).encode(),
    "few_classes": b'{"predictions": [%s{"probabilities": [0.5, 0.5]}]}'
    % (b'{"probabilities": [0.5, 0.5]}, ' * 15),
    "words": b'{"predictions": [{"probabilities": ["a", "b"]}]}',
}
NO_ADDRESSES = (
    "127.0.0.1:1",  # Where nobody listens.
    "127.0.0.1:http",
    "127.0.0.1:123456",
    "127.0.0.1:1/v1/models",
    "two words:1",
)
DAMAGED = {
    "no_json": b"{",
    "empty": b"",
    "number": b"3",
    "list": b"[1]",
    "list_of_nothing": b"[]",
    "null": b"null",
    "nothing": b"{}",
    "bytes": b"\xff\xfe",
}


@pytest.fixture(scope="module")
def server(version):
    with serve(version) as addresses:
        yield addresses


@pytest.fixture
def known(version, tmp_path):
    """What a check reads of a version, without what a server reads."""
    for name in (DOCUMENT_NAME, ANSWERS_NAME):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(version / name, tmp_path / name)
    return tmp_path


def serve_check(mark, export_dir, *flags):
    """Runs the program; returns exit code, stdout and stderr."""
    flag = f"--export_dir={export_dir}"
    return processes.run(mark, "serve_check", flag, *flags)


def assert_is_sentence(result, *words):
    """Checks that a program failed with a sentence, and with one alone."""
    code, _, err = result
    assert code == 1, err
    assert err.startswith("error: Expected "), err
    assert " Received: " in err
    assert len(err.splitlines()) == 1, err
    for word in words:
        assert word in err


def change_document(folder, **values):
    path = folder / DOCUMENT_NAME
    document = json.loads(path.read_text()) | values
    path.write_text(json.dumps(document))


def test_an_export_says_what_it_said(mark, export_dir):
    code, out, err = serve_check(mark, export_dir)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == (
        f"{export_dir}/1, against the trained network in float32:"
    )
    assert [line.split()[0] for line in out.splitlines()[2:]] == list(
        ALL_SIGNATURES
    )
    assert all(line.endswith(" 0") for line in out.splitlines()[2:])


def test_a_server_says_what_the_export_said(mark, export_dir, server):
    code, out, err = serve_check(mark, export_dir, f"--address={server.rest}")
    assert (code, err) == (0, "")
    assert out.startswith(f"{server.rest}, against the trained network")
    for signature in ALL_SIGNATURES:
        assert f"  {signature} " in out


def test_a_server_is_asked_all_signatures_about_all_kept_pictures(
    version, server
):
    found = check.check_server(version, f"http://{server.rest}/")
    assert tuple(found) == ALL_SIGNATURES
    for comparison in found.values():
        assert comparison.num_pictures == 16
        assert comparison.num_changed == 0
        assert comparison.largest_difference < 1e-5


def test_a_version_may_be_named_itself(mark, version, server):
    assert version_dir(version) == version
    code, _, err = serve_check(mark, version, f"--address={server.rest}")
    assert (code, err) == (0, "")


def test_other_weights_behind_the_address_are_found_out(
    mark, workdir, version, tmp_path
):
    with keras_may_warn():
        other = fold(load(workdir, repeat=2))
    write_saved_model(other, tmp_path, image_dtype="uint8")
    with serve(tmp_path) as addresses:
        result = serve_check(mark, version, f"--address={addresses.rest}")
    assert_is_sentence(result, "within 0.0001", "in serving_default")
    assert addresses.rest in result[1]


def test_a_damaged_saved_model_is_a_sentence(mark, version, tmp_path):
    copy = tmp_path / "1"
    shutil.copytree(version, copy)
    content = (copy / "saved_model.pb").read_bytes()
    (copy / "saved_model.pb").write_bytes(content[: len(content) // 2])
    assert_is_sentence(serve_check(mark, tmp_path), str(copy))


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_a_server_that_cannot_be_reached_is_a_sentence(version, address):
    with pytest.raises(HnasError, match="^Expected .* Received: "):
        check.check_server(version, address)


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_what_is_no_answer_of_a_server_is_a_sentence(version, name):
    with (
        answering(NO_ANSWERS[name]) as address,
        pytest.raises(HnasError, match=f"^Expected .*{address}.* Received: "),
    ):
        check.check_server(version, address)


def test_an_answer_that_breaks_off_is_a_sentence(version):
    with (
        answering(b'{"predictions": [', length=1000) as address,
        pytest.raises(HnasError, match=f"^Expected .*{address}.* Received: "),
    ):
        check.check_server(version, address)


def test_the_address_of_the_grpc_interface_is_a_sentence(version, server):
    with pytest.raises(HnasError, match="^Expected an answer of TF Serving"):
        check.check_server(version, server.grpc)


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_an_error_of_the_server_is_passed_on(version, status):
    error = b'{"error": "Task size 16 is larger than 4"}'
    with (
        answering(error, status=status) as address,
        pytest.raises(HnasError, match="Task size 16 is larger than 4"),
    ):
        check.check_server(version, address)


def test_probabilities_that_are_no_numbers_are_found_out(mark, version):
    scores = [[str(label), float("nan")] for label in range(10)]
    row = {"probabilities": [float("nan")] * 10}
    answer = {"predictions": [row] * 16, "results": [scores] * 16}
    with answering(json.dumps(answer).encode()) as address:
        result = serve_check(mark, version, f"--address={address}")
    assert_is_sentence(result, "a difference of nan")


@pytest.mark.parametrize(
    "changes", [{"model_version": 7}, {"model_name": "other"}]
)
def test_what_is_not_served_is_named(mark, known, server, changes):
    change_document(known, **changes)
    result = serve_check(mark, known, f"--address={server.rest}")
    assert_is_sentence(result, *map(str, changes.values()), "not found")


def test_a_folder_without_a_version_is_a_sentence(mark, tmp_path):
    assert_is_sentence(serve_check(mark, tmp_path), "no version in it")
    nowhere = tmp_path / "nowhere"
    assert_is_sentence(serve_check(mark, nowhere), "no such folder")
    assert_is_sentence(serve_check(mark, ""), "--export_dir", "nothing")


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_document_is_a_sentence(mark, known, server, name):
    (known / DOCUMENT_NAME).write_bytes(DAMAGED[name])
    result = serve_check(mark, known, f"--address={server.rest}")
    assert_is_sentence(result, str(known / DOCUMENT_NAME))


def test_damaged_answers_are_a_sentence(mark, known, server):
    (known / ANSWERS_NAME).write_bytes(b"PK\x03\x04 and no more")
    result = serve_check(mark, known, f"--address={server.rest}")
    assert_is_sentence(result, str(known / ANSWERS_NAME))
