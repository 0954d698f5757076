"""Genotypes as files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnas_tf import load_genotype, save_genotype
from hnas_tf.errors import ArchiveError, GenotypeError
from hnas_tf.genotype import codec, genotype_from_json, genotype_to_json
from tests.archive.samples import listing
from tests.genotype.samples import REPEATABLE, genotypes

LIU2018 = load_genotype("liu2018")
TEXT = genotype_to_json(LIU2018)


def refusal(name_or_path):
    with pytest.raises(GenotypeError) as caught:
        load_genotype(name_or_path)
    return str(caught.value)


def test_a_saved_genotype_is_loaded_again(tmp_path):
    path = tmp_path / "deep" / "er" / "mine.json"
    save_genotype(LIU2018, path)
    assert load_genotype(path) == load_genotype(str(path)) == LIU2018
    assert path.read_text(encoding="utf-8") == TEXT + "\n"


@pytest.mark.parametrize("name", ["liu2019", "", "no/such/file.json", "~"])
def test_an_unknown_name_is_refused_with_the_names_there_are(name):
    message = refusal(name)
    assert message.startswith("Expected a genotype's name (liu2018) or its")
    assert f"Received: {name}: " in message


def test_a_name_too_long_for_a_file_is_refused():
    assert "Received: " in refusal("x" * 5000)


def test_a_name_with_a_null_character_is_refused():
    assert "Received: " in refusal("mine\0.json")


def test_a_missing_file_is_refused(tmp_path):
    assert "No such file" in refusal(tmp_path / "none.json")


def test_a_path_never_means_another_file_that_ends_in_json(tmp_path):
    save_genotype(LIU2018, tmp_path / "mine.json")
    assert "No such file" in refusal(tmp_path / "mine")
    flat = genotype_from_json('{"version":1,"motifs":[[[["identity"]]]]}')
    save_genotype(flat, tmp_path / "mine")
    assert load_genotype(tmp_path / "mine") == flat


def test_a_folder_is_refused(tmp_path):
    assert "Is a directory" in refusal(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"\x80" + TEXT.encode()])
def test_a_file_that_is_no_utf8_or_empty_is_refused(tmp_path, content):
    path = tmp_path / "mine.json"
    path.write_bytes(content)
    assert f"Received: {path}: " in refusal(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_another_encoding_is_refused(tmp_path, encoding):
    path = tmp_path / "mine.json"
    path.write_text(TEXT, encoding=encoding)
    assert f"Received: {path}: " in refusal(path)


def test_a_file_too_large_is_refused_without_reading_it_whole(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.write(TEXT.encode())
        file.truncate(2**33)  # Sparse: it takes no room.
    assert f"at most {codec.MAX_BYTES} characters" in refusal(path)


def test_an_endless_file_is_refused():
    assert "Received: /dev/zero: " in refusal("/dev/zero")


@given(genotypes(), st.data())
@REPEATABLE
def test_damaged_bytes_are_refused_or_read_as_they_stand(
    tmp_path_factory, genotype, data
):
    content = bytearray(genotype_to_json(genotype).encode())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 3))] = data.draw(
        st.binary(max_size=3)
    )
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    path.write_bytes(content)
    try:
        loaded = load_genotype(path)
    except GenotypeError as error:
        assert f"Received: {path}: " in str(error)
    else:
        assert loaded == genotype_from_json(content.decode("utf-8"))


def test_saving_replaces_the_file_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text("old", encoding="utf-8")
    save_genotype(LIU2018, path)
    assert load_genotype(path) == LIU2018
    assert listing(tmp_path) == ["mine.json"]


def test_what_cannot_be_saved_leaves_nothing_behind(tmp_path):
    (tmp_path / "mine.json").mkdir()
    with pytest.raises(ArchiveError, match=r"mine\.json\. Received: "):
        save_genotype(LIU2018, tmp_path / "mine.json")
    assert listing(tmp_path) == ["mine.json"]
