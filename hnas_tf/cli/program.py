"""How a program of ours runs: flags, errors in a sentence, interruption."""

import importlib
import importlib.util
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

from absl import app, flags, logging

from hnas_tf.cli import recipes
from hnas_tf.config import LOCAL_TPU
from hnas_tf.engines.devices import count_chips
from hnas_tf.engines.environment import cpu_environment, training_environment
from hnas_tf.errors import HnasError, escaped_lines
from hnas_tf.quiet import quiet_stderr

USAGE_ERROR = 2


class Interrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM; carries the signal's number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def run(main: Callable[[], None]) -> None:
    """Runs a program: reads its flags, then calls `main`, and exits.

    The exit code is 0, or 1 after an error of ours, 2 after a wrong flag,
    128 + the signal's number after an interruption.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    logging.set_verbosity(logging.WARNING)
    app.run(lambda argv: _run(main, argv), flags_parser=_parse)


def say(text: str) -> None:
    """Prints lines for a person; whatever is in them steers no terminal."""
    print(escaped_lines(text))


def command() -> str:
    """Returns what was typed to start this program."""
    spec = sys.modules["__main__"].__spec__
    module = spec.name if spec else sys.argv[0]
    return recipes.command_of(module.rpartition(".")[2], *sys.argv[1:])


def require_tensorflow() -> None:
    """Checks that some build of TensorFlow is installed, without loading it.

    Raises:
        HnasError: if there is none; says how to install one.
    """
    if importlib.util.find_spec("tensorflow") is None:
        raise HnasError(
            "Expected TensorFlow; install it with pip install 'hnas_tf[cpu]', "
            "'hnas_tf[gpu]' or 'hnas_tf[tpu]'. Received: a Python without it"
        )


def refuse_cluster() -> None:
    """Checks that this is no task of a cluster: each would work alone.

    Raises:
        HnasError: if it is.
    """
    if "TF_CONFIG" in os.environ:
        raise HnasError(
            "Expected to run on one machine. Received: TF_CONFIG="
            f"{os.environ['TF_CONFIG']} in the environment"
        )


def load_tensorflow(tpu: str = "", *, on_cpu: bool = False) -> None:
    """Loads TensorFlow, set up as for a search's child.

    What it then logs past Python is shown only if it cannot be loaded.

    Args:
        tpu: As in `--tpu`.
        on_cpu: Whether it is to see no accelerator.

    Raises:
        HnasError: if the TPU of this machine is wanted, and there is none.
    """
    if tpu == LOCAL_TPU:
        # Without one, TensorFlow's build for TPUs waits minutes for it.
        count_chips()
    os.environ |= cpu_environment() if on_cpu else training_environment(tpu)
    with quiet_stderr():
        importlib.import_module("tensorflow")


def _run(main: Callable[[], None], argv: Sequence[str]) -> None:
    if len(argv) > 1:
        _fail(
            "Expected flags alone. Received: "
            f"{shlex.join(argv[1:])}; see --helpshort",
            USAGE_ERROR,
        )
    try:
        main()
    except HnasError as error:
        _fail(str(error), 1)
    except Interrupted as error:
        sys.exit(128 + error.number)


def _parse(argv: Sequence[str]) -> list[str]:
    try:
        return list(flags.FLAGS(argv))
    except (flags.Error, UnicodeDecodeError) as error:  # Of a flagfile.
        message = str(error).rstrip(".")
        _fail(f"{message}; see --helpshort", USAGE_ERROR)


def _fail(message: str, code: int) -> NoReturn:
    # Whatever lines it quotes, none looks like one of ours.
    words = escaped_lines(message).replace("\n", "\n  ")
    print(f"error: {words}", file=sys.stderr)
    sys.exit(code)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Interrupts once; what follows is cleaning up, and quick."""
    del frame
    for other in (signal.SIGINT, signal.SIGTERM):
        signal.signal(other, signal.SIG_IGN)
    raise Interrupted(number)
