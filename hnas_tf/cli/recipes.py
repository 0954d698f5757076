"""What to type: commands, and the flagfiles that come with the project."""

import shlex
import sysconfig
from pathlib import Path

from hnas_tf.config import DataConfig

FINAL_DIR = "final"
# What of the pictures a final training must know as the search did.
_KEPT = (
    *("data_dir", "manual_dir", "bad_images"),
    *("validation_fraction", "split_seed"),
)

# Every folder's pictures are others; they share a recipe.
_FOLDER = "folder"

_IN_CHECKOUT = Path(__file__).parents[2] / "flags"


def recipes_dir() -> Path:
    """Returns the folder of the recipes, in a checkout or installed."""
    schemes = {
        sysconfig.get_preferred_scheme(key) for key in ("prefix", "user")
    }
    installed = [
        Path(sysconfig.get_path("data", scheme)) / "share" / "hnas_tf" / "flags"
        for scheme in sorted(schemes)
    ]
    for folder in (_IN_CHECKOUT, *installed):
        if (folder / "digits_search.flags").is_file():
            return folder
    return installed[0]


def find(name: str) -> Path | None:
    """Returns the path of a recipe, short where it can be, if there is one."""
    # It is called after a dataset, which somebody else may have named.
    if name not in {path.name for path in recipes_dir().glob("*.flags")}:
        return None
    path = recipes_dir() / name
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def command_of(name: str, *arguments: str) -> str:
    """Returns what to type to start one of our programs."""
    return shlex.join(["python", "-m", f"hnas_tf.{name}", *arguments])


def train_command(data: DataConfig, workdir: Path) -> str:
    """Returns what trains the winner of a search, by the dataset's recipe."""
    recipe = find(f"{_kind_of(data.dataset)}_train.flags")
    kept = {
        name: getattr(data, name)
        for name in _KEPT
        if getattr(data, name) != getattr(DataConfig(), name)
    }
    is_known = recipe is not None and _kind_of(data.dataset) != _FOLDER
    given = {
        "flagfile": recipe,
        "dataset": None if is_known else data.dataset,
        **{name: value for name, value in kept.items() if value is not None},
        "genotype": workdir,
        "workdir": workdir / FINAL_DIR,
    }
    return command_of(
        "train",
        *(f"--{k}={value}" for k, value in given.items() if value is not None),
    )


def _kind_of(dataset: str) -> str:
    """Returns what the recipe of a dataset is called after."""
    kind, _, name = dataset.partition(":")
    return name if kind == "tfds" else kind
