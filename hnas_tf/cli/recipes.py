"""What to type: commands, and the flagfiles that come with the project."""

import shlex
import sysconfig
from pathlib import Path

from hnas_tf.config import DataConfig

FINAL_DIR = "final"

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
    path = recipes_dir() / name
    if not path.is_file():
        return None
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def command_of(name: str, *arguments: str) -> str:
    """Returns what to type to start one of our programs."""
    return shlex.join(["python", "-m", f"hnas_tf.{name}", *arguments])


def train_command(data: DataConfig, workdir: Path) -> str:
    """Returns what trains the winner of a search, by the dataset's recipe."""
    recipe = find(f"{data.dataset.removeprefix('tfds:')}_train.flags")
    given = {
        "flagfile": recipe,
        "dataset": None if recipe else data.dataset,
        # Whose pictures lie in a folder has larger ones than a search sees.
        "network": "imagenet" if data.dataset.startswith("folder:") else None,
        "data_dir": data.data_dir,
        "manual_dir": data.manual_dir,
        "genotype": workdir,
        "workdir": workdir / FINAL_DIR,
    }
    return command_of(
        "train",
        *(f"--{name}={value}" for name, value in given.items() if value),
    )
