"""Tries a trained network on pictures: `python -m hnas_tf.evaluate ...`."""

from absl import flags

from hnas_tf.cli import (
    data_flags,
    device_flags,
    evaluate_flags,
    program,
    trained_flags,
)
from hnas_tf.cli.sections import FLAGS, required
from hnas_tf.reporting import evaluation

for module in (evaluate_flags, trained_flags, data_flags, device_flags):
    flags.adopt_module_key_flags(module)


def main() -> None:
    """Loads the network, shows it the pictures, and prints what it says."""
    workdir = required("workdir")
    devices = evaluate_flags.devices_config()
    program.refuse_cluster()
    program.require_tensorflow()
    program.load_tensorflow(devices.tpu)
    from hnas_tf.training import storage
    from hnas_tf.training import strategy as strategies
    from hnas_tf.training.evaluated import evaluate_trained
    from hnas_tf.training.trained import load_trained

    if FLAGS.threads is not None:
        strategies.set_threads(FLAGS.threads)
    strategy = strategies.make_strategy(devices)
    trained = load_trained(workdir, repeat=FLAGS.repeat, strategy=strategy)
    document = evaluate_trained(
        trained,
        data_flags.data_config_of(trained.config.data),
        strategy,
        split=FLAGS.split,
        batch_size=FLAGS.batch_size,
    ).to_document()
    document = {"workdir": workdir, "repeat": FLAGS.repeat, **document}
    program.say(evaluation.in_words(document, num_mistakes=FLAGS.num_mistakes))
    if FLAGS.output:
        storage.write_json(FLAGS.output, document)


if __name__ == "__main__":
    program.run(main)
