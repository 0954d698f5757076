"""Tells how many accelerators TensorFlow sees, as JSON; a child runs it."""

import json

import tensorflow as tf

if __name__ == "__main__":
    print(json.dumps({"gpu": len(tf.config.list_physical_devices("GPU"))}))
