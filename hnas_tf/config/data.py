"""Which pictures, as the flags describe them."""

import re
from dataclasses import dataclass

from hnas_tf.errors import require, require_at_least, require_one_of

BUILT_IN = "digits"
DATASET_KINDS = ("tfds", "folder", "npz")
BAD_IMAGES = ("skip", "refuse")


@dataclass(frozen=True)
class DataConfig:
    """A dataset, and how it is split and read.

    Attributes:
        dataset: `digits`, `tfds:NAME`, `folder:PATH` or `npz:PATH`.
        data_dir: Where TensorFlow Datasets keeps what it has prepared;
            `None`: where it always does.
        manual_dir: Where archives lie that it cannot download.
        image_size: Height and width to which pictures are resized; `None`
            leaves those as they are that have one size.
        validation_fraction: The share of the training split that becomes the
            validation split, where the dataset brings none.
        split_seed: Of who that is.
        bad_images: Whether a picture that cannot be read is left out
            (`skip`) or ends the program (`refuse`).
        prepared_dir: Where decoded pictures lie, if they do.
        fingerprint: Of what was decoded, once it is.
    """

    dataset: str = "digits"
    data_dir: str | None = None
    manual_dir: str | None = None
    image_size: int | None = None
    validation_fraction: float = 0.2
    split_seed: int = 0
    bad_images: str = "skip"
    prepared_dir: str = ""
    fingerprint: str = ""

    def __post_init__(self) -> None:
        """Checks the ranges."""
        kind, _, rest = self.dataset.partition(":")
        require(
            self.dataset == BUILT_IN or (kind in DATASET_KINDS and rest != ""),
            "dataset",
            "be digits, tfds:NAME, folder:PATH or npz:PATH",
            self.dataset,
        )
        require_at_least(1, self, "image_size", optional=True)
        require_at_least(0, self, "split_seed")
        require_one_of(BAD_IMAGES, self, "bad_images")
        # It is the name of a folder.
        require(
            re.fullmatch(r"\w*", self.fingerprint) is not None,
            "fingerprint",
            "consist of letters and digits",
            self.fingerprint,
        )
        fraction = self.validation_fraction
        require(
            0 < fraction < 1, "validation_fraction", "lie in (0, 1)", fraction
        )
