"""A plan as TensorBoard's Graphs shows it."""

from tensorboard.compat.proto.attr_value_pb2 import AttrValue
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

from hnas_tf.plan import Plan, PlannedOperation

_MAX_OPERATIONS = 20_000


def graph_of(plan: Plan) -> GraphDef | None:
    """Returns a graph that folds by group, cell, edge and motif.

    `None` of a plan so large that no browser would open its graph.

    Names are the plan's, with `/` for the dots: at every `/` TensorBoard folds
    what begins alike.
    """
    if len(plan.operations) > _MAX_OPERATIONS:
        return None
    names = [operation.name.replace(".", "/") for operation in plan.operations]
    nodes = [
        NodeDef(
            name=name,
            op=operation.kind,
            input=[names[i] for i in operation.inputs],
            attr=_attributes(operation),
        )
        for name, operation in zip(names, plan.operations, strict=True)
    ]
    return GraphDef(node=nodes)


def _attributes(operation: PlannedOperation) -> dict[str, AttrValue]:
    """Returns what is shown beside an operation; its width on the edges too."""
    sizes = (-1, -1, -1, operation.width)
    shape = TensorShapeProto(
        dim=[TensorShapeProto.Dim(size=size) for size in sizes]
    )
    return {
        "width": AttrValue(i=operation.width),
        "stride": AttrValue(i=operation.stride),
        "_output_shapes": AttrValue(list=AttrValue.ListValue(shape=[shape])),
    }
