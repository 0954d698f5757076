"""Files of a final training say clearly what is wrong with them."""

import pytest

from hnas_tf.errors import ArchiveError
from hnas_tf.training import storage


@pytest.mark.parametrize("content", [b"", b"{", b"3", b"null", b"[1]", b"\xff"])
@pytest.mark.parametrize("place", ["ram://storage", "disk"])
def test_what_is_no_json_object_is_an_error_in_words(tmp_path, place, content):
    folder = place if storage.is_remote(place) else str(tmp_path)
    path = f"{folder}/it.json"
    storage.write_bytes(path, content)
    with pytest.raises(ArchiveError, match="Expected JSON in .*it.json"):
        storage.read_json(path)


def test_an_object_comes_back(tmp_path):
    for folder in (str(tmp_path), "ram://storage"):
        storage.write_json(f"{folder}/new/it.json", {"a": [1, None]})
        assert storage.read_json(f"{folder}/new/it.json") == {"a": [1, None]}


def test_a_place_that_is_none_is_an_error_in_words():
    for look in (storage.exists, storage.size, storage.read_bytes):
        with pytest.raises(ArchiveError, match="Expected to .* nowhere://it"):
            look("nowhere://it")
    with pytest.raises(ArchiveError, match="Expected to write nowhere://it/x"):
        storage.write_bytes("nowhere://it/x", b"")
