"""An evaluator for the tests of loads."""

from benchmarks.loads.evaluators import SleepingEvaluator


class NappingEvaluator(SleepingEvaluator):
    mean_seconds = 0.01
