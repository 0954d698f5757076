"""Lists the programs: `python -m hnas_tf`."""

import ast
from pathlib import Path

from hnas_tf.cli.recipes import recipes_dir

PROGRAMS = (
    "search",
    "show",
    "train",
    "evaluate",
    "export",
    "serve_check",
    "report",
    "preflight",
)


def main() -> None:
    """Prints what every program does, and where the recipes lie."""
    for name in PROGRAMS:
        source = Path(__file__).with_name(f"{name}.py").read_text("utf-8")
        first, *_ = (ast.get_docstring(ast.parse(source)) or "").splitlines()
        print(f"python -m hnas_tf.{name:12}{first}")
    print("\nEvery program explains its flags with --helpshort, preflight all")
    print("of them with --helpfull.")
    print(f"Recipes, for --flagfile=...: {recipes_dir()}")


if __name__ == "__main__":
    main()
