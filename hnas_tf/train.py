"""Trains a network to the end: `python -m hnas_tf.train --genotype=...`."""

from pathlib import Path
from typing import Any

from absl import flags

from hnas_tf.archive.final_workdir import open_final, write_result
from hnas_tf.cli import network_flags, program, train_flags
from hnas_tf.cli.sections import required

flags.adopt_module_key_flags(train_flags)
flags.adopt_module_key_flags(network_flags)


def main() -> None:
    """Trains on all but the test split, and prints the test accuracy."""
    workdir = Path(required("workdir"))
    config = train_flags.final_config()
    genotype = train_flags.genotype()
    program.require_tensorflow()
    result = open_final(workdir, genotype, config)
    if result is None:
        program.prepare_tensorflow()
        from hnas_tf.training import final

        outcome = final.train_final(genotype, config, workdir)
        result = final.result_to_document(outcome)
        write_result(workdir, result)
    print(_in_words(result, workdir))


def _in_words(result: dict[str, Any], workdir: Path) -> str:
    spread = result["test_accuracy_std"]
    return "\n".join(
        (
            "The training is finished.",
            f"  test accuracy  {result['test_accuracy']:.4f}"
            + (f" +- {spread:.4f}" if spread is not None else ""),
            f"  parameters     {result['parameters']:,}",
            f"  workdir        {workdir}",
        )
    )


if __name__ == "__main__":
    program.run(main)
