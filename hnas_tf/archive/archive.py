"""The archive: the paper's memory table M, in SQLite.

Two tables carry it: a row for every individual, and append-only, numbered
events. State and fitness of an individual follow from its events; they are
kept as columns that change in the same transaction.
"""

import json
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from hnas_tf.archive import rows
from hnas_tf.archive.database import connect
from hnas_tf.archive.queries import Queries
from hnas_tf.events import Event, Failed, Finished, Reused, to_document
from hnas_tf.evolution import Proposal, State

FILE_NAME = "search.sqlite"


class Archive(Queries):
    """All individuals of a search and all that happened to them.

    One program writes, any number may read meanwhile. Use `open_archive`.
    """

    @classmethod
    def open(cls, workdir: str | Path) -> "Archive":
        """Opens the archive in a workdir for reading, also during a search.

        Raises:
            ArchiveError: if there is none, or it is damaged, foreign or newer.
        """
        return open_archive(Path(workdir) / FILE_NAME, writable=False)

    def close(self) -> None:
        """Closes the file; everything that was committed stays."""
        self._database.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """What is written in its body is written, and synced, at once or not.

        Raises:
            ArchiveError: if it cannot be written, for example on a full disk.
        """
        return self._database.transaction()

    def add(self, proposal: Proposal, *, equal_to: int | None = None) -> None:
        """Adds an individual.

        Args:
            proposal: Of the controller.
            equal_to: The individual whose fitness it will take, if any.
        """
        values = rows.from_proposal(proposal, equal_to=equal_to)
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self._database.write(
            f"INSERT INTO individuals ({names}) VALUES ({marks})",
            *values.values(),
        )

    def record(self, event: Event, *, time: float) -> int:
        """Appends an event, settles its individual, returns its number."""
        document = to_document(event)
        kind = document.pop("kind")
        number = self._database.write(
            "INSERT INTO events (time, kind, individual, attempt, document)"
            " VALUES (?, ?, ?, ?, ?)",
            time,
            kind,
            document.pop("individual", None),
            document.pop("attempt", None),
            json.dumps(document, separators=(",", ":")),
        )
        if isinstance(event, Finished):
            self._finish(event)
        elif isinstance(event, Failed):
            self._change(
                event.individual, state=State.FAILED, reason=event.reason
            )
        elif isinstance(event, Reused):
            self._reuse(event)
        return number

    def wait_for(self, number: int, equal_to: int | None) -> None:
        """Has an individual take another fitness; `None`: it is trained."""
        self._change(number, equal_to=equal_to)

    def _finish(self, event: Finished) -> None:
        accuracies, share = event.accuracies, event.share
        self._change(
            event.individual,
            state=State.FINISHED if share == 1 else State.STOPPED,
            fitness=fmean(accuracies),
            fitness_std=stdev(accuracies) if len(accuracies) > 1 else None,
            share=share,
            num_repeats=len(accuracies),
        )

    def _reuse(self, event: Reused) -> None:
        known = self.individual(event.equal_to)
        self._change(
            event.individual,
            state=known.state,
            fitness=known.fitness,
            fitness_std=known.fitness_std,
            share=known.share,
            num_repeats=known.num_repeats,
            equal_to=known.number,
        )

    def _change(self, number: int, **columns: Any) -> None:
        changes = ", ".join(f"{name} = ?" for name in columns)
        self._database.write(
            f"UPDATE individuals SET {changes} WHERE number = ?",
            *columns.values(),
            number,
        )


def open_archive(path: Path, *, writable: bool) -> Archive:
    """Opens an archive; a writable one is created or migrated if need be.

    Raises:
        ArchiveError: if there is none to read, or it is damaged, foreign or
            newer than this program.
    """
    return Archive(connect(path, writable=writable))
