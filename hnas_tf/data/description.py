"""What is known of a dataset once it was looked at: pure Python."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from hnas_tf import typed
from hnas_tf.errors import require, require_at_least, shortened


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

    def __post_init__(self) -> None:
        """Checks that it can be true of pictures."""
        require_at_least(1, self, "image_channels")
        size, names = self.image_size, self.class_names
        require(min(size) >= 1, "image_size", "be at least 1", size)
        for moments in ("mean", "std"):
            require(
                len(getattr(self, moments)) == self.image_channels,
                moments,
                "have a number for every channel",
                shortened(getattr(self, moments)),
            )
        require(min(self.std) > 0, "std", "be above 0", self.std)
        require(
            bool(names) and all(map(_is_unicode, names)),
            "class_names",
            "be names in Unicode",
            shortened(names),
        )


def _is_unicode(name: str) -> bool:
    """Returns whether a name can be written: JSON knows half characters."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def description_to_document(description: Description) -> dict[str, Any]:
    """Returns a description as JSON values."""
    return dataclasses.asdict(description)


def description_from_document(document: dict[str, Any]) -> Description:
    """Returns what `description_to_document` made JSON of.

    Raises:
        InvalidError: if a value lies outside of its range, or is of another
            type.
        TypeError: if it is something else.
    """
    return typed.make(Description, document)
