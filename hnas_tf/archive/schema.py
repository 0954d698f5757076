"""The tables of the archive, and how older ones become today's."""

import contextlib
import sqlite3

from hnas_tf.errors import ArchiveError

APPLICATION_ID = 0x686E6173
"""`hnas` in ASCII: SQLite keeps it in the file's header."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE individuals (
            number INTEGER PRIMARY KEY,
            genotype TEXT NOT NULL,
            parent INTEGER REFERENCES individuals (number),
            mutation TEXT,
            parameters INTEGER NOT NULL,
            multiply_adds INTEGER NOT NULL,
            activation_bytes INTEGER NOT NULL,
            known_event INTEGER NOT NULL,
            num_dead INTEGER NOT NULL,
            num_over_budget INTEGER NOT NULL,
            state TEXT NOT NULL,
            fitness REAL,
            fitness_std REAL,
            reason TEXT
        )
        """,
        "CREATE INDEX individuals_by_fitness ON individuals (fitness)",
        "CREATE INDEX individuals_by_state ON individuals (state)",
        """
        CREATE TABLE events (
            number INTEGER PRIMARY KEY,
            time REAL NOT NULL,
            kind TEXT NOT NULL,
            individual INTEGER REFERENCES individuals (number),
            attempt INTEGER,
            document TEXT NOT NULL
        )
        """,
        "CREATE INDEX events_by_individual ON events (individual)",
        f"PRAGMA application_id = {APPLICATION_ID}",
    ),
    (
        "ALTER TABLE individuals ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
        """
        ALTER TABLE individuals
            ADD COLUMN is_given INTEGER NOT NULL DEFAULT 0
        """,
        """
        ALTER TABLE individuals
            ADD COLUMN equal_to INTEGER REFERENCES individuals (number)
        """,
        "ALTER TABLE individuals ADD COLUMN share REAL",
        "ALTER TABLE individuals ADD COLUMN num_repeats INTEGER",
        """
        UPDATE individuals SET share = 1.0, num_repeats = (
            SELECT json_array_length(document, '$.accuracies') FROM events
            WHERE individual = individuals.number AND kind = 'finished'
        ) WHERE fitness IS NOT NULL
        """,
        "DROP INDEX individuals_by_fitness",
        "CREATE INDEX individuals_by_rank ON individuals (share, fitness)",
        "CREATE INDEX individuals_by_digest ON individuals (digest)",
        "CREATE INDEX individuals_by_equal ON individuals (equal_to)",
    ),
)
"""The statements that lead from version k to version k + 1."""


def check(connection: sqlite3.Connection) -> int:
    """Returns the version of a database of ours, 0 if it is still empty.

    Raises:
        ArchiveError: if the database is foreign, newer than this program, or
            has other tables than this program makes: views, triggers and
            computed columns are programs of whoever wrote them.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute(
        "SELECT count(*) FROM sqlite_master"
    ).fetchone()
    if application != APPLICATION_ID and (tables or application or version):
        raise ArchiveError("it is a database of another program")
    if version > len(MIGRATIONS):
        raise ArchiveError(
            f"its version is {version}, this hnas_tf reads up to "
            f"{len(MIGRATIONS)}"
        )
    if _tables(connection) != _tables_of(version):
        raise ArchiveError("its tables are not those of hnas_tf")
    return int(version)


def _tables_of(version: int) -> set[tuple[str, ...]]:
    with contextlib.closing(sqlite3.connect(":memory:")) as fresh:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                fresh.execute(statement)
        return _tables(fresh)


def _tables(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    """Returns all that a database consists of: type, name and SQL of each."""
    found = connection.execute("SELECT type, name, sql FROM sqlite_master")
    return {(kind, name, str(sql)) for kind, name, sql in found}


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a database to today's version, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[check(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
