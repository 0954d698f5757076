"""Genotypes that a search could begin with."""

import dataclasses
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


def share_over_budget(config: SearchConfig, number: int) -> float:
    """Returns the share of random genotypes that the budget turns away.

    Args:
        config: Of the search.
        number: Of genotypes within the budget; others are drawn besides.

    Raises:
        InvalidError: as `draw`.
    """
    over = sum(each.num_over_budget for each in draw(config, number))
    return over / (over + number)


def _nobody(number: int) -> NoReturn:
    raise LookupError(f"Individual {number} has no genotype: none is evolved")
