"""Configurations as JSON values, and back."""

import dataclasses
from typing import Any

from hnas_tf import typed
from hnas_tf.config.cluster import ClusterConfig
from hnas_tf.config.data import DataConfig
from hnas_tf.config.devices import DevicesConfig
from hnas_tf.config.evolution import EvolutionConfig
from hnas_tf.config.final import FinalConfig
from hnas_tf.config.network import NetworkConfig
from hnas_tf.config.savings import SavingsConfig
from hnas_tf.config.search import SearchConfig
from hnas_tf.config.training import TrainingConfig
from hnas_tf.config.workers import WorkersConfig
from hnas_tf.genotype import (
    LevelSize,
    SearchSpace,
    genotype_from_json,
    genotype_to_json,
)

_SECTIONS: dict[str, Any] = {
    "cluster": ClusterConfig,
    "data": DataConfig,
    "devices": DevicesConfig,
    "network": NetworkConfig,
    "training": TrainingConfig,
    "evolution": EvolutionConfig,
    "savings": SavingsConfig,
    "workers": WorkersConfig,
}
# What documents did not say before it could be chosen.
_BEFORE: dict[str, dict[str, Any]] = {
    "network": {"optimize_graph": False},
    "savings": {"reuse_fitness": False},
}


def config_to_document(config: SearchConfig) -> dict[str, Any]:
    """Returns the configuration as JSON values."""
    document = dataclasses.asdict(config)
    document["space"] = [size._asdict() for size in config.space.levels]
    document["given_genotypes"] = [
        genotype_to_json(genotype) for genotype in config.given_genotypes
    ]
    return document


def config_from_document(document: dict[str, Any]) -> SearchConfig:
    """Returns the configuration that `config_to_document` made JSON of.

    Raises:
        InvalidError: if a value is out of range, or of another type.
        KeyError, TypeError: if the document is none of a configuration.
    """
    values = _with_sections({"savings": {}, **document})
    levels = tuple(typed.make(LevelSize, size) for size in values["space"])
    given = values.get("given_genotypes", ())
    values |= {
        "space": SearchSpace(levels),
        "given_genotypes": tuple(map(genotype_from_json, given)),
    }
    return typed.make(SearchConfig, values)


def final_from_document(document: dict[str, Any]) -> FinalConfig:
    """Returns the configuration of a final training out of JSON values.

    Raises:
        InvalidError: if a value is out of range, or of another type.
        KeyError, TypeError: if the document is none of a configuration.
    """
    return typed.make(FinalConfig, _with_sections(document))


def section_from_document(name: str, document: dict[str, Any]) -> Any:
    """Returns a section of a configuration out of JSON values.

    Args:
        name: As it is called in the configuration, for example `network`.
        document: Its attributes.

    Raises:
        InvalidError: if a value is out of range, or of another type.
        TypeError: if the document is none of such a section.
    """
    return typed.make(_SECTIONS[name], {**_BEFORE.get(name, {}), **document})


def _with_sections(document: dict[str, Any]) -> dict[str, Any]:
    return {
        name: section_from_document(name, value) if name in _SECTIONS else value
        for name, value in document.items()
    }
