"""Trains a network to the end: `python -m hnas_tf.train --genotype=...`."""

from absl import flags

from hnas_tf.cli import (
    data_flags,
    device_flags,
    network_flags,
    program,
    train_flags,
)
from hnas_tf.cli.sections import required
from hnas_tf.reporting import summary

for module in (train_flags, data_flags, device_flags, network_flags):
    flags.adopt_module_key_flags(module)


def main() -> None:
    """Trains, measures once all is trained, and prints what came out."""
    workdir = required("workdir")
    config = train_flags.final_config()
    genotype = train_flags.genotype()
    program.require_tensorflow()
    program.load_tensorflow(config.devices.tpu)
    from hnas_tf.training.final import train_final

    try:
        result = train_final(
            genotype,
            config,
            workdir,
            announce=lambda found: program.say(summary.of_pictures(found)),
        )
    except program.Interrupted:
        program.say(f"Interrupted. To go on, type:\n  {program.command()}")
        raise
    program.say(summary.of_final(result, workdir))


if __name__ == "__main__":
    program.run(main)
