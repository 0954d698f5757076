"""Says what a TPU will make of a training: `python -m hnas_tf.preflight ...`.

Nothing is rented, and nothing trained: Google's compiler runs on this machine.
"""

import json
import sys
from typing import Any

from absl import flags

from hnas_tf.cli import preflight_flags, program
from hnas_tf.cli.sections import FLAGS
from hnas_tf.tpu import answers

IS_OF_ONE = preflight_flags.asks_of_one(sys.argv)
SUBJECT: Any = preflight_flags.define(is_of_one=IS_OF_ONE)

for module in (SUBJECT, preflight_flags):
    flags.adopt_module_key_flags(module)


def main() -> None:
    """Asks the compiler and prints what it says; exits with 1 if it refuses."""
    preflight_flags.choose_dataset()
    asked = preflight_flags.preflight_config()
    program.require_tensorflow()
    if IS_OF_ONE:
        answer = answers.of_network(
            SUBJECT.genotype(), SUBJECT.final_config(), asked
        )
    else:
        answer = answers.of_search(SUBJECT.search_config(), asked)
    program.say(
        json.dumps(answer.document, indent=2) if FLAGS.json else answer.text
    )
    sys.exit(0 if answer.is_well else 1)


if __name__ == "__main__":
    program.run(main)
