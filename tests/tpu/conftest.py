"""What the tests of tpu/ share."""

import shutil
import sys

import pytest

from tests.tpu.samples import ROOT


@pytest.fixture
def recorded(tmp_path):
    """A folder with fakes that come first in PATH, and what they note."""
    note = "import json, sys\nwith open({path!r}, 'a') as file:\n"
    note += "    print(json.dumps({named!r} + sys.argv[1:]), file=file)\n"
    folder = tmp_path / "bin"
    folder.mkdir()
    # What is run here besides gcloud would leave files in the checkout.
    for name in ("gcloud", "git", "mkdir", "rm", "tar"):
        fake = folder / name
        code = note.format(path=str(tmp_path / "calls"), named=[name])
        fake.write_text(f"#!{sys.executable}\n{code}")
        fake.chmod(0o755)
    return tmp_path


@pytest.fixture
def vm(tmp_path):
    """The home folder of a VM on which an installed Python notes its calls."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "tpu", home / "hnas_tf" / "tpu")
    python = home / "hnas_tf" / ".venv-tpu" / "bin" / "python"
    python.parent.mkdir(parents=True)
    return home
