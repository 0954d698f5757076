"""Errors in a genotype's JSON say where, and stay readable."""

import json

import pytest

from hnas_tf.errors import GenotypeError
from hnas_tf.genotype import genotype_from_json
from hnas_tf.genotype.codec import MAX_BYTES

FLAT = '{"version":1,"motifs":[[[["identity"],[null,"identity"]]]]}'


def refusal(text):
    with pytest.raises(GenotypeError) as caught:
        genotype_from_json(text)
    return str(caught.value)


def refusal_of(motifs):
    return refusal(json.dumps({"version": 1, "motifs": motifs}))


@pytest.mark.parametrize(
    "version", ["0", "2", "-1", "1.5", '"1"', "null", "true", "[1]", "NaN"]
)
def test_another_version_is_refused(version):
    text = FLAT.replace('"version":1', f'"version":{version}')
    assert refusal(text).startswith("Expected version 1. Received: version ")


def test_a_version_that_is_a_float_is_refused():
    assert "version 1.0" in refusal(FLAT.replace(":1,", ":1.0,"))


@pytest.mark.parametrize(
    "text",
    [
        '{"motifs":[]}',
        '{"version":1}',
        '{"version":1,"motifs":[],"name":"mine"}',
        "[]",
        "null",
        "7",
    ],
)
def test_missing_and_additional_keys_are_refused(text):
    assert refusal(text).startswith("Expected an object with the keys")


@pytest.mark.parametrize(
    ("motifs", "where"),
    [
        ({}, "In motifs: expected a list. Received: {}"),
        ([7], "In motifs[0]: expected a list. Received: 7"),
        ([["x"]], "In motifs[0][0]: expected a list. Received: 'x'"),
        ([[["x"]]], "In motifs[0][0]: expected a list. Received: 'x'"),
        ([[[[0.5]]]], "In motifs[0][0]: Row 1 of a motif must list names, "),
        ([[[[True]]]], "In motifs[0][0]: Row 1 of a motif must list names"),
        ([[[[None], [None, [1]]]]], "In motifs[0][0]: Row 2 of a motif must "),
        ([[[[None], [None]]]], "In motifs[0][0]: Row 2 of a motif must "),
        ([[[]]], "In motifs[0][0]: A motif must have 2 to 64 nodes."),
        ([[[[None]], []], []], "In motifs[0][1]: A motif must have 2 to 64"),
        ([[]], "Level 2 must have 1 to 64 motifs. Received: 0 motifs"),
        ([[[["conv"]]]], "Edge 1 -> 2 of motif 1 of level 2 must carry none"),
        ([[[[1]]]], "Edge 1 -> 2 of motif 1 of level 2 must carry none or"),
        ([[[[None]]], [[["identity"]]]], "Edge 1 -> 2 of motif 1 of level 3"),
    ],
)
def test_an_error_says_where(motifs, where):
    assert refusal_of(motifs).startswith(where)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused(number):
    assert "Received: " in refusal(FLAT.replace("null", number))


@pytest.mark.parametrize("digits", [20, 4000, 5000, 900_000])
def test_a_huge_number_is_refused(digits):
    assert "Received: " in refusal(FLAT.replace("null", "9" * digits))


@pytest.mark.parametrize("depth", [2, 10, 300, 900, 980, 1000, 5000, 400_000])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ('{"version":', ',"motifs":[]}'),
        ('{"version":1,"motifs":', "}"),
    ],
)
def test_deep_nesting_is_refused(before, after, depth):
    nested = "[" * depth + "]" * depth
    assert "Received: " in refusal(before + nested + after)


def test_a_text_too_large_is_refused():
    words = f"at most {MAX_BYTES} characters"
    assert words in refusal(FLAT + " " * MAX_BYTES)


@pytest.mark.parametrize(
    "text",
    [
        FLAT.replace("null", '"' + "x" * 900_000 + '"'),
        FLAT.replace("null", "9" * 4000),
        FLAT.replace(":1,", ":" + "9" * 4000 + ","),
        FLAT.replace("null", "[" + "0," * 400_000 + "0]"),
    ],
)
def test_an_error_stays_short_however_much_came(text):
    assert len(refusal(text)) < 400
