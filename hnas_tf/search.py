"""Searches for a network: `python -m hnas_tf.search --workdir=...`."""

from pathlib import Path

from absl import flags

from hnas_tf.archive import make_local_dir, open_search
from hnas_tf.cli import (
    cluster_flags,
    data_flags,
    device_flags,
    evolution_flags,
    network_flags,
    preparation,
    program,
    recipes,
    search_flags,
)
from hnas_tf.cli.sections import FLAGS, required
from hnas_tf.config import SearchConfig
from hnas_tf.engines import make_engine, require_own_flags
from hnas_tf.evolution.budget import check_given
from hnas_tf.evolve import Backups, Every, Watcher, evolve
from hnas_tf.reporting import BestFiles, ProgressBar, TensorBoard, summary

# Where candidates end one a moment, most are no longer among the latest then.
_SHOWN_SECONDS = 5.0

for module in (
    search_flags,
    evolution_flags,
    data_flags,
    device_flags,
    cluster_flags,
    network_flags,
):
    flags.adopt_module_key_flags(module)


def main() -> None:
    """Runs the search of the flags to its end, or says how to go on."""
    workdir = Path(required("workdir"))
    config = search_flags.search_config()
    program.refuse_cluster()
    require_own_flags(config)
    if config.evaluator == SearchConfig.evaluator:
        program.require_tensorflow()
        config, description = preparation.with_pictures(
            config, make_local_dir(workdir)
        )
        program.say(summary.of_pictures(description))
    check_given(config)
    if hint := device_flags.hint(config.devices):
        program.say(hint)
    watchers = _watchers(workdir, config)
    try:
        with open_search(workdir, config) as archive:
            engine = make_engine(config)
            evolve(config, archive=archive, engine=engine, watchers=watchers)
            following = recipes.train_command(config.data, workdir)
            program.say(summary.of_search(archive, config, workdir, following))
    except program.Interrupted:
        program.say(f"Interrupted. To go on, type:\n  {program.command()}")
        raise


def _watchers(workdir: Path, config: SearchConfig) -> list[Watcher]:
    """Returns what shows the search, and copies it where that is wished."""
    board = TensorBoard(
        workdir,
        command=program.command(),
        max_candidates=FLAGS.tensorboard_max_candidates,
    )
    watchers: list[Watcher] = [
        BestFiles(workdir),
        Every(_SHOWN_SECONDS, board),
        ProgressBar(config.evolution.num_evaluations),
    ]
    if FLAGS.backup_dir:
        backups = Backups(workdir, Path(FLAGS.backup_dir))
        watchers.append(Every(FLAGS.backup_seconds, backups))
    return watchers


if __name__ == "__main__":
    program.run(main)
