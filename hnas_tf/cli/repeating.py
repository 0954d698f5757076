"""What to type to repeat a search: its configuration as flags."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hnas_tf.cli import recipes
from hnas_tf.config import SearchConfig, WorkersConfig
from hnas_tf.config.workers import DECISIVE
from hnas_tf.genotype import FLAT, HIERARCHICAL, SearchSpace

# What has a flag of another name, or none: the pictures decide it.
_OTHERS = {
    *("kind", "num_classes", "image_channels"),
    *("image_size", "prepared_dir", "fingerprint"),
    *("space", "given_genotypes"),
}
# Their defaults depend on the kind of network, and on the algorithm.
_ALWAYS = {"num_groups", "initial_population"}


def search_command(config: SearchConfig, workdir: Path) -> str:
    """Returns what starts the search anew, in another folder.

    Where its workers ran is not part of it; what genotypes it was given is, by
    the names that a person gave then.
    """
    network = config.network
    decisive = {name: getattr(config.workers, name) for name in DECISIVE}
    workers = WorkersConfig(**decisive)
    named = [
        *_flag("dataset", config.data.dataset),
        *_flag("search_image_size", config.data.image_size),
        *_flag("network", network.kind if network.kind != "cifar" else None),
        *_space(config.space),
        *_changed(config),
        *(
            flag
            for section in (
                *(config.data, network, config.training),
                *(config.evolution, config.savings, workers),
            )
            for flag in _changed(section)
        ),
    ]
    flags = dict.fromkeys([*named, f"--workdir={workdir}-again"])
    return recipes.command_of("search", *flags)


def _space(space: SearchSpace) -> Iterator[str]:
    is_flat = len(space.levels) == 1
    yield from _flag("representation", "flat" if is_flat else None)
    if space != (FLAT if is_flat else HIERARCHICAL):
        yield from _flag(
            "num_motifs", tuple(s.num_motifs for s in space.levels)
        )
        yield from _flag("num_nodes", tuple(s.num_nodes for s in space.levels))


def _changed(section: Any) -> Iterator[str]:
    """Yields a flag for every plain field that has not its default."""
    for field in dataclasses.fields(section):
        value = getattr(section, field.name)
        is_section = field.default is dataclasses.MISSING
        is_changed = field.name in _ALWAYS or value != field.default
        if is_changed and not is_section and field.name not in _OTHERS:
            yield from _flag(field.name, value)


def _flag(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        yield f"--{name}" if value else f"--no{name}"
    elif isinstance(value, tuple):
        yield f"--{name}={','.join(map(str, value))}"
    elif value is not None:
        yield f"--{name}={value}"
