import json

import pytest

from hnas_tf.archive import Archive, open_search
from hnas_tf.events import Submitted
from hnas_tf.reporting.report.attempts import attempts_of, busy_spans
from hnas_tf.reporting.report.document import document_of
from hnas_tf.reporting.report.genotypes import packed
from tests.reporting.report import searches


@pytest.fixture
def document(tmp_path):
    return written(tmp_path, searches.events())


def written(workdir, events):
    config = searches.write(workdir, *events)
    with Archive.open(workdir) as archive:
        return document_of(searches.subject(archive, config))


def test_every_individual_is_a_place_in_every_column(document):
    columns = document["individuals"]
    assert {len(values) for values in columns.values()} == {4}
    assert columns["state"] == ["finished", "finished", "finished", "failed"]
    assert columns["fitness"] == [0.55, 0.85, 0.85, None]
    assert columns["parent"] == [None, 1, 2, None]
    assert columns["depth"] == [0, 1, 2, 0]
    assert columns["equal_to"] == [None, None, 2, None]
    assert columns["is_neutral"] == [0, 0, 1, 0]
    assert columns["order"] == [1, 3, 4, 2]
    assert columns["attempts"] == [2, 1, 0, 1]
    assert columns["seconds"] == [15, 20, None, 5]
    assert columns["accuracies"] == [[0.5, 0.6], [0.8, 0.9], [], []]
    # Level, motif, source, target, and the operation's number.
    assert columns["mutation"][1] == [3, 1, 1, 3, 2]
    assert columns["mutation"][2] == [2, 6, 1, 2, 4]
    json.dumps(document, allow_nan=False)


def test_a_genotype_is_a_letter_an_edge():
    letters = packed(searches.FIRST)
    assert len(letters) == 6 * 6 + 10
    # Edge 1 -> 4 of motif 1: a live conv_1x1; of motif 2: identity.
    assert letters[3] == "C"
    assert letters[6 + 3] == "M"
    # Motif 1 from the cell's source to its sink.
    assert letters[36 + 6] == "C"
    assert letters.count("@") == len(letters) - 3


def test_dead_edges_have_even_letters(document):
    dead = document["individuals"]["genotype"][2][5 * 6]
    assert dead == "H" or (ord(dead) - ord("@")) % 2 == 0


def test_time_is_accounted_for(document):
    time = document["time"]
    assert time["num_workers"] == 2
    assert time["seconds"] == 35
    assert time["parts"] == {
        "building": 2,
        "training": 14,
        # Of 10 and 20 seconds, 8 each are named.
        "starting and waiting": 14,
        # Lost after 5, failed after 5.
        "in vain": 10,
        # One of two for all but 5 seconds.
        "without work": 30,
    }
    assert sum(time["parts"].values()) == 2 * 35


def test_pauses_do_not_count(tmp_path):
    searches.write(tmp_path, *searches.events())
    with Archive.open(tmp_path) as archive:
        submitted = archive.events(kind="submitted")
        attempts = attempts_of(archive, submitted)
    spans = list(busy_spans([attempts[0], attempts[-1]]))
    assert spans == [(5, 1), (20, 1)]


def test_savings_and_failures(document):
    assert document["saved"] == {
        "num_reused": 1,
        "reused_seconds": 15,
        "num_stopped": 0,
        "stopped_seconds": 0,
    }
    lost, failed = document["failures"]
    assert (lost["individual"], lost["end"]) == (1, "lost")
    assert (failed["individual"], failed["reason"]) == (4, "out of memory")
    assert failed["detail"] == searches.MARKUP


def test_fronts_are_those_of_show(document):
    assert document["fronts"]["parameters"] == [2, 1]


def test_what_evolution_likes(document):
    operations, motifs = document["preferences"]
    # Live, summed over four individuals of one window.
    conv, _, _, _, _, identity = (s[0] for s in operations["shares"])
    assert conv + identity == pytest.approx(1)
    assert operations["at_random"][0] == pytest.approx(
        operations["shares"][0][0], abs=0.5
    )
    assert motifs["operations"] == ["1", "2", "3", "4", "5", "6"]
    assert motifs["shares"][0] == [1.0]


def test_a_search_that_has_just_begun(tmp_path):
    document = written(tmp_path, [(0, Submitted(1, 1))])
    assert document["winner"] is None
    assert document["sentences"] == []
    assert document["time"]["num_workers"] == 0
    assert "None of 4 individuals" in document["standing"]


def test_an_archive_without_individuals(tmp_path):
    config = searches.write(tmp_path / "full", *searches.events())
    empty = tmp_path / "empty"
    with open_search(empty, config) as archive:
        document = document_of(searches.subject(archive, config))
    assert document["individuals"] == {}
    assert document["preferences"] == []
    assert document["failures"] == []
