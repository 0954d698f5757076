"""Who reads a flagfile, which is a command."""

import contextlib
import io

from absl import flags
from absl.testing import flagsaver

from hnas_tf.cli import program
from hnas_tf.errors import HnasError
from tests.fuzzing.case import bytes_case

_CONTENT = b"# A comment.\n--undefok=nowhere,there\n--nowhere=1\n--nothere\n"


def flagfile(folder):
    """Flags in a file, before a program has defined its own."""
    path = folder / "some.flags"

    def read(content):
        path.write_bytes(content)
        said = io.StringIO()
        with flagsaver.flagsaver(), contextlib.redirect_stderr(said):
            try:
                program._parse(["program", f"--flagfile={path}"])
            except SystemExit as error:
                raise HnasError(said.getvalue()) from error
            finally:
                flags.FLAGS.unparse_flags()

    return bytes_case(_CONTENT, read)
