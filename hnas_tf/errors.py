"""The errors that a person is meant to read."""

import reprlib
from collections.abc import Sequence
from typing import Any

_MOST = 60
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = _MOST


def shortened(value: Any) -> str:
    """Returns a value as Python writes it, cut where it is long or deep."""
    text = _REPR.repr(value)
    return text if len(text) <= _MOST else text[: _MOST - 3] + "..."


def escaped(text: str) -> str:
    r"""Returns a text of one line that steers no terminal.

    What cannot be printed is written as Python writes it: control characters,
    line ends, marks that turn the direction of writing.

    >>> print(escaped("a\x1b[2J\nb"))
    a\x1b[2J\nb
    """
    return "".join(
        letter if letter.isprintable() else repr(letter)[1:-1]
        for letter in text
    )


def escaped_lines(text: str) -> str:
    """Returns a text of several lines, each of which is `escaped`."""
    return "\n".join(map(escaped, text.split("\n")))


def first_line(error: Exception) -> str:
    """Returns the first line of what an error says, without TensorFlow's marks.

    >>> first_line(ValueError("{{node x}} no such file [Op:Read]"))
    'no such file'
    """
    words = str(getattr(error, "message", None) or error)
    line, *_ = [*words.strip().splitlines(), type(error).__name__]
    return (line.partition("}} ")[2] or line).partition(" [Op:")[0]


class HnasError(Exception):
    """Says in a sentence what was expected and what came.

    Programs print it on stderr and exit with a code that is not 0; whatever
    else is raised is a fault of this project. What it quotes of a file, or of a
    library, steers no terminal.
    """

    def __str__(self) -> str:
        """Returns the sentence; a library's words may have several lines."""
        return escaped_lines(super().__str__())


class InvalidError(HnasError, ValueError):
    """A value lies outside of what is allowed."""


class GenotypeError(InvalidError):
    """A genotype, or its JSON, is not well formed; says where."""


class TooLargeError(GenotypeError):
    """A genotype is well formed, but its network is too large to plan."""


class ArchiveError(HnasError):
    """An archive or a workdir cannot be used, or cannot be written."""


def require(condition: bool, name: str, expected: str, received: Any) -> None:
    """Raises `InvalidError` in the house's words unless the condition holds."""
    if not condition:
        raise InvalidError(
            f"`{name}` must {expected}. Received: {name}={received}"
        )


def require_at_least(
    minimum: float, config: Any, *names: str, optional: bool = False
) -> None:
    """Raises `InvalidError` unless every named attribute is `minimum` or more.

    Args:
        minimum: The least value.
        config: Whose attributes are checked.
        *names: Of the attributes.
        optional: Whether they may be `None`.
    """
    for name in names:
        value = getattr(config, name)
        holds = optional if value is None else value >= minimum
        require(holds, name, f"be at least {minimum}", value)


def require_at_most(maximum: float, config: Any, *names: str) -> None:
    """Raises `InvalidError` unless every named attribute is `maximum` or less.

    Args:
        maximum: The greatest value.
        config: Whose attributes are checked.
        *names: Of the attributes.
    """
    for name in names:
        value = getattr(config, name)
        require(value <= maximum, name, f"be at most {maximum}", value)


def require_one_of(allowed: Sequence[str], config: Any, name: str) -> None:
    """Raises `InvalidError` unless the named attribute is one of `allowed`."""
    value = getattr(config, name)
    require(value in allowed, name, f"be one of {', '.join(allowed)}", value)
