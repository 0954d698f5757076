"""Bugs on purpose, to see that the simulation finds such."""

import contextlib
from random import Random
from statistics import fmean
from unittest import mock

from hnas_tf.archive import Archive
from hnas_tf.archive.database import Database
from hnas_tf.engines import Assignments
from hnas_tf.evolution import Controller
from hnas_tf.evolve.equals import Equals
from hnas_tf.evolve.search import Search


def _instead(cls, name, make):
    """Returns a bug: a method that is made from the right one."""
    return mock.patch.object(cls, name, make(getattr(cls, name)))


def answers_of_lost_workers_count():
    return _instead(
        Assignments,
        "is_running",
        lambda right: lambda self, number, attempt: number in self._running,
    )


def doubled_questions_count():
    def make(right):
        def expects(self, event):
            self._asked.clear()
            return right(self, event)

        return expects

    return _instead(Assignments, "expects", make)


def ends_are_not_noted():
    def make(right):
        def end(self, number):
            task = self._running[number]
            right(self, number)
            self._running[number] = task
            return task

        return end

    return _instead(Assignments, "end", make)


def acts_before_the_commit():
    def run(self):
        while not self.is_finished():
            arrived = (
                []
                if self._proposals.are_behind
                else self._engine.next_events(1e9)
            )
            self._proposals.are_behind = False
            with self._archive.transaction():
                events = [event for event in arrived if self._take(event)]
                self._act(events, self._next_tasks())
            if self._health.fatal is not None:
                raise self._health.fatal

    return mock.patch.object(Search, "run", run)


def commits_are_lost():
    @contextlib.contextmanager
    def transaction(self):
        try:
            with self.right():
                yield
                if Random(self._connection.total_changes).random() < 0.02:
                    raise InterruptedError
        except InterruptedError:
            pass

    return mock.patch.multiple(
        Database,
        right=Database.transaction,
        transaction=transaction,
        create=True,
    )


def there_are_no_transactions():
    @contextlib.contextmanager
    def transaction(self):
        yield

    return mock.patch.object(Database, "transaction", transaction)


def attempts_are_not_counted():
    return _instead(
        Archive,
        "unfinished",
        lambda right: (
            lambda self: [one._replace(num_attempts=0) for one in right(self)]
        ),
    )


def who_was_in_flight_is_forgotten():
    return _instead(Archive, "unfinished", lambda right: lambda self: [])


def who_is_lost_is_forgotten():
    def make(right):
        def lose(self, number, **options):
            goes_on = right(self, number, **options)
            self._waiting.pop(number, None)
            return goes_on

        return lose

    return _instead(Assignments, "lose", make)


def who_waits_for_an_equal_one_is_forgotten():
    return _instead(Equals, "waiting_for", lambda right: lambda *_: [])


def who_waited_for_a_failed_one_is_forgotten():
    return _instead(Equals, "release", lambda right: lambda *_: None)


def the_best_repeat_counts():
    def make(right):
        def finish(self, event):
            right(self, event)
            if fmean(event.accuracies) < max(event.accuracies):
                self._change(event.individual, fitness=max(event.accuracies))

        return finish

    return _instead(Archive, "_finish", make)


def the_population_is_out_of_order():
    return _instead(
        Archive,
        "population",
        lambda right: lambda self: sorted(right(self)),
    )


def judgements_are_forgotten():
    return _instead(Archive, "judgements", lambda right: lambda self: [])


def proposals_know_nothing():
    return _instead(
        Controller,
        "ask",
        lambda right: lambda self, *, known_event=0: right(self),
    )


def randomness_has_no_seed():
    return mock.patch(
        "hnas_tf.evolution.controller.Random", lambda text: Random()
    )


BUGS = (
    answers_of_lost_workers_count,
    doubled_questions_count,
    ends_are_not_noted,
    acts_before_the_commit,
    commits_are_lost,
    there_are_no_transactions,
    attempts_are_not_counted,
    who_was_in_flight_is_forgotten,
    who_is_lost_is_forgotten,
    who_waits_for_an_equal_one_is_forgotten,
    who_waited_for_a_failed_one_is_forgotten,
    the_best_repeat_counts,
    the_population_is_out_of_order,
    judgements_are_forgotten,
    proposals_know_nothing,
    randomness_has_no_seed,
)
