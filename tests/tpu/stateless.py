"""A step whose variables are arguments.

TensorFlow's build for TPUs lowers what has variables only for a device that is
there.
"""

import tensorflow as tf
from tensorflow.python.framework import kernels

# What reads and writes variables, and which input stands for what it gives.
STATEFUL = {
    "ReadVariableOp": 0,
    "AssignVariableOp": 1,
    "ResourceApplyMomentum": 3,
}


def stateless(function, arguments):
    """Returns a step without variables, and the arguments that it takes.

    It reads its arguments instead, and returns besides what is written; with
    momentum, the gradient.
    """
    made = tf.function(function, autograph=False)
    made = made.get_concrete_function(*arguments)
    given = [*tf.nest.flatten(arguments), *map(_value, made.captured_inputs)]
    graph = made.graph.as_graph_def()
    stateful = [node for node in graph.node if node.op in STATEFUL]
    written = [_without_state(node) for node in stateful]
    wanted = [*(tensor.name for tensor in made.outputs), *written]
    # None may be left: XLA has no placeholders.
    places = {node.name for node in graph.node if node.op == "Placeholder"}
    nodes = [node for node in graph.node if node.name not in places]
    del graph.node[:]
    graph.node.extend(nodes)
    read = places & {name for node in nodes for name in node.input}
    inputs = [tensor.op.name for tensor in made.inputs]

    def step(*values):
        found = dict(zip(inputs, values, strict=True))
        return tf.graph_util.import_graph_def(
            graph,
            input_map={name: found[name] for name in read},
            return_elements=wanted,
        )

    return step, given


def _value(captured):
    """Returns nothing but zeros of what a variable holds."""
    if captured.dtype != tf.resource:
        return captured
    (held,) = captured._handle_data.shape_and_type
    return tf.zeros(tf.TensorShape(held.shape), tf.DType(held.dtype))


def _without_state(node):
    """Makes a node hand on an input; returns what that is called."""
    order = [name for name in node.input if name.startswith("^")]
    dtype = node.attr["T" if "T" in node.attr else "dtype"].type
    node.input[:] = [node.input[STATEFUL[node.op]], *order]
    node.op = "Identity"
    node.attr.clear()
    node.attr["T"].type = dtype
    return f"{node.name}:0"


def compiled_operations(platform):
    """Returns the names of what XLA compiles, once it has compiled anything."""
    found = kernels.get_all_registered_kernels().kernel
    return {one.op for one in found if one.device_type == f"XLA_{platform}_JIT"}
