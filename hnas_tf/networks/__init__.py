"""Networks: from a plan to Keras."""

from hnas_tf.networks.initialization import initialize
from hnas_tf.networks.networks import (
    cifar_network,
    imagenet_network,
    network_of,
)

__all__ = ["cifar_network", "imagenet_network", "initialize", "network_of"]
