"""A reader, and what it is given."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.fuzzing.damage import spoilt_bytes, spoilt_json


class Case(NamedTuple):
    """A reader, and what it is given.

    Attributes:
        sound: What it reads without complaint.
        spoilt: A strategy: the same, damaged in any way.
        read: Reads either as our programs do.
    """

    sound: Any
    spoilt: Any
    read: Callable[[Any], None]


def json_case(content, read):
    """Returns that of a file of JSON."""
    return Case(content, spoilt_json(json.loads(content)), read)


def bytes_case(content, read):
    """Returns that of any other file."""
    return Case(content, spoilt_bytes(content), read)


def folder_case(folder, names, read):
    """Returns that of several files of a folder, of which one is spoilt.

    Args:
        folder: Where they lie.
        names: Of those that may be spoilt.
        read: Reads the folder.
    """
    files = {name: (folder / name).read_bytes() for name in names}

    def read_with(spoilt):
        for name, content in {**files, **spoilt}.items():
            (folder / name).write_bytes(content)
        read()

    def spoil(name):
        content = files[name]
        if name.endswith(".json"):
            spoilt = spoilt_json(json.loads(content))
        else:
            spoilt = spoilt_bytes(content)
        return spoilt.map(lambda content: {name: content})

    return Case({}, st.sampled_from(sorted(files)).flatmap(spoil), read_with)
