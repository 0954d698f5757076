"""What workers say of themselves."""

from typing import Any

DECISIVE_FACTS = ("device", "num_devices", "threads", "precision")
"""What must be equal for equal seeds to give equal fitnesses."""


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Returns, in words, how two workers differ in what is decisive."""
    return [
        f"{name} {old.get(name)} there, {new.get(name)} now"
        for name in DECISIVE_FACTS
        if old.get(name) != new.get(name)
    ]
