"""A TensorBoard of its own for a test, on the loopback address."""

import contextlib
import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

from playwright.sync_api import expect

from hnas_tf.genotype import live_edges

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
WHOLE = ("--load_fast=false", "--reload_task=blocking", "--reload_interval=0")
"""Flags with which it reads everything before it serves anything."""


@contextlib.contextmanager
def serve(logdir, *flags):
    """Serves a folder in its body, where its address is known."""
    command = [sys.executable, "-m", "tensorboard.main", f"--logdir={logdir}"]
    command += ["--host=127.0.0.1", "--port=0", *flags]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _address(process.stderr)
        finally:
            process.terminate()
            process.communicate()


def last_step(address, *, run, tag):
    """Returns up to where TensorBoard knows a figure; 0 if not at all."""
    query = urllib.parse.urlencode({"run": run, "tag": tag})
    where = f"{address}data/plugin/scalars/scalars?{query}"
    try:
        with urllib.request.urlopen(where) as response:
            *_, (_, step, _) = json.load(response)
    except urllib.error.HTTPError:
        return 0
    return step


def unfold(page, address, genotype):
    """Opens the graph down to a motif of the first cell; all must be there."""
    page.goto(f"{address}#graphs")
    cell = "group1/cell1"
    for name in ("group1", cell):
        _node(page, name).dblclick()
    for edge in live_edges(genotype)[-1][0]:
        name = f"{cell}/edge_{edge.source}_{edge.target}"
        expect(_node(page, name)).to_be_visible()
    _node(page, name).dblclick()
    expect(_node(page, f"{name}/motif{edge.operation}")).to_be_visible()


def _node(page, name):
    return page.locator(f"[data-name='{name}'] .nodecolortarget").first


def _address(lines):
    said = []
    for line in lines:
        said.append(line)
        found = _ADDRESS.search(line)
        if found:
            return found.group()
    raise AssertionError("".join(said))
