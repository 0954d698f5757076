import json
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hnas_tf.cli.repeating import search_command
from hnas_tf.config import (
    DataConfig,
    EvolutionConfig,
    NetworkConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
    WorkersConfig,
)
from hnas_tf.config.document import config_to_document
from hnas_tf.genotype import FLAT, LevelSize, SearchSpace

# In a process of its own: the flags of two programs clash.
_PARSE = """
import json, sys
from hnas_tf.cli import search_flags
from hnas_tf.cli.sections import FLAGS
from hnas_tf.config.document import config_to_document
FLAGS(sys.argv)
print(json.dumps(config_to_document(search_flags.search_config())))
"""

OTHER = SearchConfig(
    data=DataConfig(
        dataset="folder:/a b/'c'", image_size=40, bad_images="refuse"
    ),
    seed=7,
    fitness_metric="balanced_accuracy",
    space=FLAT,
    network=NetworkConfig(kind="imagenet", num_groups=3, optimize_graph=False),
    training=TrainingConfig(
        num_steps=9, flip=False, rungs=(0.25, 0.5), decay_fractions=(0.5,)
    ),
    evolution=EvolutionConfig(
        algorithm="aging", max_activation_bytes=7, max_parameters=5
    ),
    savings=SavingsConfig(early_stop=True, reuse_fitness=False),
    workers=WorkersConfig(threads_per_worker=2, prepare_ahead=True),
)


@pytest.mark.parametrize(
    "config",
    [
        SearchConfig(),
        OTHER,
        replace(
            SearchConfig(),
            space=SearchSpace(
                (LevelSize(3, 3), LevelSize(2, 4), LevelSize(1, 4))
            ),
        ),
    ],
    ids=["default", "other", "space"],
)
def test_the_command_makes_the_configuration(config):
    command = search_command(config, Path("runs/mine"))
    python, dash, module, *flags = shlex.split(command)
    assert (python, dash, module) == ("python", "-m", "hnas_tf.search")
    assert "--workdir=runs/mine-again" in flags
    process = subprocess.run(
        [sys.executable, "-c", _PARSE, *flags],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = json.loads(json.dumps(config_to_document(config)))
    assert json.loads(process.stdout) == expected
