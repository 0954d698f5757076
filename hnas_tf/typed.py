"""Objects made of JSON values, held against the types that they declare."""

import contextlib
import functools
import types
from collections.abc import Mapping
from typing import (
    Any,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from hnas_tf.errors import InvalidError, shortened

Made = TypeVar("Made")

_LARGEST = 2**1023


def make(cls: type[Made], values: Mapping[str, Any]) -> Made:
    """Returns an object made of JSON values.

    Lists become tuples where tuples are declared. A whole number will do where
    a float is, but True is no number.

    Args:
        cls: A class with annotations: a dataclass, or a `NamedTuple`.
        values: By the names of its attributes.

    Raises:
        InvalidError: if one is of another type; names it.
        TypeError: if one is missing, or the class does not know it, or there
            are no values at all.
    """
    if not isinstance(values, Mapping):
        raise TypeError(f"no object, but {shortened(values)}")
    kinds = _kinds(cast(Any, cls))
    return cls(**{n: _as(v, kinds.get(n, Any), n) for n, v in values.items()})


def _as(value: Any, kind: Any, name: str) -> Any:
    """Returns a value as its type has it, if it is of that type."""
    origin, arguments = _parts(kind)
    if origin in (Union, types.UnionType):
        for one in arguments:
            with contextlib.suppress(InvalidError):
                return _as(value, one, name)
    elif origin is tuple and isinstance(value, list | tuple):
        if arguments[-1:] == (...,):
            arguments = arguments[:1] * len(value)
        if len(value) == len(arguments):
            return tuple(
                _as(one, its, name)
                for one, its in zip(value, arguments, strict=True)
            )
    elif origin is dict and isinstance(value, dict):
        return {key: _as(one, arguments[1], name) for key, one in value.items()}
    elif origin is None and _is(value, kind):
        return value
    words = kind.__name__ if isinstance(kind, type) else kind
    raise InvalidError(
        f"`{name}` must be of type {words}. Received: {name}={shortened(value)}"
    )


def _is(value: Any, kind: Any) -> bool:
    if kind is int:
        return type(value) is int
    if kind is float:
        # Larger whole numbers are no floats.
        return type(value) is float or (
            type(value) is int and abs(value) <= _LARGEST
        )
    return kind is Any or isinstance(value, kind)


@functools.cache  # Curves have many points.
def _parts(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(kind), get_args(kind)


@functools.cache
def _kinds(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)
