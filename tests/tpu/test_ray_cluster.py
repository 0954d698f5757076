"""The cluster that tpu/ray_cluster.yaml describes is one to Ray."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from tests.tpu.samples import ROOT

RAY = importlib.util.find_spec("ray")
pytestmark = pytest.mark.skipif(
    RAY is None, reason="pip install 'hnas_tf[ray]'"
)


@pytest.fixture
def cluster():
    import yaml  # Ray brings it.

    path = ROOT / "tpu" / "ray_cluster.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_its_form_is_what_ray_expects(cluster):
    import jsonschema

    folder = Path(RAY.origin).parent / "autoscaler"
    schema = json.loads((folder / "ray-schema.json").read_text())
    jsonschema.validate(cluster, schema)


def test_the_head_is_no_worker(cluster):
    types = cluster["available_node_types"]
    assert types[cluster["head_node_type"]]["resources"] == {"CPU": 0}
    assert types["tpu"]["resources"]["TPU"] == 8


def test_its_scripts_are_there(cluster):
    commands = cluster["head_setup_commands"] + cluster["worker_setup_commands"]
    scripts = re.findall(r"~/hnas_tf/(tpu/\S+)", " ".join(commands))
    assert len(scripts) == 2
    for script in scripts:
        assert (ROOT / script).is_file(), script


def test_the_head_can_create_machines(cluster):
    _, needed = cluster["head_setup_commands"]
    assert "google-api-python-client" in needed
    assert "ray[default]" in needed


def test_nobody_without_its_token_commands_it(cluster):
    token = "~/.ray/auth_token"
    assert cluster["file_mounts"][token] == token
    for kind in ("head", "worker"):
        *_, start = cluster[f"{kind}_start_ray_commands"]
        assert start.startswith("RAY_AUTH_MODE=token ~/hnas_tf/.venv")
        assert "/bin/ray start --" in start
