"""Workers that join, die, hang and come back, and the network to them."""

from hnas_tf.events import (
    NOT_FINITE,
    OUT_OF_MEMORY,
    TIME_LIMIT,
    Failed,
    Finished,
    Lost,
    Progress,
    Ready,
    Unusable,
)
from tests import toy
from tests.evolve.trainings import SHARES, accuracy
from tests.simulation.seat import Seat

LEASE_SECONDS = 100.0
_REASONS = (OUT_OF_MEMORY, NOT_FINITE, TIME_LIMIT)


class Cluster:
    """An engine under the clock of a world.

    It keeps its promise: whatever is submitted comes to an end, or is lost.
    All else may happen: what a worker said comes again, or comes long after it
    was given up, also to a driver that was started anew.

    Attributes:
        met: How often an event of a kind came about an individual that the
            search had in a state.
    """

    def __init__(self, world, its, witness, *, num_workers, is_rough):
        self._world = world
        self._witness = witness
        self._places = toy.places(its.training.num_repeats, SHARES[:-1])
        self._facts = {"device": "cpu"}
        self._wanted = num_workers
        self._is_rough = is_rough
        self._seats = []
        self._names = 0
        self._arrived = []
        self.met = witness.met

    def __enter__(self):
        for _ in range(self._wanted):
            self._join_after(5.0)
        for event in self._witness.said[-3:]:
            self._come_again(event)
        return self

    def __exit__(self, *exception):
        self._seats.clear()

    @property
    def num_workers(self):
        return len(self._seats)

    @property
    def num_idle(self):
        return sum(seat.is_ready and not seat.task for seat in self._seats)

    def has_prepared(self, task):
        return any(
            seat.is_ready and not seat.task and seat.ahead == task
            for seat in self._seats
        )

    def submit(self, task, ahead=None):
        idle = [s for s in self._seats if s.is_ready and not s.task]
        assert idle, "submitted to nobody"
        seat = max(idle, key=lambda s: s.ahead == task)
        self._witness.is_submitted(task)
        seat.task, seat.ahead, seat.place = task, ahead, 0
        seat.fate = self._fate()
        self._train(seat)

    def go_on(self, individual, attempt):
        seat = self._answered(individual, attempt)
        seat.place += 1
        self._train(seat)

    def stop(self, individual, attempt):
        seat = self._answered(individual, attempt)
        seat.place += 1
        self._end(seat)

    def next_events(self, within):
        """Returns one event, or several that arrive together."""
        self._witness.look()
        wanted = self._world.rng.choice((1, 1, 1, 2, 5))
        while len(self._arrived) < wanted:
            if not self._world.pass_time():
                assert self._arrived, "somebody waits for ever"
                break
        arrived, self._arrived = self._arrived, []
        for event in arrived:
            self._witness.hears(event)
        return arrived

    def _answered(self, individual, attempt):
        """Returns who waits for an answer."""
        self._witness.is_answered(individual, attempt)
        for seat in self._seats:
            task = seat.task
            if task and (task.individual, task.attempt) == (
                individual,
                attempt,
            ):
                assert seat.is_asking, "answered a question twice"
                seat.is_asking = False
                return seat
        raise AssertionError("answered somebody who is gone")

    def _fate(self):
        """Returns what becomes of a training, and at which place."""
        rng = self._world.rng
        kinds, weights = ("ends", "dies", "hangs", "fails"), [70, 8, 12, 10]
        if not self._is_rough:
            weights[-1] = 0
        (kind,) = rng.choices(kinds, weights)
        return kind, rng.randrange(len(self._places) + 1)

    def _train(self, seat):
        """Has a worker go on to its next question, its end, or its fate."""
        task, (kind, place) = seat.task, seat.fate
        about = (task.individual, task.attempt)
        lasts = self._world.rng.expovariate(1 / 10.0)
        if kind != "ends" and place == seat.place:
            if kind == "fails":
                reason = self._world.rng.choice(_REASONS)
                self._say(lasts, seat, Failed(*about, reason, "in words"))
            elif kind == "dies":
                self._world.at(lasts, lambda: self._lose(seat, task))
            else:
                self._hang(seat)
        elif seat.place == len(self._places):
            self._end(seat)
        else:
            repeat, share = self._places[seat.place]
            reached = accuracy(task.genotype, repeat, share)
            self._say(lasts, seat, Progress(*about, repeat, share, reached))

    def _hang(self, seat):
        """Is silent until it is given up, and then says its last."""
        task, place = seat.task, seat.place
        self._world.at(LEASE_SECONDS, lambda: self._lose(seat, task))
        repeat, share = self._places[min(place, len(self._places) - 1)]
        about = (task.individual, task.attempt)
        event = self._world.rng.choice(
            (
                Progress(*about, repeat, share, 0.5),
                self._finished(task, max(place, 1)),
                Failed(*about, NOT_FINITE, "late"),
            )
        )
        late = LEASE_SECONDS + self._world.rng.choice((1.0, 5.0, 20.0, 400.0))
        self._world.at(late, lambda: self._deliver(event))

    def _end(self, seat):
        lasts = self._world.rng.expovariate(1.0)
        self._say(lasts, seat, self._finished(seat.task, seat.place))

    def _finished(self, task, num_places):
        reached = dict(self._places[:num_places])
        accuracies = tuple(
            accuracy(task.genotype, repeat, share)
            for repeat, share in reached.items()
        )
        return Finished(task.individual, task.attempt, accuracies)

    def _say(self, delay, seat, event):
        """Brings what a worker says, if it lives until then."""
        task = seat.task

        def arrive():
            if seat not in self._seats or not seat.trains(task):
                return
            if isinstance(event, Progress):
                seat.is_asking = True
            else:
                seat.task = None
                if isinstance(event, Failed):
                    self._replace(seat)
            self._deliver(event)

        self._world.at(delay, arrive)

    def _lose(self, seat, task, *, is_preempted=False):
        """Notices that a worker has died under a task."""
        if seat not in self._seats or not seat.trains(task):
            return
        seat.task = None
        self._replace(seat)
        about = (task.individual, task.attempt)
        self._deliver(Lost(*about, "in words", is_preempted))

    def _replace(self, seat):
        """Starts the worker anew, or another one elsewhere, later."""
        self._seats.remove(seat)
        self._join_after(50.0)

    def _join_after(self, seconds):
        self._names += 1
        seat = Seat(self._names)
        self._seats.append(seat)

        def join():
            is_bad = self._is_rough and self._world.chance(0.05)
            if is_bad and len(self._seats) > 1:
                self._seats.remove(seat)
                self._arrived.append(Unusable(seat.number, "in words"))
                self._join_after(500.0)
                return
            seat.is_ready = True
            self._arrived.append(Ready(seat.number, self._facts))
            if self._world.chance(0.1):
                self._world.at(
                    self._world.rng.expovariate(1 / 200.0),
                    lambda: self._preempt(seat),
                )

        self._world.at(self._world.rng.uniform(0, seconds), join)

    def _preempt(self, seat):
        """Takes a machine away, busy or not."""
        if seat not in self._seats:
            return
        if seat.task:
            self._lose(seat, seat.task, is_preempted=True)
        else:
            self._replace(seat)

    def _deliver(self, event):
        self._arrived.append(event)
        self._witness.said.append(event)
        if self._world.chance(0.15):
            self._come_again(event)

    def _come_again(self, event):
        """Brings the same words another time: a network doubles them."""
        delay = self._world.rng.choice((0.0, 1.0, 10.0, 1000.0))
        self._world.at(delay, lambda: self._arrived.append(event))
