"""The pictures of a search, prepared by a first child."""

import dataclasses
from pathlib import Path

from hnas_tf.archive import DATA_DIR, check_same_search
from hnas_tf.config import SearchConfig
from hnas_tf.data import Description, fitted
from hnas_tf.data.description import description_from_document
from hnas_tf.engines.errand import run_errand

PREPARE = "hnas_tf.data.prepared:prepare"


def with_pictures(
    config: SearchConfig, workdir: Path
) -> tuple[SearchConfig, Description]:
    """Returns the configuration with what its dataset decides.

    The pictures are decoded and resized into the workdir, unless they are
    there already.

    Raises:
        HnasError: if the workdir holds another search, there is no such
            dataset, pictures cannot be read, or they do not fit the training.
    """
    check_same_search(workdir, config, before_data=True)
    data = dataclasses.replace(
        config.data, prepared_dir=str(workdir / DATA_DIR)
    )
    document = run_errand(PREPARE, dataclasses.asdict(data))
    description = description_from_document(document)
    network, training = fitted(config.network, config.training, description)
    data = dataclasses.replace(data, fingerprint=description.fingerprint)
    whole = dataclasses.replace(
        config, data=data, network=network, training=training
    )
    return whole, description
