"""Who evaluates: workers, spoken to in events."""

from hnas_tf.engines.assignments import Assignments
from hnas_tf.engines.choice import make_engine, require_own_flags
from hnas_tf.engines.devices import Device, find_devices
from hnas_tf.engines.engine import Engine
from hnas_tf.engines.evaluator import (
    Ask,
    EvaluationError,
    Evaluator,
    EvaluatorFactory,
    Task,
)
from hnas_tf.engines.local import LocalEngine, local_engine

__all__ = [
    "Ask",
    "Assignments",
    "Device",
    "Engine",
    "EvaluationError",
    "Evaluator",
    "EvaluatorFactory",
    "LocalEngine",
    "Task",
    "find_devices",
    "local_engine",
    "make_engine",
    "require_own_flags",
]
