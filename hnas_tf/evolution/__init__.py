"""The search itself: mutation, selection, and a controller that asks."""

from hnas_tf.evolution.controller import Controller
from hnas_tf.evolution.individual import Individual, Proposal, State
from hnas_tf.evolution.mutation import Mutation

__all__ = ["Controller", "Individual", "Mutation", "Proposal", "State"]
