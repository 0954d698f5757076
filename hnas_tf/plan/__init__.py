"""The network as a graph of operations, and what it costs."""

from hnas_tf.plan.cost import Cost, network_cost, plan_cost
from hnas_tf.plan.expansion import make_plan
from hnas_tf.plan.plan import Plan, PlannedOperation

__all__ = [
    "Cost",
    "Plan",
    "PlannedOperation",
    "make_plan",
    "network_cost",
    "plan_cost",
]
