"""Which engine a configuration gets, and what Ray is told before it loads."""

import importlib.util
from dataclasses import replace

import pytest

from hnas_tf.config import ClusterConfig, SearchConfig, WorkersConfig
from hnas_tf.engines import (
    LocalEngine,
    choice,
    make_engine,
    require_own_flags,
)
from hnas_tf.errors import HnasError, InvalidError


def test_by_default_it_is_the_local_one():
    assert isinstance(make_engine(SearchConfig()), LocalEngine)


def test_without_ray_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    config = replace(SearchConfig(), cluster=ClusterConfig(engine="ray"))
    with pytest.raises(HnasError, match=r"pip install 'hnas_tf\[ray\]'"):
        make_engine(config)


@pytest.mark.parametrize(
    "cluster",
    [
        {"ray_address": "auto"},
        {"cpus_per_worker": 2.0},
        {"gpus_per_worker": 1.0},
        {"tpu_chips_per_worker": 1},
    ],
)
def test_what_is_rays_is_refused_without_it(cluster):
    (name,) = cluster
    config = replace(SearchConfig(), cluster=ClusterConfig(**cluster))
    with pytest.raises(InvalidError, match=f"`{name}` must be left out"):
        require_own_flags(config)
    on_ray = replace(config.cluster, engine="ray")
    require_own_flags(replace(config, cluster=on_ray))


@pytest.mark.parametrize(
    "name", ["devices_per_candidate", "workers_per_device"]
)
def test_what_is_this_machines_is_refused_on_ray(name):
    config = replace(SearchConfig(), workers=WorkersConfig(**{name: 2}))
    require_own_flags(config)
    with pytest.raises(InvalidError, match=f"`{name}` must be 1 with engine"):
        require_own_flags(replace(config, cluster=ClusterConfig(engine="ray")))


def test_alone_it_listens_on_the_loopback_address():
    found = choice._environment("")
    assert found == {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}


def test_a_cluster_is_shown_the_token_that_there_is(tmp_path, monkeypatch):
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    monkeypatch.setattr(choice, "_TOKEN", tmp_path / "token")
    assert choice._environment("auto") == {}
    (tmp_path / "token").write_text("0")
    assert choice._environment("auto") == {"RAY_AUTH_MODE": "token"}
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    assert choice._environment("auto") == {"RAY_AUTH_MODE": "disabled"}
