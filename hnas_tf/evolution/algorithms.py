"""The search algorithms by name, and a user's own."""

import pkgutil

from hnas_tf.config import SearchConfig
from hnas_tf.errors import InvalidError
from hnas_tf.evolution.algorithm import (
    Algorithm,
    AlgorithmFactory,
    FetchGenotype,
)
from hnas_tf.evolution.evolution import Evolution
from hnas_tf.evolution.pareto import Pareto
from hnas_tf.evolution.random_search import RandomSearch

ALGORITHMS: dict[str, AlgorithmFactory] = {
    "evolution": Evolution,
    "random": RandomSearch,
    "aging": Evolution,
    "pareto": Pareto,
}


def make_algorithm(config: SearchConfig, fetch: FetchGenotype) -> Algorithm:
    """Returns the algorithm that a configuration names.

    Raises:
        InvalidError: if there is none of that name, or it cannot be made.
    """
    name = config.evolution.algorithm
    factory = find_algorithm(name)
    try:
        return factory(config.space, config.evolution, fetch)
    except TypeError as error:
        raise _not_one(name, str(error)) from error


def find_algorithm(name: str) -> AlgorithmFactory:
    """Returns the class of an algorithm, ours or a user's.

    Raises:
        InvalidError: if there is none of that name, or it is no class that has
            both `ask` and `tell`.
    """
    return ALGORITHMS.get(name) or _import(name)


def _import(name: str) -> AlgorithmFactory:
    """Returns the class at an import path `module:Class`."""
    if ":" not in name:
        raise _not_one(name)
    try:
        found = pkgutil.resolve_name(name)
    except Exception as error:  # Whatever it is, it is the user's to read.
        reason = f"{type(error).__name__}: {error}"
        raise _not_one(name, reason) from error
    if not isinstance(found, type):
        raise _not_one(name, "it is no class")
    for method in ("ask", "tell"):
        if not callable(getattr(found, method, None)):
            raise _not_one(name, f"it has no method {method}")
    factory: AlgorithmFactory = found
    return factory


def _not_one(name: str, reason: str = "") -> InvalidError:
    words = f"algorithm={name}" + (f"; {reason}" if reason else "")
    return InvalidError(
        f"`algorithm` must be one of {', '.join(sorted(ALGORITHMS))}, or an "
        f"import path module:Class of a class with ask and tell, made of "
        f"space, configuration and what fetches genotypes. Received: {words}"
    )
