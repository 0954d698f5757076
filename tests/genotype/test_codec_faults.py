"""Whatever is wrong in a genotype's JSON, it is a `GenotypeError`."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hnas_tf.errors import GenotypeError
from hnas_tf.genotype import genotype_from_json, genotype_to_json
from tests.genotype.samples import REPEATABLE, genotypes

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**63])
    | st.floats()
    | st.sampled_from([1.0, 2.0, 1e308 * 10])
    | st.text()
    | st.sampled_from(["identity", "conv_1x1", "none", "\ud800", "1", ""])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["version", "motifs"]) | st.text(),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


def check(text):
    """Reads a text: a sentence of ours, or a genotype that says the same."""
    try:
        genotype = genotype_from_json(text)
    except GenotypeError as error:
        assert "Received: " in str(error)
        return
    written = json.loads(genotype_to_json(genotype))
    said = json.loads(text)
    # As text, since 1 == 1.0 == True.
    assert json.dumps(said, sort_keys=True) == json.dumps(
        written, sort_keys=True
    )


def _places(value, place=()):
    yield place
    children = value if isinstance(value, list) else ()
    for key, child in enumerate(children):
        yield from _places(child, (*place, key))
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _places(child, (*place, key))


@st.composite
def spoilt_documents(draw):
    document = json.loads(genotype_to_json(draw(genotypes())))
    place = draw(st.sampled_from([p for p in _places(document) if p]))
    *outer, key = place
    parent = document
    for step in outer:
        parent = parent[step]
    how = draw(st.sampled_from(["replace", "remove", "repeat", "nest", "add"]))
    if how == "replace":
        parent[key] = draw(VALUES)
    elif how == "remove":
        del parent[key]
    elif how == "nest":
        parent[key] = [parent[key]]
    elif isinstance(parent, list):
        new = copy.deepcopy(parent[key]) if how == "repeat" else draw(VALUES)
        parent.insert(key, new)
    else:
        parent[draw(st.text())] = draw(VALUES)
    return document


@given(st.text())
@REPEATABLE
def test_any_text_is_refused(text):
    with pytest.raises(GenotypeError, match="Received: "):
        genotype_from_json(text)


@given(VALUES)
@REPEATABLE
def test_any_json_value_is_refused_or_read_as_it_stands(value):
    check(json.dumps(value))


@given(VALUES)
@REPEATABLE
def test_any_motifs_are_refused_or_read_as_they_stand(value):
    check(json.dumps({"version": 1, "motifs": value}))


@given(spoilt_documents())
@REPEATABLE
def test_a_genotype_spoilt_anywhere_is_refused_or_read_as_it_stands(document):
    check(json.dumps(document))


@given(genotypes(), st.data())
@REPEATABLE
def test_a_text_cut_anywhere_is_refused(genotype, data):
    text = genotype_to_json(genotype)
    end = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(GenotypeError, match="Expected JSON"):
        genotype_from_json(text[:end])


@given(genotypes(), st.data())
@REPEATABLE
def test_any_wrong_character_is_refused_or_read_as_it_stands(genotype, data):
    text = genotype_to_json(genotype)
    at = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.characters() | st.sampled_from('[]{},:"0.-eN'))
    check(text[:at] + wrong + text[at + 1 :])
