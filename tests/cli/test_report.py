"""`hnas_tf.report`, as a person types it."""

import dataclasses

import pytest

from hnas_tf.archive import CONFIG_NAME
from hnas_tf.archive.config_file import write_config
from tests import processes
from tests.reporting.report import searches

# The searches are made up.
pytestmark = pytest.mark.forged


@pytest.fixture
def workdir(tmp_path):
    searches.write(tmp_path / "mine", *searches.events())
    return tmp_path / "mine"


def report(*flags):
    return processes.run(processes.new_mark(), "report", *flags)


def test_a_page_is_written(workdir, tmp_path):
    path = tmp_path / "page.html"
    code, out, err = report(f"--workdir={workdir}", f"--output={path}")
    assert (code, err) == (0, "")
    assert out == f"Written: {path}\n"
    text = path.read_text(encoding="utf-8")
    # The samples were never proposed by an algorithm.
    assert "The search does not repeat:" in text
    assert f"--workdir={workdir}-again" in text


def test_several_searches_make_one_page(workdir, tmp_path):
    other = tmp_path / "other"
    searches.write(other, *searches.events()[:2])
    path = tmp_path / "page.html"
    code, _, err = report(
        f"--workdir={workdir},{other}", f"--output={path}", "--noverify"
    )
    assert (code, err) == (0, "")
    text = path.read_text(encoding="utf-8")
    assert f'"name":"{workdir}"' in text
    assert f'"name":"{other}"' in text
    assert "Not verified for this page." in text


def test_no_code_is_imported_because_a_file_names_it(workdir, tmp_path):
    config = searches.CONFIG
    evolution = dataclasses.replace(config.evolution, algorithm="no.such:Class")
    config = dataclasses.replace(config, evolution=evolution)
    write_config(config, workdir / CONFIG_NAME)
    path = tmp_path / "page.html"
    code, _, err = report(f"--workdir={workdir}", f"--output={path}")
    assert (code, err) == (0, "")
    text = path.read_text(encoding="utf-8")
    assert f"--verify --workdir={workdir} --algorithm=no.such:Class" in text


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ((), "Expected --workdir"),
        (("--workdir=no/such",), "no/such"),
        (("--workdir={},no/such",), "no/such"),
        (("--workdir={}", "--output=/proc/no"), "Expected to write /proc/no"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(workdir, flags, words):
    code, out, err = report(*(flag.format(workdir) for flag in flags))
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert words in err
    assert "Traceback" not in err
