"""What workers say of themselves."""

from typing import Any

from hnas_tf.errors import HnasError

DECISIVE_FACTS = ("device", "num_devices", "threads", "precision")
"""What must be equal for equal seeds to give equal fitnesses."""


def refusal(old: dict[str, Any], new: dict[str, Any]) -> HnasError | None:
    """Returns why fitnesses of two workers do not compare, if they do not."""
    different = [
        f"{name} {old.get(name)} there, {new.get(name)} now"
        for name in DECISIVE_FACTS
        if old.get(name) != new.get(name)
    ]
    if not different:
        return None
    return HnasError(
        "Expected workers like those that the search began with. "
        f"Received: {', '.join(different)}"
    )
