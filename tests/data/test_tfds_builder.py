"""What a person reads where a dataset cannot be had."""

import socket
import threading

import pytest
import requests
import tensorflow_datasets as tfds
from tensorflow_datasets.core.download import downloader

from hnas_tf.config import DataConfig
from hnas_tf.data.tfds import open_tfds
from hnas_tf.errors import InvalidError


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """The servers that were looked for, in vain."""
    hosts = []

    def no_network(host, *_, **__):
        hosts.append(host)
        raise socket.gaierror(socket.EAI_AGAIN, "No network")

    monkeypatch.setattr("socket.getaddrinfo", no_network)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return hosts


def complaint(tmp_path, name, **config):
    """Returns what a person reads, and what it was raised from."""
    with pytest.raises(InvalidError) as caught:
        open_tfds(name, DataConfig(data_dir=str(tmp_path), **config))
    assert "\n" not in str(caught.value)
    return str(caught.value), caught.value.__cause__


def test_without_a_network_the_archive_and_its_place_are_named(tmp_path, asked):
    text, cause = complaint(tmp_path, "cifar10", manual_dir="/archives")
    assert text.startswith(
        f"Expected cifar10 prepared in {tmp_path}/cifar10/3.0.2 (of "
        "--data_dir), or a network to download it, or cifar-10-binary.tar.gz "
        "in --manual_dir=/archives. Received: HTTPSConnectionPool"
    )
    assert isinstance(cause, OSError)
    assert set(asked) == {"www.cs.toronto.edu"}
    assert len(asked) < 5


def test_without_manual_dir_the_usual_place_is_named(tmp_path):
    text, _ = complaint(tmp_path, "cifar10")
    assert f"in --manual_dir={tmp_path}/downloads/manual." in text


def test_many_archives_are_counted_and_no_download_waits_long(
    tmp_path, monkeypatch
):
    all_asked = threading.Barrier(4)
    timeouts = []

    def get(_session, url, *, timeout, **_):
        timeouts.append(timeout)
        # Or the next test would see who is late.
        all_asked.wait(timeout=60)
        raise requests.exceptions.ConnectTimeout(url)

    monkeypatch.setattr(requests.Session, "get", get)
    text, _ = complaint(tmp_path, "mnist")
    assert text.count("-ubyte.gz and ") == 3
    assert timeouts == [30] * 4
    assert downloader.MAX_RETRIES == 2


def test_imagenet_without_archives_names_both(tmp_path, asked):
    text, _ = complaint(tmp_path, "imagenet2012", manual_dir=str(tmp_path))
    assert text == (
        f"Expected imagenet2012 prepared in {tmp_path}/imagenet2012/5.1.0 (of "
        "--data_dir), or ILSVRC2012_img_train.tar and ILSVRC2012_img_val.tar "
        f"in --manual_dir={tmp_path}. Received: no ILSVRC2012_img_train.tar"
    )
    assert not asked


def test_a_manual_dataset_without_named_archives_tells_its_instructions(
    tmp_path, asked
):
    text, cause = complaint(tmp_path, "resisc45", manual_dir=str(tmp_path))
    assert 'what it asks for ("Dataset can be downloaded from OneDrive' in text
    assert isinstance(cause, Exception)
    assert not asked


def test_an_unknown_name_gets_close_ones(tmp_path, asked):
    text, cause = complaint(tmp_path, "cifar_10")
    assert "(cifar10 or " in text
    assert text.endswith(f"--data_dir={tmp_path}. Received: cifar_10")
    assert isinstance(cause, tfds.core.DatasetNotFoundError)
    assert "(" not in complaint(tmp_path, "q")[0]
    assert not asked


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cifar10:9.9.9", "only: 3.0.2"),
        ("imagenet_resized/7x7", "BuilderConfig 7x7 not found"),
        ("cifar10/colour=3", "unexpected keyword argument 'colour'"),
        ("no name!", "Parsing builder name string no name! failed."),
        ("", "Parsing builder name string failed."),
    ],
)
def test_a_name_that_does_not_fit_is_told(tmp_path, name, words):
    text, cause = complaint(tmp_path, name)
    assert words in text
    assert isinstance(cause, Exception)
