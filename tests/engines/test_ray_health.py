"""Processes that listen, and no longer."""

import socket

import pytest

from hnas_tf.engines.ray_health import GONE_SECONDS, LOOK_SECONDS, RayHealth
from hnas_tf.errors import HnasError


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class Process:
    """Listens on a port of its own, if it is there."""

    def __init__(self):
        self.start(("127.0.0.1", 0))

    def start(self, address):
        self._socket = socket.create_server(address)
        self.address = self._socket.getsockname()

    def end(self):
        self._socket.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def head():
    process = Process()
    yield process
    process.end()


@pytest.fixture
def health(clock, head):
    with socket.create_server(("127.0.0.1", 0)) as other:
        addresses = {"another": other.getsockname(), "the head": head.address}
        yield RayHealth(addresses, clock)


def look(health, clock):
    """Looks when it is time to."""
    clock.now += LOOK_SECONDS
    return health.look()


def test_all_is_well_while_all_answer(health, clock):
    for _ in range(10):
        assert look(health, clock)


def test_whoever_is_silent_is_waited_for(health, clock, head):
    head.end()
    while clock.now < GONE_SECONDS:
        assert not look(health, clock)
    head.start(head.address)
    assert look(health, clock)
    # Another silence counts anew.
    head.end()
    assert not look(health, clock)


def test_whoever_is_silent_for_long_is_named(health, clock, head):
    head.end()
    assert not look(health, clock)
    clock.now += GONE_SECONDS
    host, port = head.address
    words = f"^Expected an answer from the head at {host}:{port}. Received: no"
    with pytest.raises(HnasError, match=words):
        health.look()


def test_it_is_looked_now_and_then(health, clock, head):
    assert health.look()
    head.end()
    clock.now += LOOK_SECONDS / 2
    assert health.look()
    assert not look(health, clock)


def test_nobody_waits_where_all_is_well(health):
    health.wait()
