"""How busy workers are, out of what happened to them."""

from hnas_tf.archive import Happening


class Workers:
    """What the time of the workers went into, so far.

    The archive says when a worker was ready and when an individual was handed
    to one, but not when a search was interrupted. So what passed before a
    worker became ready counts as no time at all: it, or the whole search, was
    being started. And where an individual is submitted that was under way, the
    search has been started anew, with the workers that were ready just now.

    Attributes:
        seconds: For how long there was a search.
        worker_seconds: The same, times the workers that there were.
        idle_seconds: Those of workers that evaluated no one.
    """

    def __init__(self) -> None:
        self.seconds = self.worker_seconds = self.idle_seconds = 0.0
        self._since: float | None = None
        self._workers: set[int] = set()
        self._just_ready: set[int] = set()
        self._under_way: set[int] = set()

    def tell(self, event: Happening) -> None:
        """Takes the next event of the search."""
        if event.kind != "ready" and self._since is not None:
            # A clock may be set back.
            self._pass(max(0.0, event.time - self._since))
        self._since = event.time
        if event.kind == "ready":
            self._add_worker(event.worker)
            return
        if event.kind == "unusable":
            self._workers.discard(event.worker)
        elif event.kind == "submitted":
            self._submit(event.individual)
        else:
            self._under_way.discard(event.individual)
        self._just_ready.clear()

    def _pass(self, seconds: float) -> None:
        num_workers = len(self._workers)
        num_idle = max(0, num_workers - len(self._under_way))
        self.seconds += seconds
        self.worker_seconds += seconds * num_workers
        self.idle_seconds += seconds * num_idle

    def _add_worker(self, worker: int) -> None:
        self._just_ready.add(worker)
        if not self._under_way:
            self._workers = set(self._just_ready)
        self._workers.add(worker)

    def _submit(self, individual: int) -> None:
        if individual in self._under_way:
            self._workers = set(self._just_ready)
            self._under_way.clear()
        self._under_way.add(individual)
