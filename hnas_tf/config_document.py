"""A search's configuration as JSON values, and back."""

import dataclasses
from typing import Any

from hnas_tf.config import (
    EvolutionConfig,
    NetworkConfig,
    SearchConfig,
    TrainingConfig,
    WorkersConfig,
)
from hnas_tf.genotype import LevelSize, SearchSpace

_SECTIONS: dict[str, Any] = {
    "network": NetworkConfig,
    "training": TrainingConfig,
    "evolution": EvolutionConfig,
    "workers": WorkersConfig,
}


def config_to_document(config: SearchConfig) -> dict[str, Any]:
    """Returns the configuration as JSON values."""
    document = dataclasses.asdict(config)
    document["space"] = [size._asdict() for size in config.space.levels]
    return document


def config_from_document(document: dict[str, Any]) -> SearchConfig:
    """Returns the configuration that `config_to_document` made JSON of.

    Raises:
        InvalidError: if a value lies outside of its range.
        KeyError, TypeError: if the document is none of a configuration.
    """
    values = dict(document)
    levels = tuple(LevelSize(**size) for size in values["space"])
    values["space"] = SearchSpace(levels)
    for name, section in _SECTIONS.items():
        values[name] = section(
            **{
                key: tuple(value) if isinstance(value, list) else value
                for key, value in values[name].items()
            }
        )
    return SearchConfig(**values)
