"""Prints the best individuals: `python -m hnas_tf.show --workdir=...`."""

from absl import flags

from hnas_tf.archive import Archive
from hnas_tf.cli import program, show_flags
from hnas_tf.cli.sections import FLAGS, required
from hnas_tf.reporting import table

flags.adopt_module_key_flags(show_flags)


def main() -> None:
    """Prints a table of the fittest, and counts."""
    with Archive.open(required("workdir")) as archive:
        print(table.individuals_table(archive.fittest(FLAGS.limit)))
        print(table.counts(archive))


if __name__ == "__main__":
    program.run(main)
