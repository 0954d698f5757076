"""What is exported of a trained network."""

import re
from dataclasses import dataclass

from hnas_tf.errors import require, require_at_least, require_one_of

FORMATS = ("savedmodel", "tflite")
IMAGE_DTYPES = ("uint8", "float32")
MAX_BATCH = 1024
MAX_WARMUP_SIZES = 250


@dataclass(frozen=True)
class ExportConfig:
    """What is written, and how it is checked.

    Attributes:
        model_name: As a server is to know the model.
        formats: `savedmodel` for TF Serving, `tflite` for LiteRT.
        image_dtype: In which clients send images: `uint8`, or `float32` with
            the same values, 0 to 255.
        warmup_batch_sizes: What a server runs before it serves.
        num_pictures: Of a split, that the export is verified on at most.
        tolerance: By how much a probability may differ from that of the
            trained network, in float32.
    """

    model_name: str
    formats: tuple[str, ...] = ("savedmodel",)
    image_dtype: str = "uint8"
    warmup_batch_sizes: tuple[int, ...] = (1, 4, 16)
    num_pictures: int = 1000
    tolerance: float = 1e-4

    def __post_init__(self) -> None:
        """Checks the ranges."""
        require(
            re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", self.model_name)
            is not None,
            "model_name",
            "consist of letters, digits, and . _ - after the first",
            self.model_name,
        )
        require(
            bool(self.formats) and set(self.formats) <= set(FORMATS),
            "format",
            f"name some of {', '.join(FORMATS)}",
            ",".join(self.formats),
        )
        require_one_of(IMAGE_DTYPES, self, "image_dtype")
        require(
            all(1 <= size <= MAX_BATCH for size in self.warmup_batch_sizes),
            "warmup_batch_sizes",
            f"lie between 1 and {MAX_BATCH}",
            self.warmup_batch_sizes,
        )
        require(
            len(self.warmup_batch_sizes) <= MAX_WARMUP_SIZES,
            "warmup_batch_sizes",
            f"be at most {MAX_WARMUP_SIZES} numbers, since a server takes no "
            "more requests",
            len(self.warmup_batch_sizes),
        )
        require_at_least(1, self, "num_pictures")
        require(
            0 < self.tolerance < 1,
            "tolerance",
            "lie between 0 and 1",
            self.tolerance,
        )
