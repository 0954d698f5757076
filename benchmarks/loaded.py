"""Times SavedModels in TensorFlow's C API: `benchmarks.export` starts it.

    python -m benchmarks.loaded FOLDER HEIGHT WIDTH CHANNELS

Prints, as JSON, the seconds of loading and of requests of 1 and 64 pictures
for every SavedModel in FOLDER.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from tests.serving.c_api import DTYPES, Model

SIGNATURE = "serving_default"
NUM_LOADS = 3
# Requests by their batch size.
NUM_REQUESTS = {1: 40, 64: 9}
NUM_FIRST = 3


def main() -> None:
    os.environ |= {"TF_ENABLE_ONEDNN_OPTS": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}
    folder_name, *shape = sys.argv[1:]
    folders = sorted(Path(folder_name).iterdir())
    sizes = {1: "batch of 1", 64: "batch of 64"}
    seconds = {"loading": {folder.name: [] for folder in folders}}
    models = {}
    for _ in range(NUM_LOADS):
        for folder in folders:
            models[folder.name] = model = Model.load(folder)
            seconds["loading"][folder.name].append(model.load_seconds)
    for size, number in NUM_REQUESTS.items():
        images = np.random.default_rng(0).integers(
            0, 256, (size, *map(int, shape))
        )
        seconds[sizes[size]] = requests(models, images, number)
    print(json.dumps(seconds))


def requests(
    models: dict[str, Model], images: np.ndarray, number: int
) -> dict[str, list[float]]:
    """Returns the seconds of requests, made to each model in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in models}
    for turn in range(NUM_FIRST + number):
        for name, model in models.items():
            ((key, info),) = model.signatures[SIGNATURE].inputs.items()
            inputs = {key: images.astype(DTYPES[info.dtype])}
            begin = time.perf_counter()
            model.run(SIGNATURE, inputs)
            if turn >= NUM_FIRST:
                seconds[name].append(time.perf_counter() - begin)
    return seconds


if __name__ == "__main__":
    main()
