"""Pictures as users have them, made by another library than the one tested."""

import io

import numpy as np
from PIL import Image


def smooth(height=40, width=60):
    """Returns a picture that a JPEG keeps nearly as it is."""
    y, x = np.mgrid[:height, :width].astype(float)
    channels = (y / (height - 1), x / (width - 1), 1 - y / (height - 1))
    return np.round(255 * np.stack(channels, axis=-1)).astype(np.uint8)


def noise(height=40, width=60, *, seed=0):
    """Returns a picture that no two pixels share."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, 3), np.uint8)


def encoded(pixels, file_format="PNG", *, mode=None, **options):
    """Returns the bytes of a picture, converted to a mode of Pillow's."""
    image = pixels if isinstance(pixels, Image.Image) else None
    image = image or Image.fromarray(pixels)
    target = io.BytesIO()
    converted = image if mode is None else image.convert(mode)
    converted.save(target, file_format, **options)
    return target.getvalue()


def in_pillow(content):
    """Returns what Pillow makes of encoded bytes, in RGB."""
    with Image.open(io.BytesIO(content)) as image:
        return np.array(image.convert("RGB"))


def jpeg(seed, *, size=(12, 16)):
    """Returns a small JPEG."""
    return encoded(noise(*size, seed=seed), "JPEG")


def png(seed, *, size=(12, 16)):
    """Returns a small PNG, whose pixels are those of `noise`."""
    return encoded(noise(*size, seed=seed))


def write(folder, contents):
    """Writes files, by their path in a folder."""
    for path, content in contents.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def write_classes(folder, *, classes=("cat", "dog"), each=5, splits=("train",)):
    """Writes a dataset of small pictures, no two alike."""
    seed = 0
    for split in splits:
        for name in classes:
            for number in range(each):
                write(folder, {f"{split}/{name}/{number:03}.png": png(seed)})
                seed += 1
    return folder
