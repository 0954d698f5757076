"""The errors that a person is meant to read."""

from collections.abc import Sequence
from typing import Any


def shortened(value: Any, most: int = 60) -> str:
    """Returns a value as Python writes it, cut where it would be long."""
    text = repr(value)
    return text if len(text) <= most else text[: most - 3] + "..."


class HnasError(Exception):
    """Says in a sentence what was expected and what came.

    Programs print it on stderr and exit with a code that is not 0; whatever
    else is raised is a fault of this project.
    """


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


def require_one_of(allowed: Sequence[str], config: Any, name: str) -> None:
    """Raises `InvalidError` unless the named attribute is one of `allowed`."""
    value = getattr(config, name)
    require(value in allowed, name, f"be one of {', '.join(allowed)}", value)
