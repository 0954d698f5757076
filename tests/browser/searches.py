"""A real search of the digits, whose folder and failure are full of markup."""

import dataclasses

from hnas_tf.archive import CONFIG_NAME, open_search, read_config
from hnas_tf.events import OTHER_ERROR, Failed
from hnas_tf.evolve import evolve, verify
from hnas_tf.reporting import TensorBoard
from tests import processes
from tests.toy_engine import ToyEngine

MARKUP = "<img src=x onerror=alert(1)>``` `code` *&amp;*"
"""What would open a dialog if it came to life; a name for a folder, too."""

FAILURE = f"</pre><script>alert(1)</script>\n```\n{MARKUP}"

FLAGS = (
    *("--num_channels=4", "--num_groups=2", "--cells_per_group=1"),
    *("--crop_size=8", "--padding=1", "--noflip", "--rungs=0.5"),
    *("--num_steps=40", "--batch_size=32", "--num_repeats=2"),
    *("--num_initial_mutations=40", "--initial_population=3"),
    *("--num_evaluations=5", "--num_workers=2", "--noreuse_fitness"),
)


def of_digits(folder):
    """Returns the workdir of a search: five candidates, and one that failed."""
    workdir = folder / MARKUP
    code, _, err = processes.run(
        processes.new_mark(), "search", f"--workdir={workdir}", *FLAGS
    )
    assert code == 0, err
    _let_one_fail(workdir)
    return workdir


def _let_one_fail(workdir):
    """Goes on with the search, by one individual that a toy lets fail."""
    config = read_config(workdir / CONFIG_NAME)
    number = config.evolution.num_evaluations + 1
    evolution = dataclasses.replace(config.evolution, num_evaluations=number)
    config = dataclasses.replace(config, evolution=evolution)
    outcome = [Failed(number, 1, OTHER_ERROR, FAILURE)]
    command = f"python -m hnas_tf.search --workdir='{workdir}'"
    with open_search(workdir, config) as archive:
        evolve(
            config,
            archive=archive,
            engine=ToyEngine(
                outcomes={(number, 1): outcome}, facts=archive.facts()
            ),
            watchers=[TensorBoard(workdir, command=command)],
        )
        assert verify(config, archive).problems == []
