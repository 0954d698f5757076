"""What archives and prepared folders of TensorFlow Datasets look like."""

import io
import tarfile

import numpy as np
import tensorflow as tf

CIFAR_CLASSES = [f"class{label}" for label in range(10)]
SYNSETS = ("n01440764", "n01443537", "n15075141")


def picture(number, *, size=32, channels=3):
    """Returns a picture whose first pixel tells its number."""
    rng = np.random.default_rng(number)
    pixels = rng.integers(0, 256, (size, size, channels), np.uint8)
    pixels[0, 0, 0] = number
    return pixels


def write_cifar10(folder, *, per_file=4):
    """Writes CIFAR-10's archive in miniature; label = number modulo 10."""
    path = folder / "cifar-10-binary.tar.gz"
    files = [*(f"data_batch_{n}.bin" for n in range(1, 6)), "test_batch.bin"]
    contents = {"batches.meta.txt": "\n".join(CIFAR_CLASSES).encode()}
    for index, name in enumerate(files):
        numbers = range(index * per_file, (index + 1) * per_file)
        contents[name] = b"".join(
            bytes([number % 10]) + picture(number).transpose(2, 0, 1).tobytes()
            for number in numbers
        )
    write_tar(
        path, {f"cifar-10-batches-bin/{k}": v for k, v in contents.items()}
    )
    return path


def write_imagenet(folder, *, per_class=3, validation=5):
    """Writes ILSVRC's two archives in miniature."""
    train = {
        f"{synset}.tar": tar(
            {f"{synset}_{n}.JPEG": jpeg(n) for n in range(1, per_class + 1)}
        )
        for synset in SYNSETS
    }
    write_tar(folder / "ILSVRC2012_img_train.tar", train)
    held_out = {
        f"ILSVRC2012_val_{n:08}.JPEG": jpeg(n) for n in range(1, validation + 1)
    }
    write_tar(folder / "ILSVRC2012_img_val.tar", held_out)


def jpeg(number):
    """Returns an encoded picture; the size of each is its own."""
    return tf.io.encode_jpeg(picture(number, size=16 + number)).numpy()


def tar(contents, mode="w"):
    """Returns an archive of files, by name."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def write_tar(path, contents):
    """Writes an archive, compressed as its name says."""
    path.write_bytes(tar(contents, "w:gz" if path.suffix == ".gz" else "w"))


def write_prepared(folder, splits, *, features, name="toy", **writer_options):
    """Writes a prepared dataset with TFDS' own writer."""
    import tensorflow_datasets as tfds

    data_dir = folder / name / "1.0.0"
    data_dir.mkdir(parents=True)
    identity = tfds.core.dataset_info.DatasetIdentity(
        name=name,
        version=tfds.core.Version("1.0.0"),
        data_dir=str(data_dir),
        module_name="",
    )
    info = tfds.core.DatasetInfo(
        builder=identity,
        features=tfds.features.FeaturesDict(features),
        supervised_keys=None,
    )
    writer = tfds.core.SequentialWriter(
        info, **({"max_examples_per_shard": 3} | writer_options)
    )
    writer.initialize_splits(list(splits))
    for split, examples in splits.items():
        writer.add_examples({split: examples})
    writer.close_all()
    return data_dir


def examples(numbers, *, channels=3, size=8, labels=None):
    """Returns what is written of pictures; label = number modulo 2."""
    return [
        {
            "image": picture(number, size=size, channels=channels),
            "label": number % 2 if labels is None else labels,
        }
        for number in numbers
    ]


def decoded(pictures):
    """Returns pictures in order, decoded, and their labels."""
    read = [
        (tf.io.decode_image(record).numpy(), int(label))
        for record, label in pictures.in_order().map(pictures.read)
    ]
    return [image for image, _ in read], [label for _, label in read]
