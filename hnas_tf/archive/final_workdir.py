"""What lies in the workdir of a final training."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from hnas_tf.archive.config_file import (
    CONFIG_NAME,
    document_differences,
    read_document,
    write_document,
)
from hnas_tf.archive.workdir import make_local_dir
from hnas_tf.config import FinalConfig
from hnas_tf.errors import ArchiveError
from hnas_tf.genotype import Genotype, genotype_to_json, save_genotype
from hnas_tf.plan import make_plan

GENOTYPE_NAME = "genotype.json"
RESULT_NAME = "result.json"


def open_final(
    workdir: str | Path, genotype: Genotype, config: FinalConfig
) -> dict[str, Any] | None:
    """Prepares the folder; returns the result, if one is there already.

    Raises:
        GenotypeError: if the genotype cannot be assembled.
        ArchiveError: if the folder cannot be used, or holds something else;
            says what differs.
    """
    make_plan(genotype, config.network)  # Or it claims the folder in vain.
    path = make_local_dir(workdir)
    document = {
        "train": dataclasses.asdict(config),
        "genotype": json.loads(genotype_to_json(genotype))["motifs"],
    }
    if (path / CONFIG_NAME).exists():
        there = read_document(path / CONFIG_NAME)
        different = document_differences(there, document)
        if different:
            raise ArchiveError(
                f"Expected the training in {path}, or another workdir. "
                f"Received: {'; '.join(different)}"
            )
        if (path / RESULT_NAME).exists():
            return read_document(path / RESULT_NAME)
    save_genotype(genotype, path / GENOTYPE_NAME)
    write_document(document, path / CONFIG_NAME)
    return None


def write_result(workdir: str | Path, result: dict[str, Any]) -> None:
    """Writes the result; the file appears whole or not at all."""
    write_document(result, Path(workdir) / RESULT_NAME)
