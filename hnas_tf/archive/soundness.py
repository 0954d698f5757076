"""What holds of an archive that our programs have written, whoever wrote it."""

import sqlite3

from hnas_tf.errors import ArchiveError
from hnas_tf.evolution import State

# SQLite keeps values of any type in any column, unless told otherwise.
_TYPES = {
    "individuals": {
        "genotype": ("text",),
        "parent": ("integer", "null"),
        "mutation": ("text", "null"),
        "parameters": ("integer",),
        "multiply_adds": ("integer",),
        "activation_bytes": ("integer",),
        "known_event": ("integer",),
        "num_dead": ("integer",),
        "num_over_budget": ("integer",),
        "state": ("text",),
        "fitness": ("real", "null"),
        "fitness_std": ("real", "null"),
        "reason": ("text", "null"),
        "digest": ("text",),
        "is_given": ("integer",),
        "equal_to": ("integer", "null"),
        "share": ("real", "null"),
        "num_repeats": ("integer", "null"),
    },
    "events": {
        "time": ("real",),
        "kind": ("text",),
        "individual": ("integer", "null"),
        "attempt": ("integer", "null"),
        "document": ("text",),
    },
}
_RANGES = {
    "individuals": (
        # From 1 on, and none is left out.
        "number BETWEEN 1 AND (SELECT count(*) FROM individuals)",
        "ifnull(parent < number, TRUE)",
        f"state IN {tuple(map(str, State))}",
        "(fitness IS NULL) = (state IN ('submitted', 'failed'))",
        "(fitness IS NULL) = (share IS NULL)",
        "(fitness IS NULL) = (num_repeats IS NULL)",
        "ifnull(fitness BETWEEN 0 AND 1, TRUE)",
        "ifnull(fitness_std >= 0, TRUE)",
        "ifnull(share > 0 AND share <= 1, TRUE)",
        "ifnull(num_repeats > 0, TRUE)",
    ),
    # A clock may be wrong, but not by more than 1,900 years.
    "events": ("number > 0", "abs(time) <= 6e10"),
}


def check_pages(connection: sqlite3.Connection) -> None:
    """Checks that the file is whole: every page belongs to one thing.

    Raises:
        ArchiveError: if it is not.
    """
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise ArchiveError(f"it is damaged: {verdict}")


def check_rows(connection: sqlite3.Connection) -> None:
    """Checks references, and the types and ranges of all values.

    Raises:
        ArchiveError: if a row is not as our programs write it.
    """
    dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
    if dangling:
        table, number, *_ = dangling
        raise ArchiveError(
            f"row {number} of {table} names an individual that is not there"
        )
    for table in _TYPES:
        wrong = connection.execute(_wrong(table)).fetchone()
        if wrong:
            raise ArchiveError(
                f"row {wrong[0]} of {table} is not as hnas_tf writes it"
            )


def _wrong(table: str) -> str:
    """Returns a query for a row that is not as it should be."""
    types = [
        f"typeof({column}) IN ({', '.join(map(repr, allowed))})"
        for column, allowed in _TYPES[table].items()
    ]
    holds = " AND ".join([*types, *_RANGES[table]])
    return f"SELECT number FROM {table} WHERE ({holds}) IS NOT TRUE LIMIT 1"
