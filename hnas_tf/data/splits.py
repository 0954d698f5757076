"""Train, validation and test: which pictures each has.

A search reads `TRAIN` and `VALIDATION`; only a final training and an
evaluation read `TEST`.
"""

import numpy as np
from numpy.typing import NDArray

from hnas_tf.config import DataConfig
from hnas_tf.data.pictures import Pictures, Source
from hnas_tf.errors import InvalidError

TRAIN, VALIDATION, TEST = "train", "validation", "test"


def pictures_of(source: Source, config: DataConfig, *splits: str) -> Pictures:
    """Returns the pictures of one split, or of several, one after another.

    A validation split that the dataset does not bring is split off the
    training split, if that is there; both together are that split, in its own
    order.

    Raises:
        InvalidError: if a class has too few pictures to be split, or there is
            no such split.
    """
    if splits == (TRAIN, VALIDATION) and VALIDATION not in source.found:
        return source.found[TRAIN]
    parts = [_split(source, config, split) for split in splits]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.joined(part)
    return joined


def _split(source: Source, config: DataConfig, split: str) -> Pictures:
    if split == TEST or VALIDATION in source.found or TRAIN not in source.found:
        if split not in source.found:
            raise InvalidError(
                f"Expected a {split} split in {config.dataset}. Received: only "
                f"{', '.join(source.found)}"
            )
        return source.found[split]
    whole = source.found[TRAIN]
    is_validation = stratified(
        whole.labels,
        fraction=config.validation_fraction,
        seed=config.split_seed,
        class_names=source.class_names,
    )
    chosen = is_validation if split == VALIDATION else ~is_validation
    return whole.select(np.flatnonzero(chosen))


def stratified(
    labels: NDArray[np.int32],
    *,
    fraction: float,
    seed: int,
    class_names: tuple[str, ...],
) -> NDArray[np.bool_]:
    """Returns who of a training split is split off, alike from every class.

    Args:
        labels: int32 [examples].
        fraction: The share of every class, rounded, and at least one.
        seed: Equal seeds give equal splits.
        class_names: For the error.

    Raises:
        InvalidError: if a class has a single example.
    """
    chosen = np.zeros(len(labels), bool)
    for label, name in enumerate(class_names):
        members = np.flatnonzero(labels == label)
        if not len(members):
            continue  # A class that the dataset names, and has none of.
        if len(members) < 2:
            raise InvalidError(
                "Expected at least 2 training pictures of every class, to "
                f"split one off. Received: {len(members)} of class {name}"
            )
        number = round(fraction * len(members))
        number = min(max(number, 1), len(members) - 1)
        rng = np.random.default_rng([seed, label])
        chosen[rng.permutation(members)[:number]] = True
    return chosen
