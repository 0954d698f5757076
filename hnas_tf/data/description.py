"""What is known of a dataset once it was looked at: pure Python."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Description:
    """A dataset's shapes and names.

    Attributes:
        name: As in `--dataset`.
        image_size: Height and width of an image, in pixels.
        image_channels: 1 for grey, 3 for colour.
        class_names: The names of the labels 0, 1, ...
        mean: Of the training pixels as stored, of every channel.
        std: Their standard deviations.
        num_examples: Of every split that was read.
        fingerprint: Changes when a picture or a label does, or their order.
        key: Changes when what lies there does; found out without reading all.
        skipped: Names of the pictures that cannot be read, with the reason.
        odd: How many pictures are grey, CMYK, ...; they were converted.
    """

    name: str
    image_size: tuple[int, int]
    image_channels: int
    class_names: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    num_examples: dict[str, int] = field(default_factory=dict)
    fingerprint: str = ""
    key: str = ""
    skipped: dict[str, str] = field(default_factory=dict)
    odd: dict[str, int] = field(default_factory=dict)


def description_to_document(description: Description) -> dict[str, Any]:
    """Returns a description as JSON values."""
    return dataclasses.asdict(description)


def description_from_document(document: dict[str, Any]) -> Description:
    """Returns what `description_to_document` made JSON of.

    Raises:
        TypeError: if it is something else.
    """
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in document.items()
    }
    return Description(**values)
