"""An archive may be a stranger's: a database can be a program, too."""

import contextlib
import json
import sqlite3

import pytest

from hnas_tf import files
from hnas_tf.archive import CONFIG_NAME, Archive, open_search
from hnas_tf.archive.archive import open_archive
from hnas_tf.archive.config_file import read_config
from hnas_tf.errors import ArchiveError
from tests.archive.samples import CONFIG, new_search, read_all

ENDLESS = (
    "WITH RECURSIVE n (number) AS"
    " (SELECT 1 UNION ALL SELECT number FROM n) SELECT number FROM n"
)
PROGRAMS = {
    "a view that never ends": [
        "ALTER TABLE individuals RENAME TO others",
        f"CREATE VIEW individuals AS {ENDLESS}",
    ],
    "a trigger": [
        "CREATE TRIGGER evil AFTER INSERT ON events BEGIN"
        " DELETE FROM individuals; END",
    ],
    "a computed column": [
        "ALTER TABLE individuals ADD COLUMN size AS (zeroblob(900000000))",
    ],
    "a table of its own": ["CREATE TABLE theirs (number INTEGER)"],
    "an index over an expression": [
        "CREATE INDEX evil ON events (length(document))",
    ],
}
ROWS = {
    "fitness in words": "UPDATE individuals SET fitness = 'high'",
    "fitness above 1": "UPDATE individuals SET fitness = 1.5",
    "share of nothing": "UPDATE individuals SET share = 0.0",
    "no repeats": "UPDATE individuals SET num_repeats = 0",
    "fitness of one that failed": "UPDATE individuals SET state = 'failed'",
    "unknown state": "UPDATE individuals SET state = 'happy'",
    "cost in bytes": "UPDATE individuals SET parameters = x'00'",
    "parent who is not there": "UPDATE individuals SET parent = 99",
    "time in words": "UPDATE events SET time = 'noon'",
    "event of nobody": "UPDATE events SET individual = 99",
    "negative number": "UPDATE events SET number = -number",
    "number left out": "UPDATE individuals SET number = 9 WHERE number = 3",
}
EDGES = {
    "level": (9, 1, 2, 1),
    "level of primitives": (1, 1, 2, 1),
    "motif": (2, 99, 2, 1),
    "no motif": (2, 0, 2, 1),
    "node": (2, 1, 99, 1),
    "way back": (2, 1, 1, 2),
}


@pytest.fixture
def path(tmp_path):
    return new_search(tmp_path, 3)


def change(path, *statements):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def refusal(path, *, writable):
    with pytest.raises(ArchiveError) as caught:
        open_archive(path, writable=writable)
    return str(caught.value)


@pytest.mark.parametrize("writable", [False, True])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_database_with_a_program_in_it_is_refused(path, name, writable):
    change(path, *PROGRAMS[name])
    assert "its tables are not those of hnas_tf" in refusal(
        path, writable=writable
    )


@pytest.mark.parametrize("writable", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_rows_that_we_would_not_write_are_refused(path, name, writable):
    change(path, ROWS[name])
    words = refusal(path, writable=writable)
    assert "is not as hnas_tf writes it" in words or "not there" in words


@pytest.mark.parametrize("name", EDGES)
def test_a_mutation_of_an_edge_that_is_not_there_is_refused(path, name):
    level, motif, target, source = EDGES[name]
    edge = {
        **{"level": level, "motif": motif},
        **{"target": target, "source": source, "operation": None},
    }
    change(
        path,
        f"UPDATE individuals SET mutation = '{json.dumps(edge)}'"
        " WHERE number = 2",
    )
    with (
        Archive.open(path.parent) as archive,
        pytest.raises(ArchiveError, match="no edge of its genotype"),
    ):
        archive.individuals()


def test_a_page_that_stands_for_many_is_refused(path):
    """Or a small file could hold rows without end."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM"
            " sqlite_master WHERE name = 'events') WHERE name = 'individuals'"
        )
        connection.commit()
    assert "it is damaged" in refusal(path, writable=False)


def test_a_value_that_is_too_large_is_refused_when_it_is_read(path):
    change(
        path, "UPDATE individuals SET reason = CAST(zeroblob(99999999) AS TEXT)"
    )
    with (
        open_archive(path, writable=False) as archive,
        pytest.raises(ArchiveError, match="too big"),
    ):
        archive.individuals()


@pytest.mark.parametrize(
    "document",
    [
        "{}",
        "[]",
        "{",
        "[" * 50_000,
        '{"accuracies": ["high"], "seconds": {}, "share": 1.0}',
        '{"accuracies": [0.5], "seconds": {}, "share": NaN}',
        '{"accuracies": [0.5], "seconds": {}, "shares": 1.0}',
        '{"accuracies": [0.5], "seconds": {"training": true}}',
    ],
)
def test_an_event_that_is_none_is_refused_when_it_is_read(path, document):
    change(
        path,
        f"UPDATE events SET document = '{document}' WHERE kind = 'finished'",
    )
    with open_archive(path, writable=False) as archive:
        assert archive.individuals()
        with pytest.raises(ArchiveError, match="Expected to use the archive"):
            archive.events()


def test_a_document_does_not_say_whose_it_is(tmp_path, path):
    change(
        path,
        "UPDATE events SET document = json_set(document, '$.individual', 99,"
        " '$.number', 7, '$.kind', 'ready') WHERE kind = 'finished'",
    )
    with Archive.open(tmp_path) as archive:
        for event in archive.events(kind="finished"):
            assert event["individual"] <= 3
            assert event["kind"] == "finished"


def test_what_our_programs_write_is_read(tmp_path, path):
    with open_search(tmp_path, CONFIG) as archive:
        before = read_all(archive)
    with Archive.open(tmp_path) as archive:
        assert read_all(archive) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", "0"),
        ("seed", True),
        ("seed", 0.5),
        ("fitness_metric", None),
        ("space", [{"num_motifs": "1", "num_nodes": 3}]),
        ("given_genotypes", [{}]),
        ("network", {"num_channels": 2.5}),
        ("network", {"num_groups": 33}),
        ("network", [1]),
        ("training", {"rungs": "0.5"}),
        ("training", {"learning_rate": 10**400}),
        ("evolution", {"algorithm": ["evolution"]}),
        ("evolution", {"num_initial_mutations": 10**12}),
        ("data", {"fingerprint": "../../elsewhere"}),
    ],
)
def test_a_configuration_of_other_types_or_sizes_is_refused(
    tmp_path, path, name, value
):
    config = tmp_path / CONFIG_NAME
    document = json.loads(config.read_text())
    before = document["search"][name]
    if isinstance(value, dict):
        value = {**before, **value}
    document["search"][name] = value
    config.write_text(json.dumps(document))
    with pytest.raises(ArchiveError, match="Expected a configuration"):
        read_config(config)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[" * 100_000, "recursion"),
        (b'{"version": "\xff"}', "utf-8"),
        (b" " * (files.MAX_JSON_BYTES + 1), "more than"),
    ],
)
def test_a_configuration_that_is_too_deep_or_too_large_is_refused(
    tmp_path, content, words
):
    (tmp_path / CONFIG_NAME).write_bytes(content)
    with pytest.raises(ArchiveError, match=words):
        read_config(tmp_path / CONFIG_NAME)
