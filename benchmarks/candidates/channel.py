"""What a process that measures says, and hears, over its pipes."""

import json
import os
import sys
from typing import Any

READY = "ready"


class Channel:
    """The end of the process that measures.

    Attributes:
        job: What it is to do.
    """

    def __init__(self) -> None:
        """Reads the job, and stays on its cores.

        To be called before TensorFlow or PyTorch, which count the cores, are
        loaded. What they print goes to stderr from here on.
        """
        self.job: dict[str, Any] = json.loads(sys.stdin.readline())
        os.sched_setaffinity(0, self.job["cores"])
        self._out = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)

    def wait(self) -> None:
        """Returns when all that are timed together have come so far.

        If nobody is left to say so, the process ends.
        """
        print(READY, file=self._out, flush=True)
        if not sys.stdin.readline():
            sys.exit("the program that measures is gone")

    def send(self, found: dict[str, Any]) -> None:
        print(json.dumps(found), file=self._out, flush=True)
