"""Prints the best individuals: `python -m hnas_tf.show --workdir=...`."""

import sys
from pathlib import Path

from absl import flags

from hnas_tf.archive import CONFIG_NAME, Archive, read_config
from hnas_tf.cli import program, show_flags
from hnas_tf.cli.sections import FLAGS, required
from hnas_tf.evolution.pareto import pareto_front
from hnas_tf.evolve import verify
from hnas_tf.reporting import table
from hnas_tf.reporting.failures import failures

flags.adopt_module_key_flags(show_flags)


def main() -> None:
    """Prints the fittest, and counts; or failures; or checks the search."""
    workdir = required("workdir")
    with Archive.open(workdir) as archive:
        if FLAGS.verify:
            config = read_config(Path(workdir) / CONFIG_NAME)
            show_flags.require_known_algorithm(config)
            verdict = verify(config, archive)
            program.say(verdict.in_words())
            sys.exit(1 if verdict.problems else 0)
        if FLAGS.failures:
            program.say(failures(archive, FLAGS.limit))
            return
        shown = archive.fittest(FLAGS.limit)
        if FLAGS.pareto:
            shown = pareto_front(archive.individuals(), FLAGS.pareto)
        program.say(table.individuals_table(shown))
        program.say(table.counts(archive))


if __name__ == "__main__":
    program.run(main)
