"""A dataset in memory: decoded, counted, described."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hnas_tf.config import DataConfig
from hnas_tf.data.description import Description
from hnas_tf.data.pictures import Examples, IndexedPictures, Pictures, Source
from hnas_tf.data.reading import Report, read_all
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import pictures_of

DEFAULT_SIZE = 32
_CHUNK_BYTES = 2**24

Shape = tuple[int, ...]
Allocate = Callable[[Shape], NDArray[np.uint8]]


@dataclass(frozen=True)
class Split:
    """The decoded pictures of a split, or of several.

    Attributes:
        examples: Pictures and labels.
        names: What a person calls them.
    """

    examples: Examples
    names: Sequence[str]


def load(config: DataConfig, *splits: str) -> tuple[Split, Description]:
    """Returns the pictures of some splits as one, and what they are like.

    Raises:
        InvalidError: if there is no such dataset or split, or pictures cannot
            be read.
    """
    source = open_source(config)
    report = Report()
    pictures = pictures_of(source, config, *splits)
    split = decode(pictures, source, config, report)
    return split, describe(source, config, report, {"+".join(splits): split})


def image_size(source: Source, config: DataConfig) -> tuple[int, int]:
    """Returns height and width of what pictures become."""
    if config.image_size is not None:
        return config.image_size, config.image_size
    return source.image_size or (DEFAULT_SIZE, DEFAULT_SIZE)


def decode(
    pictures: Pictures,
    source: Source,
    config: DataConfig,
    report: Report,
    allocate: Allocate | None = None,
) -> Split:
    """Returns the pictures that can be read.

    Args:
        pictures: Of the source.
        source: Where they are from.
        config: Their size, and what is done about those that are bad.
        report: Is told what was noticed.
        allocate: Shape -> an array of uint8 to put pixels into; by default in
            memory.
    """
    allocate = allocate or _in_memory
    size, channels = image_size(source, config), source.image_channels
    there = _as_they_are(pictures, size, allocate)
    if there is not None:
        return there
    images = allocate((len(pictures.names), *size, channels))
    kept: list[int] = []
    for positions, some in read_all(
        pictures, size=size, channels=channels, report=report
    ):
        images[len(kept) : len(kept) + len(some)] = some
        kept.extend(positions)
    report.require_few(config.bad_images, num_left=len(kept))
    return Split(
        Examples(images[: len(kept)], pictures.labels[kept]),
        [pictures.names[position] for position in kept],
    )


def _in_memory(shape: Shape) -> NDArray[np.uint8]:
    return np.empty(shape, np.uint8)


def _as_they_are(
    pictures: Pictures, size: tuple[int, int], allocate: Allocate
) -> Split | None:
    """Returns pictures that are arrays of that size already."""
    if not isinstance(pictures, IndexedPictures):
        return None
    contents = pictures.contents
    if contents.dtype != np.uint8 or contents.shape[1:3] != size:
        return None
    images = allocate(contents.shape)
    images[:] = contents
    return Split(Examples(images, pictures.labels), pictures.names)


def describe(
    source: Source,
    config: DataConfig,
    report: Report,
    splits: dict[str, Split],
) -> Description:
    """Returns what the splits are like; the first is the one trained on."""
    return description_of(
        source,
        config,
        report,
        sample=next(iter(splits.values())).examples.images,
        num_examples={n: len(s.names) for n, s in splits.items()},
        fingerprint=_fingerprint([s.examples for s in splits.values()]),
    )


def description_of(
    source: Source,
    config: DataConfig,
    report: Report,
    *,
    sample: NDArray[np.uint8],
    num_examples: dict[str, int],
    fingerprint: str,
) -> Description:
    """Returns what pictures are like.

    Args:
        source: Where they are from.
        config: What they become.
        report: What was noticed of them.
        sample: Those that mean and deviation are of.
        num_examples: Of every split.
        fingerprint: Of all.
    """
    mean, std = moments(sample)
    return Description(
        name=config.dataset,
        image_size=image_size(source, config),
        image_channels=source.image_channels,
        class_names=source.class_names,
        mean=mean,
        std=std,
        num_examples=num_examples,
        fingerprint=fingerprint,
        key=source.key,
        skipped=report.bad,
        odd=dict(report.odd),
    )


def _chunks(images: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Yields a few pictures at a time, since all may be more than memory."""
    number = max(1, _CHUNK_BYTES // images[0].nbytes)
    for start in range(0, len(images), number):
        yield images[start : start + number]


def moments(
    images: NDArray[np.uint8],
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Returns mean and standard deviation of every channel, rounded."""
    axes = (0, 1, 2)
    num_pixels = images[..., 0].size
    mean = sum(c.sum(axes, np.float64) for c in _chunks(images)) / num_pixels
    squares = sum(((c - mean) ** 2).sum(axes) for c in _chunks(images))
    std = np.sqrt(squares / num_pixels)
    # Of a channel that is the same everywhere nothing can be learned.
    std = np.where(std > 0, std, 1.0)
    return (
        tuple(round(float(value), 3) for value in mean),
        tuple(max(round(float(value), 3), 0.001) for value in std),
    )


def _fingerprint(splits: Sequence[Examples]) -> str:
    """Returns a hash of all pixels and labels, in their order."""
    content = hashlib.sha256()
    for images, labels in splits:
        content.update(repr(images.shape).encode())
        for chunk in _chunks(images):
            content.update(np.ascontiguousarray(chunk).data)
        content.update(labels.astype("<i4").tobytes())
    return content.hexdigest()[:16]
