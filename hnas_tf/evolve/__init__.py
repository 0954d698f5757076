"""A search from a notebook or another program, and the check of one."""

from hnas_tf.evolve.backups import Backups
from hnas_tf.evolve.every import Every
from hnas_tf.evolve.facts import DECISIVE_FACTS
from hnas_tf.evolve.run import evolve
from hnas_tf.evolve.verification import Verdict, verify
from hnas_tf.evolve.watcher import Watcher

__all__ = [
    "DECISIVE_FACTS",
    "Backups",
    "Every",
    "Verdict",
    "Watcher",
    "evolve",
    "verify",
]
