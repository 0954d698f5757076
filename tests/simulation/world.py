"""A clock, a disk and a driver that may die, out of one seed."""

import contextlib
import heapq
import itertools
import sqlite3
from random import Random
from unittest import mock

DISK_IS_FULL = "database or disk is full"
_WRITES = ("INSERT", "UPDATE", "COMMIT", "CREATE", "ALTER")


class DiedError(BaseException):
    """The driver was killed; nothing of it runs on, no handler either."""


class World:
    """What is not hnas_tf.

    Attributes:
        rng: All chance.
        now: Seconds that have passed.
        num_deaths: Of the driver.
    """

    def __init__(self, seed):
        self.rng = Random(f"world {seed}")
        self.now = 0.0
        self.num_deaths = 0
        # Of a driver at a statement, and of a disk that fills up there.
        self._death_rate = self.rng.choice((0.0, 0.002, 0.01))
        self._full_rate = self.rng.choice((0.0, 0.0, 0.003))
        self._is_full = self._is_dead = False
        self._skew = 0.0
        self._agenda = []
        self._order = itertools.count()

    def at(self, delay, happening):
        """Has something happen after a delay: a function of no arguments."""
        entry = (self.now + delay, next(self._order), happening)
        heapq.heappush(self._agenda, entry)

    def pass_time(self):
        """Lets the next thing happen; returns whether there was any."""
        if not self._agenda:
            return False
        self.now, _, happening = heapq.heappop(self._agenda)
        happening()
        return True

    def clock(self):
        """Returns the time as the driver's machine has it: it may jump."""
        if self.rng.random() < 0.01:
            self._skew = self.rng.uniform(-1e5, 1e5)
        return self.now + self._skew

    def chance(self, probability):
        return self.rng.random() < probability

    def start_driver(self):
        """Starts it again after its death, or on an emptied disk."""
        self._is_dead = self._is_full = False
        self._agenda.clear()
        self.now += self.rng.uniform(1, 1e4)

    @property
    def is_disk_full(self):
        return self._is_full

    def before(self, statement):
        """Is told of a statement of the driver; it may be the last."""
        self._perhaps_die()
        writes = statement.lstrip().startswith(_WRITES)
        if writes and self.chance(self._full_rate):
            self._is_full = True
        if writes and self._is_full:
            raise sqlite3.OperationalError(DISK_IS_FULL)

    def after(self):
        """Is told that a statement was run; the driver may die of it."""
        self._perhaps_die()

    def _perhaps_die(self):
        if self._is_dead or self.chance(self._death_rate):
            self.num_deaths += not self._is_dead
            self._is_dead = True
            raise DiedError


@contextlib.contextmanager
def statements_of(world):
    """What opens a database in its body lives in a world."""

    class Mortal(sqlite3.Connection):
        def execute(self, statement, *values):
            world.before(statement)
            found = super().execute(statement, *values)
            world.after()
            return found

    connect = sqlite3.connect

    def mortal(*arguments, **options):
        return connect(*arguments, **options, factory=Mortal)

    with mock.patch.object(sqlite3, "connect", mortal):
        yield


@contextlib.contextmanager
def nobody_dies():
    """What opens a database in its body is no part of the world."""
    with mock.patch.object(sqlite3, "connect", sqlite3.Connection):
        yield
