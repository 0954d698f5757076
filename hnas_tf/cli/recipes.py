"""Where the recipes lie: the flagfiles that come with the project."""

import sysconfig
from pathlib import Path

_IN_CHECKOUT = Path(__file__).parents[2] / "flags"
_INSTALLED = Path(sysconfig.get_path("data")) / "share" / "hnas_tf" / "flags"


def recipes_dir() -> Path:
    """Returns the folder of the recipes, in a checkout or installed."""
    return _IN_CHECKOUT if _IN_CHECKOUT.is_dir() else _INSTALLED


def find(name: str) -> Path | None:
    """Returns the path of a recipe, short where it can be, if there is one."""
    path = recipes_dir() / name
    if not path.is_file():
        return None
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
