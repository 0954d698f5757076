"""Who reads datasets of strangers."""

import os

import numpy as np
from hypothesis import strategies as st

from hnas_tf.config import DataConfig
from hnas_tf.data.dataset import load
from hnas_tf.data.prepared import _find, load_prepared, prepare
from hnas_tf.data.splits import TRAIN, VALIDATION
from tests.data.image_files import jpeg, png, write_classes
from tests.data.preparations import document_of
from tests.data.tfds_samples import examples, write_prepared
from tests.fuzzing import sound
from tests.fuzzing.case import Case, folder_case
from tests.fuzzing.damage import spoilt_bytes

_TYPES = (np.uint8, np.int64, np.float32, np.bool_, object, "S3", "U3", "M8[s]")
_SHAPES = ((), (0,), (12,), (12, 1), (12, 3, 3), (12, 3, 3, 3), (12, 3, 3, 2))


def npz(folder):
    """A file of arrays: damaged, or of others."""
    path = folder / "pictures.npz"

    def read(content):
        path.write_bytes(content)
        for split in (TRAIN, VALIDATION):
            load(DataConfig(dataset=f"npz:{path}"), split)

    arrays = sound.pictures()
    others = st.dictionaries(
        st.sampled_from((*arrays, "y_validation")),
        st.builds(np.zeros, st.sampled_from(_SHAPES), st.sampled_from(_TYPES)),
        min_size=1,
        max_size=2,
    )
    content = sound.npz(arrays)
    spoilt = spoilt_bytes(content) | others.map(
        lambda some: sound.npz({**arrays, **some})
    )
    return Case(content, spoilt, read)


def prepared_pictures(folder):
    """The pictures of a search, as its children map them."""
    write_classes(folder / "pictures", each=10)
    document = document_of(folder / "pictures", folder / "data")
    found = prepare(document)
    config = DataConfig(**document | {"fingerprint": found["fingerprint"]})
    place = folder / "data" / config.fingerprint

    def read():
        _find(folder / "data", found["key"])
        load_prepared(config)

    return folder_case(place, [path.name for path in place.iterdir()], read)


def photographs(folder):
    """A folder of pictures, of which one is spoilt and oddly named."""
    write_classes(folder, each=3)

    def read(spoilt):
        content, name = spoilt
        path = os.fsencode(folder / "train/cat") + b"/" + name + b".jpg"
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(content)
        try:
            load(DataConfig(dataset=f"folder:{folder}", image_size=8), TRAIN)
        finally:
            os.unlink(path)  # noqa: PTH108

    contents = st.sampled_from((jpeg(1), png(2))).flatmap(spoilt_bytes)
    names = st.text(max_size=9).map(os.fsencode) | st.binary(max_size=9)
    names = names.map(lambda name: name.translate(None, b"/\0"))
    return Case((jpeg(1), b"one"), st.tuples(contents, names), read)


def tfds(folder):
    """A dataset of TensorFlow Datasets that somebody else has prepared."""
    import tensorflow_datasets

    features = {
        "image": tensorflow_datasets.features.Image(shape=(8, 8, 3)),
        "label": tensorflow_datasets.features.ClassLabel(names=["no", "yes"]),
    }
    splits = {"train": examples(range(7)), "test": examples(range(20, 24))}
    place = write_prepared(folder, splits, features=features)
    config = DataConfig(dataset="tfds:toy", data_dir=str(folder))

    def read():
        load(config, TRAIN)

    return folder_case(place, [path.name for path in place.iterdir()], read)
