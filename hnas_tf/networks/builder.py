"""A plan as a Keras functional graph: a chain of tensor -> tensor functions."""

import keras
import tensorflow as tf

from hnas_tf.config import NetworkConfig
from hnas_tf.errors import require
from hnas_tf.networks.devices import device_kind
from hnas_tf.networks.operations import BUILDERS, Common
from hnas_tf.plan import Plan, join_many, normalize
from hnas_tf.plan import plan as kinds

# Of `precision`. Variables are float32 in both.
_POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}


def build_plan(
    plan: Plan,
    config: NetworkConfig,
    *,
    image_size: tuple[int | None, int | None],
    precision: str = "float32",
) -> keras.Model:
    """Returns the network of a plan.

    Where the configuration says `optimize_graph`, of the normalized plan, and
    of layers that take values in parts. Both have the same variables under the
    same names, and give the same, to rounding.

    Args:
        plan: Of the network.
        config: What the plan was made with.
        image_size: Height and width; `None` leaves them open.
        precision: `float32`, or `bfloat16`, in which all layers but the last
            compute. Images, variables and logits are float32 in both.

    Returns:
        images [batch, height, width, channels] -> logits [batch, classes].

    Raises:
        InvalidError: if the precision is another.
    """
    require(
        precision in _POLICIES,
        "precision",
        f"be one of {', '.join(_POLICIES)}",
        precision,
    )
    common = Common(
        dtype=_POLICIES[precision],
        momentum=config.batch_norm_momentum,
        synchronized=config.batch_norm_statistics == "synchronized",
        optimized=config.optimize_graph,
        device=_kind_of_device(),
    )
    if config.optimize_graph:
        plan = join_many(normalize(plan))
    images = keras.Input(
        (*image_size, config.image_channels),
        dtype="float32",
        name=kinds.IMAGES,
    )
    values = [[images]]
    for operation in plan.operations[1:]:
        inputs = sum((values[i] for i in operation.inputs), start=[])
        values.append(BUILDERS[operation.kind](operation, inputs, common))
    (logits,) = values[-1]
    return keras.Model(images, logits, name="network")


def _kind_of_device() -> str:
    """Returns the kind of device that what is now built is to run on."""
    if not tf.distribute.has_strategy():
        return "gpu" if tf.config.list_logical_devices("GPU") else "cpu"
    return device_kind(tf.distribute.get_strategy())
