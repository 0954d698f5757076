"""The search itself: mutation, selection, and a controller that asks."""

from hnas_tf.evolution.algorithm import Algorithm, Draw, FetchGenotype, Told
from hnas_tf.evolution.controller import Controller
from hnas_tf.evolution.individual import Individual, Proposal, State
from hnas_tf.evolution.mutation import Mutation
from hnas_tf.evolution.referee import Question, Referee

__all__ = [
    "Algorithm",
    "Controller",
    "Draw",
    "FetchGenotype",
    "Individual",
    "Mutation",
    "Proposal",
    "Question",
    "Referee",
    "State",
    "Told",
]
