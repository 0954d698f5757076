"""Imports point down, and the core knows no TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import hnas_tf

ROOT = Path(hnas_tf.__file__).parent

# Who may import whom, from the ground up; a module always its own package.
ALLOWED = {
    "errors": "",
    "files": "errors",
    "quiet": "",
    "typed": "errors",
    "events": "errors typed",
    "genotype": "errors files",
    "config": "errors typed genotype",
    "plan": "errors genotype config",
    "evolution": "errors genotype config plan",
    "archive": ("errors files typed events genotype config plan evolution"),
    "engines": "errors files events genotype config",
    "data": "errors files typed config",
    "reporting": (
        "errors files events genotype config plan evolution archive data"
    ),
    "networks": "errors genotype config plan",
    "training": (
        "errors files typed events genotype config plan evolution archive"
        " engines data reporting networks"
    ),
    "serving": (
        "errors files typed quiet genotype config plan archive engines data"
        " training"
    ),
    "tpu": (
        "errors genotype config plan evolution archive engines data reporting"
        " networks training"
    ),
    "cli": "errors quiet genotype config evolution archive engines data",
    "evolve": (
        "errors files events genotype config plan evolution archive engines"
        " reporting"
    ),
    "__init__": "genotype",
}
# Whatever else lies in the package is a program: it may import all of these.

PURE = [
    "__init__",
    "errors",
    "files",
    "quiet",
    "typed",
    "events",
    "genotype",
    "config",
    "plan",
    "evolution",
    "archive",
    "engines",
    "cli",
    "evolve",
]
WITHOUT_TENSORFLOW = [*PURE, "reporting", "search", "show", "serve_check"]

PROTOCOL = {"Ask", "EvaluationError", "Evaluator", "EvaluatorFactory", "Task"}


def floor_of(path):
    """Returns the top-level name of a file within the package."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


FILES = sorted(ROOT.rglob("*.py"))
PROGRAMS = {floor_of(path) for path in FILES} - ALLOWED.keys()


def imports_of(path):
    """Returns the dotted names of all that a file imports, anywhere in it.

    `from a import b` imports `a.b`.
    """
    package = path.relative_to(ROOT.parent).parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1]
            base = (*above, node.module) if node.level else (node.module,)
            prefix = ".".join(filter(None, base))
            found.update(f"{prefix}.{alias.name}" for alias in node.names)
    return found


def floors_imported(path):
    """Returns the floors of the package that a file imports."""
    ours = [n.split(".") for n in imports_of(path) if n.startswith("hnas_tf")]
    known = ALLOWED.keys() | PROGRAMS
    # `from hnas_tf import Genotype` imports from the package's own file.
    return {
        parts[1] if len(parts) > 1 and parts[1] in known else "__init__"
        for parts in ours
    }


def others_imported(path):
    return {name.partition(".")[0] for name in imports_of(path)}


def files_on(floors):
    return [path for path in FILES if floor_of(path) in floors]


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_the_table_leads_down_without_circles():
    below = set()
    for floor, allowed in ALLOWED.items():
        assert set(allowed.split()) <= below, floor
        below.add(floor)


def test_every_package_has_a_place_in_the_table():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= ALLOWED.keys()


@pytest.mark.parametrize("path", FILES, ids=names(FILES))
def test_imports_point_down(path):
    floor = floor_of(path)
    if floor in PROGRAMS:
        allowed = ALLOWED.keys() - {"__init__"} | {floor}
    else:
        allowed = {floor, *ALLOWED[floor].split()}
    assert floors_imported(path) <= allowed


def test_training_knows_of_the_engines_only_what_an_evaluator_is():
    for path in files_on({"training"}):
        for name in imports_of(path):
            if name.startswith("hnas_tf.engines"):
                rest = name.removeprefix("hnas_tf.engines.")
                assert rest.removeprefix("evaluator.") in PROTOCOL, path


@pytest.mark.parametrize("path", files_on(PURE), ids=names(files_on(PURE)))
def test_the_core_imports_neither_tensorflow_nor_numpy(path):
    assert not others_imported(path) & {"tensorflow", "keras", "numpy"}


def test_what_runs_beside_the_workers_imports_no_tensorflow():
    for path in files_on(WITHOUT_TENSORFLOW):
        others = others_imported(path)
        assert not others & {"tensorflow", "keras"}, path


def test_flags_stop_at_the_door():
    for path in FILES:
        if floor_of(path) not in {"cli", *PROGRAMS}:
            assert "absl" not in others_imported(path), path


def test_ray_is_imported_by_its_engine_alone():
    for path in FILES:
        if "ray" in others_imported(path):
            assert floor_of(path) == "engines", path
            assert path.stem.startswith("ray"), path


def load_without(unimportable, paths):
    """Imports modules in a fresh interpreter that lacks some packages."""
    modules = [
        ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        for path in paths
        if not path.stem.startswith("ray")
    ]
    program = (
        "import importlib, sys\n"
        "for name in sys.argv[1].split(','): sys.modules[name] = None\n"
        "for name in sys.argv[2:]: importlib.import_module(name)\n"
    )
    command = [sys.executable, "-W", "error", "-c", program]
    found = subprocess.run(
        [*command, ",".join(unimportable), *modules],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stderr) == (0, "")


def test_the_core_loads_where_there_is_no_tensorflow_and_no_numpy():
    # The modules of cli define the flags of different programs.
    core = files_on(set(PURE) - {"cli"})
    load_without(["tensorflow", "keras", "numpy"], core)


@pytest.mark.parametrize(
    "floor", ["reporting", "search", "show", "serve_check"]
)
def test_what_runs_beside_the_workers_loads_without_tensorflow(floor):
    load_without(["tensorflow", "keras"], files_on({floor}))
