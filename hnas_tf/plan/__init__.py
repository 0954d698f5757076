"""The network as a graph of operations, and what it costs."""

from hnas_tf.plan.cost import Cost, network_cost, plan_cost
from hnas_tf.plan.digest import canonical_form, network_digest
from hnas_tf.plan.expansion import make_plan
from hnas_tf.plan.joining import join_many
from hnas_tf.plan.normalize import normalize
from hnas_tf.plan.plan import Plan, PlannedOperation

__all__ = [
    "Cost",
    "Plan",
    "PlannedOperation",
    "canonical_form",
    "join_many",
    "make_plan",
    "network_cost",
    "network_digest",
    "normalize",
    "plan_cost",
]
