"""A search that a page tells of."""

from dataclasses import dataclass

from hnas_tf.archive import Archive
from hnas_tf.config import SearchConfig


@dataclass(frozen=True)
class Subject:
    """A search that a page tells of.

    Attributes:
        name: As a person calls it: its workdir.
        config: Of the search.
        archive: Of the search, running or not.
        commands: What to type, by what for.
        verdict: What its verification found, in words.
    """

    name: str
    config: SearchConfig
    archive: Archive
    commands: dict[str, str]
    verdict: str
