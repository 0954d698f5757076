"""Exports a trained network: `python -m hnas_tf.export ...`."""

from absl import flags

from hnas_tf.cli import data_flags, export_flags, program, trained_flags
from hnas_tf.cli.sections import FLAGS, required
from hnas_tf.reporting import exports

for module in (export_flags, trained_flags, data_flags):
    flags.adopt_module_key_flags(module)


def main() -> None:
    """Loads the network, exports it, and says what was written."""
    workdir, config = required("workdir"), export_flags.export_config()
    export_dir = export_flags.export_dir()
    program.require_tensorflow()
    program.load_tensorflow(on_cpu=True)
    import tensorflow as tf

    from hnas_tf.serving.exporter import export_trained
    from hnas_tf.training.trained import load_trained

    trained = load_trained(
        workdir,
        repeat=FLAGS.repeat,
        strategy=tf.distribute.get_strategy(),
        precision="float32",
    )
    data = data_flags.data_config_of(trained.config.data)
    document = export_trained(trained, data, export_dir, config)
    program.say(exports.in_words(document, export_dir))


if __name__ == "__main__":
    program.run(main)
