"""What can be wrong in an archive that is a sound SQLite file."""

import contextlib
import json
import sqlite3
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.fuzzing.damage import SCALARS, spoilt_json

_TABLES = ("individuals", "events")


class Change(NamedTuple):
    """A value that one of a row's columns is set to; bytes may be a text."""

    table: str
    column: str
    number: int
    value: Any
    is_text: bool


def changes(path):
    """Draws a change or two of the rows of an archive."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows = {
            table: list(map(dict, connection.execute(f"SELECT * FROM {table}")))
            for table in _TABLES
        }
    return st.lists(_change(rows), min_size=1, max_size=2)


@st.composite
def _change(draw, rows):
    table = draw(st.sampled_from(_TABLES))
    row = draw(st.sampled_from(rows[table]))
    column = draw(st.sampled_from(sorted(row)))
    old = row[column]
    if str(old).startswith("{") and draw(st.integers(0, 4)):
        value = draw(spoilt_json(json.loads(old)))
    else:
        value = draw(SCALARS.filter(_can_be_stored) | st.binary(max_size=20))
    is_text = isinstance(value, str) or str(old).startswith("{")
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    return Change(table, column, row["number"], value, is_text)


def _can_be_stored(value):
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def change(path, changed):
    """Changes an archive, as far as its constraints let one."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        for table, column, number, value, is_text in changed:
            new = "CAST(? AS TEXT)" if is_text else "?"
            with contextlib.suppress(sqlite3.Error):
                connection.execute(
                    f"UPDATE {table} SET {column} = {new} WHERE number = ?",
                    (value, number),
                )
        connection.commit()
