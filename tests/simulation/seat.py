"""A worker of the simulated cluster."""


class Seat:
    """A worker, and what it is at.

    Attributes:
        number: Of the worker.
        is_ready: Whether the search was told of it.
        task: What it trains.
        ahead: What it has prepared.
        place: Of its training: how many questions are answered.
        is_asking: Whether it waits for an answer.
        fate: What becomes of the training, and at which place.
    """

    def __init__(self, number):
        self.number = number
        self.is_ready = self.is_asking = False
        self.task = self.ahead = None
        self.place = 0
        self.fate = ("ends", 0)

    def trains(self, task):
        return self.task is not None and self.task == task
