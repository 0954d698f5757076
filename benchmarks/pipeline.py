"""What reading pictures costs: `make benchmark NAME=pipeline`, a few minutes.

Photograph-like JPEGs of 1000x800 pixels, made on the spot, are streamed as a
training of the ImageNet type streams them: random crops, decoded inside of the
crop, resized to 299x299. First the pipeline alone; then beside a step that
takes 1.2 times as long as the pipeline needs for a batch, and computes nothing:
what share of the time does it wait? Training that waits less than 5 % is fed.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import tensorflow as tf

from hnas_tf.config import (
    DataConfig,
    DevicesConfig,
    FinalConfig,
    NetworkConfig,
    TrainingConfig,
)
from hnas_tf.training.data import TrainingData
from hnas_tf.training.final_data import FinalData
from hnas_tf.training.strategy import make_strategy

NUM_PICTURES = 256
BATCH_SIZE = 64
NUM_BATCHES = 20
NUM_FIRST = 3
SLACK = 1.2


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_pictures(Path(folder))
        config = FinalConfig(
            data=DataConfig(f"folder:{folder}", image_size=299),
            network=NetworkConfig(kind="imagenet", num_groups=4),
            training=TrainingConfig(
                batch_size=BATCH_SIZE, augmentation="resized_crop", crop_size=0
            ),
            train_on_validation=False,
        )
        data = FinalData(config, make_strategy(DevicesConfig())).train
        rates, waits = [], []
        for repeat in range(3):
            rates.append(rate_alone(batches(data, repeat)))
            step_seconds = SLACK * BATCH_SIZE / rates[-1]
            waits.append(waiting(batches(data, repeat), step_seconds))
            print(
                f"alone {rates[-1]:.0f} images/s; beside a step of "
                f"{step_seconds:.2f} s it waits {100 * waits[-1]:.1f} %",
                flush=True,
            )
    print(
        f"medians: {median(rates):.0f} images/s, waiting "
        f"{100 * median(waits):.1f} %"
    )


def write_pictures(folder: Path) -> None:
    """Writes JPEGs with the detail of a photograph, about 150 KB each."""
    rng = np.random.default_rng(0)
    for number in range(NUM_PICTURES):
        small = rng.integers(0, 256, (1, 100, 80, 3)).astype(np.float32)
        image = tf.image.resize(small, (1000, 800), "bicubic")[0]
        image += rng.normal(0, 8, image.shape)
        pixels = tf.cast(tf.clip_by_value(image, 0, 255), tf.uint8)
        path = folder / "train" / str(number % 2) / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tf.io.encode_jpeg(pixels, quality=85).numpy())


def batches(data: TrainingData, repeat: int) -> Iterator[object]:
    """Returns batches that nobody has drawn from yet."""
    iterator: Iterator[object] = data.start((0, repeat), 0)
    return iterator


def rate_alone(iterator: Iterator[object]) -> float:
    """Returns images a second; the first batches, while it starts, left out."""
    for _ in range(NUM_FIRST):
        next(iterator)
    start = time.perf_counter()
    for _ in range(NUM_BATCHES):
        next(iterator)
    return NUM_BATCHES * BATCH_SIZE / (time.perf_counter() - start)


def waiting(iterator: Iterator[object], step_seconds: float) -> float:
    """Returns the share of the time that steps wait for their batch.

    The first steps, for which no batch can be ready yet, are left out.
    """
    waited = begin = 0.0
    for step in range(NUM_FIRST + NUM_BATCHES):
        if step == NUM_FIRST:
            waited, begin = 0.0, time.perf_counter()
        start = time.perf_counter()
        next(iterator)
        waited += time.perf_counter() - start
        time.sleep(step_seconds)
    return waited / (time.perf_counter() - begin)


if __name__ == "__main__":
    main()
