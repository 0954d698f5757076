"""The README of tpu/ tells the truth."""

import os
import re

import pytest

from tests import processes
from tests.tpu.samples import NAMES, OPTIONAL, ROOT, SCRIPTS

# A preflight has the flags of what it is asked about.
ABOUT = {"preflight": [(), ("--genotype=x",)]}


class TestReadme:
    """What tpu/README.md tells a person to type exists."""

    text = (ROOT / "tpu" / "README.md").read_text()

    def test_it_says_first_that_this_never_ran_on_a_tpu(self):
        assert "not proven" in self.text[:500].lower()

    def test_the_scripts_that_it_names_are_there_and_can_be_run(self):
        named = set(re.findall(r"\btpu/[\w/]+\.sh", self.text))
        assert named >= {f"tpu/{script}.sh" for script in SCRIPTS}
        for name in named - {"tpu/settings.sh", "tpu/common.sh"}:
            assert os.access(ROOT / name, os.X_OK), name

    def test_the_recipes_that_it_names_are_there(self):
        named = set(re.findall(r"\bflags/\w+\.flags", self.text))
        assert "flags/cifar10_search.flags" in named
        for name in named:
            assert (ROOT / name).is_file(), name

    def test_it_explains_every_setting(self):
        for name in NAMES + OPTIONAL:
            assert f"`{name}`" in self.text, name

    @pytest.mark.parametrize(
        "program", ["search", "train", "show", "preflight"]
    )
    def test_the_flags_that_it_names_are_those_of_the_program(
        self, mark, program
    ):
        lines = self.text.replace("\\\n", " ").splitlines()
        pattern = rf"(?:hnas_tf\.|start\.sh |tpu/){program}(?:\.sh)?\b(.*)"
        typed = " ".join(
            match[1]
            for match in (re.search(pattern, x) for x in lines)
            if match
        )
        named = set(re.findall(r"--(\w+)", typed)) - {"dry"}
        assert named, program
        known = set()
        for about in ABOUT.get(program, [()]):
            _, out, _ = processes.run(mark, program, *about, "--helpfull")
            known |= set(re.findall(r"--(?:\[no\])?(\w+)", out))
        assert named <= known
