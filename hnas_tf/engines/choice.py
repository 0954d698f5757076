"""The engine that a configuration asks for."""

import dataclasses
import importlib.util
import os
from pathlib import Path

from hnas_tf.config import RAY, ClusterConfig, SearchConfig
from hnas_tf.engines.engine import Engine
from hnas_tf.engines.local import local_engine
from hnas_tf.errors import HnasError, require

_TOKEN = Path("~/.ray/auth_token")
_OF_THIS_MACHINE = ("devices_per_candidate", "workers_per_device")


def require_own_flags(config: SearchConfig) -> None:
    """Checks that nothing was set that is another engine's.

    It would change nothing, and nobody would be told.

    Raises:
        InvalidError: if something was; says what.
    """
    if config.cluster.engine == RAY:
        for name in _OF_THIS_MACHINE:
            value = getattr(config.workers, name)
            rule = "be 1 with engine=ray, which reserves what a worker has"
            require(value == 1, name, rule, value)
        return
    for field in dataclasses.fields(ClusterConfig):
        value = getattr(config.cluster, field.name)
        is_free = field.name == "engine" or value == field.default
        require(is_free, field.name, "be left out without engine=ray", value)


def make_engine(config: SearchConfig) -> Engine:
    """Returns the engine that a configuration asks for.

    Raises:
        HnasError: if it is Ray's, and Ray is not installed.
    """
    if config.cluster.engine != RAY:
        return local_engine(config)
    if importlib.util.find_spec("ray") is None:
        raise HnasError(
            "Expected Ray for engine=ray; install it with pip install "
            "'hnas_tf[ray]'. Received: a Python without it"
        )
    os.environ |= _environment(config.cluster.ray_address)
    from hnas_tf.engines.ray_engine import ray_engine

    return ray_engine(config)


def _environment(address: str) -> dict[str, str]:
    """Returns what Ray reads when it is imported."""
    if not address:
        # It listens on the loopback address alone.
        return {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
    # `ray start` asks for the token of this file, where there is one.
    has_token = _TOKEN.expanduser().exists()
    mode = os.environ.get("RAY_AUTH_MODE", "token" if has_token else None)
    return {"RAY_AUTH_MODE": mode} if mode else {}
