"""From flags to the frozen configurations, by their names."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from absl import flags

from hnas_tf.errors import HnasError

# Numbers are flags of the module that asks for them, in --helpshort too.
flags.disclaim_key_flags()

FLAGS = flags.FLAGS
Section = TypeVar("Section")


class NumbersParser(flags.ArgumentParser):
    """Parses numbers with commas between them into a tuple."""

    syntactic_help = "numbers with commas between them"

    def __init__(self, number: Callable[[str], float]) -> None:
        super().__init__()
        self._number = number

    def parse(self, argument: str | tuple[float, ...]) -> tuple[float, ...]:
        """Returns the numbers; a tuple is returned as it is."""
        if isinstance(argument, tuple):
            return argument
        return tuple(
            self._number(part) for part in argument.split(",") if part.strip()
        )

    def flag_type(self) -> str:
        """Returns what `--help` calls such a value."""
        return "numbers"


def define_numbers(
    name: str,
    default: tuple[float, ...] | None,
    help_text: str,
    *,
    number: Callable[[str], float] = float,
) -> None:
    """Defines a flag whose value is a tuple of numbers."""
    flags.DEFINE(
        NumbersParser(number),
        name,
        default,
        help_text,
        serializer=flags.CsvListSerializer(","),
    )


def section(
    cls: type[Section], *, defaults: Section | None = None, **given: Any
) -> Section:
    """Returns a configuration whose fields are the flags of those names.

    Args:
        cls: Of the configuration.
        defaults: For the flags that are not given and have no default.
        **given: Fields that have no flag of their name.

    Raises:
        InvalidError: if a value is out of range.
    """
    names = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    values = {name: FLAGS[name].value for name in names - given.keys()}
    for name, value in values.items():
        if value is None and defaults is not None:
            values[name] = getattr(defaults, name)
    return cls(**values, **given)


def required(name: str) -> str:
    """Returns the value of a flag that has no default.

    Raises:
        HnasError: if it was not given.
    """
    value = FLAGS[name].value
    if not value:
        raise HnasError(
            f"Expected --{name}. Received: nothing; see --helpshort"
        )
    return str(value)
