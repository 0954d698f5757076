"""Prepares CIFAR-10 and ImageNet in a folder that holds their archives.

    python -m tests.flags.prepare FOLDER

The checksum of a miniature archive is put in the place of the real one's.
"""

import sys
from pathlib import Path

import tensorflow_datasets as tfds

from hnas_tf.config import DataConfig
from hnas_tf.data.tfds import open_tfds


def main():
    folder = Path(sys.argv[1])
    builder = tfds.builder_cls("cifar10")
    (url,) = builder.url_infos
    archive = folder / "cifar-10-binary.tar.gz"
    builder.url_infos = {url: tfds.download.checksums.compute_url_info(archive)}
    config = DataConfig(data_dir=str(folder), manual_dir=str(folder))
    for name in ("cifar10", "imagenet2012"):
        open_tfds(name, config)


if __name__ == "__main__":
    main()
