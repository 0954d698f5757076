"""What a search remembers, on disk."""

from hnas_tf.archive.archive import Archive
from hnas_tf.archive.backup import check_backup, copy_search
from hnas_tf.archive.config_file import (
    CONFIG_NAME,
    read_config,
)
from hnas_tf.archive.outcome import Outcome, outcome_of
from hnas_tf.archive.rows import Happening, Settled, Unfinished, event_of
from hnas_tf.archive.workdir import (
    BEST_DIR,
    DATA_DIR,
    TENSORBOARD_DIR,
    check_same_search,
    make_local_dir,
    open_search,
    require_local,
)

__all__ = [
    "BEST_DIR",
    "CONFIG_NAME",
    "DATA_DIR",
    "TENSORBOARD_DIR",
    "Archive",
    "Happening",
    "Outcome",
    "Settled",
    "Unfinished",
    "check_backup",
    "check_same_search",
    "copy_search",
    "event_of",
    "make_local_dir",
    "open_search",
    "outcome_of",
    "read_config",
    "require_local",
]
