"""From a trained network to a version that a server picks up."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hnas_tf import files
from hnas_tf.config import DataConfig, ExportConfig
from hnas_tf.data.pictures import Source
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import TRAIN
from hnas_tf.genotype import genotype_to_json
from hnas_tf.plan import plan_cost
from hnas_tf.serving import litert, pages
from hnas_tf.serving.export_dir import (
    new_version,
    open_export_dir,
    require_not_served,
)
from hnas_tf.serving.names import DOCUMENT_NAME
from hnas_tf.serving.network import FoldedNetwork, fold
from hnas_tf.serving.samples import (
    read_images,
    read_samples,
    splits_to_verify_on,
)
from hnas_tf.serving.served import NUM_KEPT, write_served
from hnas_tf.training.trained import Trained
from hnas_tf.training.versions import versions
from hnas_tf.training.workdir import FinalWorkdir

VERSION = 1

Document = dict[str, Any]


def export_trained(
    trained: Trained, data: DataConfig, export_dir: Path, config: ExportConfig
) -> Document:
    """Writes a version of a network, verified before it appears.

    Args:
        trained: The network, in float32.
        data: The pictures that it is verified on.
        export_dir: The folder of all versions.
        config: Of the export.

    Returns:
        What `hnas_tf.json` says.

    Raises:
        InvalidError: if there are no such pictures.
        HnasError: if the export cannot be loaded, or says something else than
            the trained network; if LiteRT is wanted and not installed, or is
            alone wanted where a server looks for versions.
        ArchiveError: if the folder cannot be written.
    """
    if "tflite" in config.formats:
        litert.require_litert()
    source = open_source(data, needs_train=False)
    samples = [
        read_samples(
            trained, source, data, split=split, number=config.num_pictures
        )
        for split in splits_to_verify_on(source)
    ]
    network = fold(trained)
    with open_export_dir(export_dir):
        if "savedmodel" not in config.formats:
            require_not_served(export_dir)
        with new_version(export_dir) as (folder, version):
            document = _describe(trained, network, config, version)
            document["verified_on"] = samples[0].split
            if "savedmodel" in config.formats:
                document |= write_served(network, folder, samples, config)
            if "tflite" in config.formats:
                document["litert"] = litert.write_models(
                    network,
                    folder,
                    samples[-1],
                    calibration=_calibration(
                        trained, source, data, samples[0].split
                    ),
                    tolerance=config.tolerance,
                )
            text = json.dumps(document, indent=2) + "\n"
            files.write_text(folder / DOCUMENT_NAME, text)
        kept = samples[0].answers.some(NUM_KEPT)
        pages.write_pages(export_dir, document, kept)
    return document


def _calibration(
    trained: Trained, source: Source, data: DataConfig, otherwise: str
) -> NDArray[np.uint8]:
    """Returns training pictures, as an evaluation sees them."""
    return read_images(
        trained,
        source,
        data,
        split=TRAIN if TRAIN in source.found else otherwise,
        number=litert.NUM_CALIBRATION_PICTURES,
    )


def _describe(
    trained: Trained,
    network: FoldedNetwork,
    config: ExportConfig,
    version: int,
) -> Document:
    """Returns what is known of a network before it is exported."""
    description = trained.description
    cost = plan_cost(network.plan, image_size=description.image_size)
    result = FinalWorkdir(trained.workdir.rstrip("/")).result() or {}
    return {
        "version": VERSION,
        "model_name": config.model_name,
        "model_version": version,
        "genotype": json.loads(genotype_to_json(trained.genotype)),
        "network": dataclasses.asdict(trained.config.network),
        "parameters": cost.parameters,
        "multiply_adds": cost.multiply_adds,
        "weights_bytes": network.num_bytes,
        "image_size": description.image_size,
        "image_channels": description.image_channels,
        "image_dtype": config.image_dtype,
        "class_names": description.class_names,
        "dataset": description.name,
        "fingerprint": description.fingerprint,
        "workdir": trained.workdir,
        "repeat": trained.repeat,
        "measured_on": result.get("measured_on"),
        "accuracy": _of_repeat(result, trained.repeat),
        "trained_with": result.get("versions"),
        "exported_with": versions(),
    }


def _of_repeat(result: Document, repeat: int) -> float | None:
    """Returns the accuracy of a repeat, once all are measured."""
    measured = result.get("accuracy_of_repeats", ())[repeat - 1 : repeat]
    return float(*measured) if measured else None
