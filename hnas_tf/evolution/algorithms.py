"""The search algorithms by name, and a user's own."""

import importlib

from hnas_tf.config import SearchConfig
from hnas_tf.errors import InvalidError
from hnas_tf.evolution.algorithm import (
    Algorithm,
    AlgorithmFactory,
    FetchGenotype,
)
from hnas_tf.evolution.evolution import Aging, Evolution
from hnas_tf.evolution.pareto import Pareto
from hnas_tf.evolution.random_search import RandomSearch

ALGORITHMS: dict[str, AlgorithmFactory] = {
    "evolution": Evolution,
    "random": RandomSearch,
    "aging": Aging,
    "pareto": Pareto,
}


def make_algorithm(config: SearchConfig, fetch: FetchGenotype) -> Algorithm:
    """Returns the algorithm that a configuration names.

    Raises:
        InvalidError: if there is none of that name, or what it names has
            neither `ask` nor `tell`.
    """
    name = config.evolution.algorithm
    factory = ALGORITHMS.get(name) or _import(name)
    return factory(config.space, config.evolution, fetch)


def _import(name: str) -> AlgorithmFactory:
    """Returns the class at an import path `module:Class`."""
    module, _, attribute = name.partition(":")
    if not attribute:
        raise _not_one(name)
    try:
        found: AlgorithmFactory = getattr(
            importlib.import_module(module), attribute
        )
    except (ImportError, AttributeError, ValueError) as error:
        raise _not_one(name, str(error)) from error
    for method in ("ask", "tell"):
        if not callable(getattr(found, method, None)):
            raise _not_one(name, f"it has no method {method}")
    return found


def _not_one(name: str, reason: str = "") -> InvalidError:
    words = f"algorithm={name}" + (f"; {reason}" if reason else "")
    return InvalidError(
        f"`algorithm` must be one of {', '.join(sorted(ALGORITHMS))}, or an "
        f"import path module:Class of a class with ask and tell. "
        f"Received: {words}"
    )
