"""Where a training runs, and in which precision."""

import socket
from types import SimpleNamespace

import pytest
import tensorflow as tf

from hnas_tf.config import DevicesConfig
from hnas_tf.errors import HnasError
from hnas_tf.networks.devices import device_kind
from hnas_tf.training import strategy as strategies
from tests import processes
from tests.training.samples import one_device


def strategy_of(kind):
    """Returns what is asked of a strategy, for devices that are not here."""
    devices = (f"/job:worker/replica:0/task:0/device:{kind.upper()}:0",)
    return SimpleNamespace(extended=SimpleNamespace(worker_devices=devices))


@pytest.fixture
def gpu(monkeypatch):
    """Makes TensorFlow tell of a GPU of a compute capability."""

    def make(capability):
        known = {} if capability is None else {"compute_capability": capability}
        config = tf.config
        monkeypatch.setattr(
            config, "list_physical_devices", lambda kind: [kind]
        )
        monkeypatch.setattr(
            config.experimental, "get_device_details", lambda gpu: known
        )

    return make


@pytest.mark.parametrize(
    ("kind", "capability", "expected"),
    [
        ("cpu", None, "float32"),
        ("tpu", None, "bfloat16"),
        ("gpu", (7, 5), "float32"),
        ("gpu", (8, 0), "bfloat16"),
        ("gpu", (9, 0), "bfloat16"),
        ("gpu", (12, 0), "bfloat16"),
        ("gpu", None, "float32"),
    ],
)
def test_what_auto_means(gpu, kind, capability, expected):
    gpu(capability)
    strategy = strategy_of(kind)
    assert device_kind(strategy) == kind
    assert strategies.resolve_precision("auto", strategy) == expected
    for wanted in ("float32", "bfloat16"):
        assert strategies.resolve_precision(wanted, strategy) == wanted


def test_one_process_alone_writes_and_waits_for_nobody():
    strategy = one_device()
    assert device_kind(strategy) == "cpu"
    assert strategies.is_writer(strategy) and strategies.is_alone(strategy)
    strategies.wait_for_all(strategy)
    with pytest.raises(tf.errors.AbortedError), strategies.together(strategy):
        raise tf.errors.AbortedError(None, None, "for another reason")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('{"cluster', "Unterminated string"),
        ('{"cluster":{"worker":["127.0.0.1:1"]}}', "task_type"),
        (
            '{"cluster":{"worker":["127.0.0.1:1"]},'
            '"task":{"type":"worker","index":3}}',
            "exceeds the maximum id",
        ),
        (
            '{"cluster":{"worker":["127.0.0.1:1"]},'
            '"task":{"type":"boss","index":0}}',
            "boss",
        ),
    ],
)
def test_a_wrong_cluster_is_told(monkeypatch, config, words):
    monkeypatch.setenv("TF_CONFIG", config)
    with pytest.raises(HnasError) as raised:
        strategies.make_strategy(DevicesConfig())
    message = str(raised.value)
    assert message.startswith("Expected in TF_CONFIG the workers of a cluster")
    assert config in message and words in message
    assert "\n" not in message


def test_a_port_that_is_taken_is_told(tmp_path, mark):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        config = (
            f'{{"cluster":{{"worker":["127.0.0.1:{port}","127.0.0.1:1"]}},'
            '"task":{"type":"worker","index":0}}'
        )
        code, _, err = processes.run(
            mark,
            "train",
            f"--workdir={tmp_path / 'workdir'}",
            "--genotype=liu2018",
            TF_CONFIG=config,
        )
    assert code == 1
    assert "error: Expected in TF_CONFIG" in err and "Traceback" not in err
