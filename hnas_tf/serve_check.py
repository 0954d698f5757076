"""Checks an export, or a server: `python -m hnas_tf.serve_check ...`."""

import dataclasses
from pathlib import Path

from absl import flags

from hnas_tf.cli import program, serve_check_flags
from hnas_tf.cli.sections import FLAGS, required
from hnas_tf.reporting import exports
from hnas_tf.serving import check
from hnas_tf.serving.export_dir import version_dir
from hnas_tf.serving.verification import require_close

flags.adopt_module_key_flags(serve_check_flags)


def main() -> None:
    """Asks, compares with what is kept, and prints the differences."""
    version = version_dir(Path(required("export_dir")))
    exported = check.read(version)
    if FLAGS.address:
        found = check.check_server(version, FLAGS.address)
    else:
        program.require_tensorflow()
        found = check.check_folder(version)
    rows = {name: dataclasses.asdict(each) for name, each in found.items()}
    program.say(
        exports.comparisons_in_words(rows, where=FLAGS.address or version)
    )
    tolerance = FLAGS.tolerance
    if tolerance is None:
        tolerance = exported.tolerance
    require_close(found, tolerance)


if __name__ == "__main__":
    program.run(main)
