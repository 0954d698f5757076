"""Sees all that a search does, and knows what must hold at every moment."""

import contextlib
from collections import Counter

from hnas_tf.archive import Archive
from hnas_tf.events import Failed, Finished, Lost, Progress
from hnas_tf.evolution import Told
from hnas_tf.evolve import verify
from tests.searches import ENDS, check_history
from tests.simulation.world import nobody_dies


class Witness:
    """A watcher that remembers across the deaths of the driver.

    Attributes:
        said: What workers have said, also to drivers before.
        met: How often a kind of event met an individual in a state.
        told: Whom the controller of this driver was told of.
    """

    def __init__(self, workdir, its):
        self._workdir = workdir
        self._its = its
        self.said = []
        self.met = Counter()
        self.told = []
        self._events = []
        self._submitted = set()
        self._answered = set()
        self._reader = None

    @contextlib.contextmanager
    def watches(self):
        """In its body a driver runs."""
        with nobody_dies():
            self._reader = Archive.open(self._workdir)
        self.told = []
        self._check_history()
        try:
            yield
        finally:
            self._reader.close()

    # As a watcher of the search.

    def begin(self, archive):
        del archive

    def settled(self, individual, archive):
        """Nobody is shown what is not written down."""
        del archive
        seen = self._reader.individual(individual.number)
        assert seen.state.is_final(), "shown before it was written"

    def end(self, archive):
        del archive

    # As the cluster sees it.

    def is_submitted(self, task):
        """An attempt begins once, and is written down before."""
        attempt = (task.individual, task.attempt)
        assert attempt not in self._submitted, "an attempt began twice"
        self._submitted.add(attempt)
        written = self._reader.events(kind="submitted", individual=attempt[0])
        assert attempt[1] in [event["attempt"] for event in written], (
            "submitted before it was written"
        )
        state = self._reader.individual(task.individual).state
        assert not state.is_final(), "submitted after its end"

    def is_answered(self, individual, attempt):
        """An answer is given to what is written down, once."""
        asked = [
            (event["attempt"], event["repeat"], event["share"])
            for event in self._reader.events(
                kind="progress", individual=individual
            )
        ]
        assert asked and asked[-1][0] == attempt, (
            "answered before it was written"
        )
        last = (individual, *asked[-1])
        assert last not in self._answered, "answered a question twice"
        self._answered.add(last)

    def hears(self, event):
        """Counts which event comes about an individual in which state."""
        if not isinstance(event, Progress | Finished | Failed | Lost):
            return
        kind = type(event).__name__.lower()
        self.met[f"{kind} of {self._state(event)}"] += 1

    def look(self):
        """Checks what must hold between two steps."""
        self._check_history()
        assert self.told == self._reader.population(), (
            "the population is not that of the archive"
        )

    def check_end(self, outcome):
        """Checks what must hold of a search that is finished."""
        with nobody_dies(), Archive.open(self._workdir) as archive:
            individuals = archive.individuals()
            wanted = self._its.evolution.num_evaluations
            assert len(individuals) == wanted, "not all were proposed"
            assert all(one.state.is_final() for one in individuals), (
                "somebody was forgotten"
            )
            best = next(iter(archive.fittest()), None)
            assert outcome.best == best, "the best is another one"
            problems = verify(self._its, archive).problems
            assert not problems, problems[0]
            return individuals

    def _state(self, event):
        known = self._reader.events(individual=event.individual)
        kinds = [one["kind"] for one in known]
        if any(kind in ENDS for kind in kinds):
            return "one that has ended"
        if known[-1]["attempt"] != event.attempt:
            return "an earlier attempt"
        if kinds[-1] == "lost":
            return "one that is lost"
        asked = [one for one in known if one["kind"] == "progress"]
        place = [(one["attempt"], one["repeat"], one["share"]) for one in asked]
        is_question = isinstance(event, Progress)
        if is_question and (event.attempt, event.repeat, event.share) in place:
            return "one that has asked that"
        return "one that is trained"

    def _check_history(self):
        """What was once written stays; everything happens at most once."""
        events = self._reader.events()
        assert events[: len(self._events)] == self._events, "events were lost"
        new, self._events = events[len(self._events) :], events
        if not new:
            return
        touched = {e["individual"] for e in new} - {None}
        for number in touched:
            check_history(
                self._reader.individual(number),
                [event for event in events if event["individual"] == number],
            )


def spy(controller, witness):
    """Returns a controller whose witness hears what it is told."""

    class Spied(controller):
        def tell(self, told: Told):
            witness.told.append(told)
            super().tell(told)

    return Spied
