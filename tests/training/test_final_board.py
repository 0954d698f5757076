"""What TensorBoard shows of a final training, beside its curves."""

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_file_loader import (
    LegacyEventFileLoader,
)
from tensorboard.compat.proto.graph_pb2 import GraphDef

from hnas_tf.config import FinalConfig
from hnas_tf.data.splits import TEST
from hnas_tf.plan import make_plan
from hnas_tf.reporting import wrong
from hnas_tf.training import final_board
from hnas_tf.training.final import train_final
from tests.training.samples import (
    GENOTYPE,
    NETWORK,
    SAVES,
    TRAINING,
    digits,
    digits_data,
    toy_data,
)
from tests.training.streams import (
    CROP,
    NUM_PICTURES,
    numbers_of,
    streamed,
    write_pictures,
)

pytestmark = SAVES

CONFIG = FinalConfig(
    network=dataclasses.replace(NETWORK, num_channels=3, num_groups=1),
    training=dataclasses.replace(TRAINING, num_steps=3, num_repeats=2),
)


def logits_for(labels, *, wrong_ones, num_classes=10):
    """Returns logits; those of `wrong_ones` are for the next class.

    Args:
        labels: int32 [pictures].
        wrong_ones: Picture -> how sure its logits are.
        num_classes: Of the network.
    """
    logits = np.zeros((len(labels), num_classes), np.float32)
    logits[np.arange(len(labels)), labels] = 1.0
    for place, sureness in wrong_ones.items():
        logits[place, (labels[place] + 1) % num_classes] = sureness
    return logits


def test_the_worst_mistakes_are_the_most_confident_with_their_pictures():
    images, labels = digits(TEST)
    places = {7: 2.0, 400: 9.0, 3: 4.0}
    found = final_board.worst_mistakes(
        logits_for(labels, wrong_ones=places), digits_data(TEST)
    )
    assert [m.label for m in found] == [str(labels[n]) for n in (400, 3, 7)]
    assert [m.prediction for m in found] == [
        str((labels[n] + 1) % 10) for n in (400, 3, 7)
    ]
    for mistake, place in zip(found, (400, 3, 7), strict=True):
        assert np.array_equal(mistake.image, images[place])
    shares = [m.probability for m in found]
    assert shares == sorted(shares, reverse=True)
    others = np.exp(9.0) + np.exp(1.0) + 8
    assert shares[0] == pytest.approx(np.exp(9.0) / others)


def test_streamed_pictures_are_read_again(tmp_path):
    write_pictures(tmp_path)
    data = streamed(tmp_path, CROP)
    order = numbers_of(data.at(np.arange(NUM_PICTURES)))
    logits = logits_for(data.labels, wrong_ones={9: 3.0, 2: 5.0}, num_classes=3)
    found = final_board.worst_mistakes(logits, data)
    images = np.stack([mistake.image for mistake in found])
    assert numbers_of(images).tolist() == order[[2, 9]].tolist()
    assert images.dtype == np.uint8 and images.shape[1:] == (10, 8, 3)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_network_without_mistakes_has_no_sheet(tmp_path, is_streamed):
    write_pictures(tmp_path / "pictures")
    data = (
        streamed(tmp_path / "pictures", CROP)
        if is_streamed
        else toy_data(np.zeros((4, 8, 8, 1)), [0, 1, 2, 2], batch_size=4)
    )
    num_classes = len(data.description.class_names)
    logits = logits_for(data.labels, wrong_ones={}, num_classes=num_classes)
    run = tmp_path / "run"
    final_board.show_mistakes(str(run), logits, data, step=5)
    assert pictures_of(run).keys() == {("measured/confusion_matrix", 5)}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The runs of a training of two repeats."""
    workdir = tmp_path_factory.mktemp("final")
    train_final(GENOTYPE, CONFIG, str(workdir))
    return [workdir / "tensorboard" / f"repeat_{number}" for number in (1, 2)]


def events(run):
    for path in sorted(run.iterdir()):
        yield from LegacyEventFileLoader(str(path)).Load()


def pictures_of(run):
    """Returns tag and step -> PNG."""
    return {
        (value.tag, event.step): value.tensor.string_val[2]
        for event in events(run)
        for value in event.summary.value
        if value.metadata.plugin_data.plugin_name == "images"
    }


def test_every_repeat_has_its_network_in_the_words_of_the_genotype(runs):
    plan = make_plan(
        GENOTYPE, dataclasses.replace(CONFIG.network, num_classes=10)
    )
    names = {operation.name.replace(".", "/") for operation in plan.operations}
    for run in runs:
        (content,) = [e.graph_def for e in events(run) if e.graph_def]
        found = {node.name for node in GraphDef.FromString(content).node}
        assert found == names


def test_every_repeat_has_its_matrix_and_its_mistakes(runs):
    first, second = map(pictures_of, runs)
    tags = ("measured/confusion_matrix", "measured/worst_mistakes")
    assert first.keys() == second.keys() == {(tag, 3) for tag in tags}
    for tag in tags:
        assert first[tag, 3] != second[tag, 3]
        assert Image.open(io.BytesIO(first[tag, 3])).size > (500, 500)


def test_a_sheet_has_at_most_its_number_of_pictures():
    _, labels = digits(TEST)
    places = dict.fromkeys(range(300), 5.0)
    logits = logits_for(labels, wrong_ones=places)
    found = final_board.worst_mistakes(logits, digits_data(TEST))
    assert len(found) == final_board.MOST_MISTAKES
    full = wrong.sheet(found)
    assert Image.open(io.BytesIO(full)).size[1] < 1600
