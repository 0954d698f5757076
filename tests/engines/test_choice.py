"""Which engine a configuration gets, and what Ray is told before it loads."""

import importlib.util
from dataclasses import replace

import pytest

from hnas_tf.config import ClusterConfig, SearchConfig
from hnas_tf.engines import LocalEngine, choice, make_engine
from hnas_tf.errors import HnasError


def test_by_default_it_is_the_local_one():
    assert isinstance(make_engine(SearchConfig()), LocalEngine)


def test_without_ray_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    config = replace(SearchConfig(), cluster=ClusterConfig(engine="ray"))
    with pytest.raises(HnasError, match=r"pip install 'hnas_tf\[ray\]'"):
        make_engine(config)


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
