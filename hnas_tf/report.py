"""Writes a page about searches: `python -m hnas_tf.report --workdir=...`."""

from contextlib import ExitStack
from pathlib import Path

from absl import flags

from hnas_tf import files
from hnas_tf.archive import CONFIG_NAME, Archive, read_config
from hnas_tf.cli import program, recipes, repeating, report_flags
from hnas_tf.cli.sections import FLAGS, required
from hnas_tf.config import SearchConfig
from hnas_tf.evolution.algorithms import ALGORITHMS
from hnas_tf.evolve import verify
from hnas_tf.reporting.report import Subject, page

flags.adopt_module_key_flags(report_flags)

_FEW = 1_000  # Individuals whose search is verified within seconds.


def main() -> None:
    """Reads all searches, and writes the page whole or not at all."""
    required("workdir")
    with ExitStack() as stack:
        subjects = [
            subject(Path(workdir), stack.enter_context(Archive.open(workdir)))
            for workdir in FLAGS.workdir
        ]
        files.write_text(FLAGS.output, page(subjects))
    program.say(f"Written: {FLAGS.output}")


def subject(workdir: Path, archive: Archive) -> Subject:
    """Returns what the page is to tell of a search."""
    config = read_config(workdir / CONFIG_NAME)
    commands = {
        "To repeat it in another folder": repeating.search_command(
            config, workdir
        ),
        "To train the winner": recipes.train_command(config.data, workdir),
    }
    verdict = verdict_in_words(config, archive, workdir)
    return Subject(str(workdir), config, archive, commands, verdict)


def verdict_in_words(
    config: SearchConfig, archive: Archive, workdir: Path
) -> str:
    """Returns what the verification found, or what to type for it."""
    algorithm = config.evolution.algorithm
    is_small = archive.num_individuals() <= _FEW
    is_wanted = is_small if FLAGS.verify is None else FLAGS.verify
    # No code is imported because a file names it.
    if is_wanted and algorithm in ALGORITHMS:
        return verify(config, archive).in_words()
    named = [] if algorithm in ALGORITHMS else [f"--algorithm={algorithm}"]
    command = recipes.command_of(
        "show", "--verify", f"--workdir={workdir}", *named
    )
    return f"Not verified for this page. To do so:\n{command}"


if __name__ == "__main__":
    program.run(main)
