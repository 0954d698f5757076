"""Which versions are installed; needs nothing but Python.

Also a program for another interpreter: MODULE is imported first, to see that it
can be, and the versions are printed as JSON.

    python installed.py MODULE PACKAGES...
"""

import importlib
import importlib.metadata
import json
import platform
import sys
from collections.abc import Sequence


def installed(packages: Sequence[str]) -> dict[str, str]:
    """Returns the versions of Python and of those packages that are here."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    importlib.import_module(sys.argv[1])
    print(json.dumps(installed(sys.argv[2:])))
