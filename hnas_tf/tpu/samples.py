"""Genotypes that a search could begin with."""

import dataclasses
from collections.abc import Sequence
from typing import NoReturn

from hnas_tf.config import SearchConfig
from hnas_tf.evolution import Controller, Proposal


def draw(config: SearchConfig, number: int) -> list[Proposal]:
    """Returns random genotypes within the budget, as the search draws them.

    Raises:
        InvalidError: if the budget lets hardly any pass.
    """
    evolution = dataclasses.replace(config.evolution, algorithm="random")
    controller = Controller(
        dataclasses.replace(config, evolution=evolution, given_genotypes=()),
        fetch_genotype=_nobody,
    )
    return [controller.ask() for _ in range(number)]


def share_over_budget(proposals: Sequence[Proposal]) -> float:
    """Returns the share of random genotypes that the budget turned away."""
    over = sum(proposal.num_over_budget for proposal in proposals)
    return over / (over + len(proposals))


def _nobody(number: int) -> NoReturn:
    raise LookupError(f"Individual {number} has no genotype: none is evolved")
