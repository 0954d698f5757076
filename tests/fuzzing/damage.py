"""What can be wrong with a file: strategies of hypothesis."""

import copy
import json

from hypothesis import strategies as st

_DEEP = "@deep@"  # `json.dumps` would not write it.
_WORDS = (
    *("", "\x00", "\x1b[2J", "\u202e", "\ud800", "a\nb", "../../x", "a:b"),
    *("1", "9" * 5000, "x" * 100_000, "identity", "finished", _DEEP),
)
_NUMBERS = (
    *(0, -1, 1, 2, 7, 2**31, 2**63, -(2**63) - 1, 10**30, 10**400, 10**4000),
    *(0.5, -0.0, 1.5, 1e-320, 1e38, 1e308, float("inf"), float("nan")),
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.sampled_from(_NUMBERS)
    | st.sampled_from(_WORDS)
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
)
_VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
_PLACES = st.integers(0, 2**32)
_HOW_OFTEN = st.sampled_from((1, 1, 1, 2, 3))
_DEPTHS = st.sampled_from((50, 300, 900, 1500, 100_000))
_ENCODINGS = st.sampled_from((*["utf-8"] * 30, "utf-8-sig", "utf-16", "utf-32"))


@st.composite
def spoilt_bytes(draw, content):
    """Draws the content of a file with a few bytes wrong, or all."""
    for _ in range(draw(_HOW_OFTEN)):
        content = draw(_EDITS)(draw, content, draw(_PLACES) % len(content))
        content = content or b"\0"
    return content


def _flip(draw, content, at):
    bit = 1 << draw(st.integers(0, 7))
    return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]


def _overwrite(draw, content, at):
    new = draw(st.binary(max_size=12) | st.sampled_from((b"\xff" * 8, b"\0")))
    return content[:at] + new + content[at + len(new) :]


def _cut(draw, content, at):
    return content[:at]


def _remove(draw, content, at):
    return content[:at] + content[at + draw(st.integers(1, 200)) :]


def _splice(draw, content, at):
    start = draw(_PLACES) % len(content)
    return content[:at] + content[start : start + 300] + content[at:]


def _zero(draw, content, at):
    start = at // 512 * 512
    piece = content[start : start + 512]
    return content[:start] + bytes(len(piece)) + content[start + len(piece) :]


def _anything(draw, content, at):
    return draw(st.binary(max_size=400))


_EDITS = st.sampled_from(
    (_flip, _flip, _overwrite, _cut, _remove, _splice, _zero, _anything)
)


@st.composite
def spoilt_json(draw, document):
    """Draws the bytes of a JSON file in which something is not as it was."""
    document = copy.deepcopy(document)
    for _ in range(draw(_HOW_OFTEN)):
        document = _with_a_change(draw, document)
    text = json.dumps(document, ensure_ascii=draw(st.booleans()))
    depth = draw(_DEPTHS)
    text = text.replace(f'"{_DEEP}"', "[" * depth + "]" * depth)
    if draw(st.integers(0, 19)) == 0:
        text = text.replace("{", '{"version": 7, ', 1)  # Twice the same key.
    content = text.encode(draw(_ENCODINGS), "surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        content = draw(spoilt_bytes(content))
    return content


def _with_a_change(draw, document):
    places = list(_places(document))
    place = places[draw(_PLACES) % len(places)]
    if not place:
        return draw(_VALUES)
    *outer, key = place
    parent = document
    for step in outer:
        parent = parent[step]
    draw(_CHANGES)(draw, parent, key)
    return document


def _places(value, place=()):
    """Yields the keys that lead to every value of a document."""
    yield place
    if isinstance(value, list):
        value = dict(enumerate(value))
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _places(child, (*place, key))


def _replace(draw, parent, key):
    parent[key] = draw(_VALUES)


def _drop(draw, parent, key):
    del parent[key]


def _nest(draw, parent, key):
    parent[key] = [parent[key]]


def _as_text(draw, parent, key):
    parent[key] = str(parent[key])


def _add(draw, parent, key):
    if isinstance(parent, list):
        parent.insert(key, draw(_VALUES))
    else:
        parent[draw(st.text(max_size=5))] = draw(_VALUES)


_CHANGES = st.sampled_from(
    (_replace, _replace, _replace, _drop, _nest, _as_text, _add)
)
