"""An evaluation as text: of few classes whole, of many what matters."""

import numpy as np
import pytest

from hnas_tf.reporting import evaluation

FIGURES = {"accuracy": 0.75, "balanced_accuracy": 0.7, "loss": 1.25}


def document(pairs, class_names, **its):
    """Returns what is written of pictures: pairs of label and prediction."""
    counts = np.zeros((len(class_names), len(class_names)), int)
    for label, prediction in pairs:
        counts[label, prediction] += 1
    pictures = [
        {
            "name": f"picture {number}",
            "label": class_names[label],
            "prediction": class_names[prediction],
            "probability": 1 - number / 1000,
        }
        for number, (label, prediction) in enumerate(pairs)
    ]
    return {
        **{"workdir": "runs/mine", "repeat": 2, "dataset": "digits"},
        **{"split": "test", "num_pictures": len(pairs), **FIGURES},
        "classes": classes_of(counts, class_names),
        "confusion": counts.tolist(),
        "mistakes": [n for n, (a, b) in enumerate(pairs) if a != b],
        "pictures": pictures,
        "skipped": {},
        **its,
    }


def classes_of(counts, names):
    return [
        {
            "name": name,
            "num_pictures": int(row.sum()),
            "accuracy": row[label] / row.sum() if row.any() else None,
        }
        for label, (name, row) in enumerate(zip(names, counts, strict=True))
    ]


def text_of(*args, num_mistakes=10, **its):
    return evaluation.in_words(
        document(*args, **its), num_mistakes=num_mistakes
    )


def lines_of(*args, **its):
    """Returns the lines, split into words."""
    return [line.split() for line in text_of(*args, **its).splitlines()]


FEW = ([(0, 0), (0, 1), (1, 1), (1, 1), (2, 0)], ["cat", "dog", "owl", "emu"])


def test_it_says_of_what_it_is_and_how_good():
    text = text_of(*FEW)
    assert text.startswith(
        "runs/mine (repeat 2), on 5 pictures of digits (test):\n"
    )
    assert ["accuracy", "0.7500"] in lines_of(*FEW)
    assert "top-5" not in text
    assert "top-5 accuracy           0.9000" in text_of(
        *FEW, top_5_accuracy=0.9
    )


def test_every_class_that_occurs_has_a_line():
    lines = lines_of(*FEW)
    assert ["cat", "0.5000", "2"] in lines
    assert ["owl", "0.0000", "1"] in lines
    assert not any(line[:1] == ["emu"] for line in lines)


def test_few_classes_have_a_matrix():
    lines = lines_of(*FEW)
    start = lines.index(["cat", "dog", "owl"])
    assert lines[start + 1 : start + 4] == [
        ["cat", "1", "1", "0"],
        ["dog", "0", "2", "0"],
        ["owl", "1", "0", "0"],
    ]


def test_long_names_are_numbered_in_a_matrix():
    pairs, _ = FEW
    lines = lines_of(pairs, ["airplane", "automobile", "bird", "cat"])
    start = lines.index(["1", "2", "3"])
    assert lines[start + 2] == ["2", "automobile", "0", "2", "0"]


def test_of_many_classes_the_most_frequent_confusions_are_shown():
    number = 60
    names = [f"class_{label}" for label in range(number)]
    pairs = [(label, label) for label in range(number)]
    for label in range(30):
        pairs += [(label, label + 1)] * (1 + label)
    lines = lines_of(pairs, names)
    shown = [line for line in lines if line[2:3] == ["->"]]
    assert shown == [
        [str(1 + label), f"class_{label}", "->", f"class_{label + 1}"]
        for label in range(29, 9, -1)
    ]
    text = text_of(pairs, names)
    assert "20 of 30:" in text
    assert "50 worst of 60 classes:" in text
    assert max(map(len, text.splitlines())) <= 80
    assert ["class_29", f"{1 / 31:.4f}", "31"] in lines


@pytest.mark.parametrize(("num_mistakes", "expected"), [(1, 1), (10, 2)])
def test_the_most_confident_mistakes_are_named(num_mistakes, expected):
    text = text_of(*FEW, num_mistakes=num_mistakes)
    assert f"Most confident mistakes, {expected} of 2:" in text
    lines = [line.split() for line in text.splitlines()]
    assert ["0.9990", "picture", "1", "cat", "dog"] in lines
    assert (["0.9960", "picture", "4", "owl", "cat"] in lines) == (expected > 1)


def test_none_are_named_where_there_are_none_or_none_are_wanted():
    assert "No mistakes." in text_of([(0, 0)], ["cat", "dog"])
    assert "confident" not in text_of(*FEW, num_mistakes=0)


def test_many_classes_without_a_mistake_have_no_confusions():
    names = [str(label) for label in range(20)]
    text = text_of([(label, label) for label in range(20)], names)
    assert "confusions" not in text


def test_what_was_left_out_is_named():
    text = text_of(*FEW, skipped={"cat/1.jpg": "no JPEG"})
    assert "1 pictures cannot be read and are left out:" in text
    assert "  cat/1.jpg: no JPEG" in text
