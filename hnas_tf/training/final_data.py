"""The pictures of a final training: on the device, or streamed."""

import dataclasses
from collections.abc import Sequence

import tensorflow as tf

from hnas_tf.config import FinalConfig
from hnas_tf.data import Description, fitted
from hnas_tf.data.dataset import decode, describe, image_size
from hnas_tf.data.pictures import Pictures, Source
from hnas_tf.data.reading import Report
from hnas_tf.data.sources import open_source
from hnas_tf.data.splits import TEST, TRAIN, VALIDATION, pictures_of
from hnas_tf.data.survey import readable, survey
from hnas_tf.errors import InvalidError
from hnas_tf.training.data import EvaluationData, TrainingData
from hnas_tf.training.resident import ResidentData
from hnas_tf.training.streamed import StreamedData

MAX_RESIDENT_BYTES = 2**32
IMAGENET_SIZE = 299


class FinalData:
    """What a final training trains on, shows, and is measured on.

    Attributes:
        description: Of the pictures trained on.
        config: The configuration, with what the dataset decides.
        train: What is trained on.
        validation: What is held out and shown, if anything is.
        measured_on: The split that the result is measured on.
    """

    def __init__(
        self,
        config: FinalConfig,
        strategy: tf.distribute.Strategy,
        *,
        known: Description | None = None,
    ) -> None:
        """Reads the training pictures, or looks at each if they are streamed.

        Args:
            config: Of the training.
            strategy: Where it runs.
            known: What an earlier run of this training found.

        Raises:
            InvalidError: if there is no such dataset, it is not as it should
                be, or there is nothing to measure on.
        """
        self._source = open_source(config.data)
        self._strategy = strategy
        self.config = _with_size(config, self._source)
        self.measured_on = TEST if TEST in self._source.found else VALIDATION
        splits = _splits_to_train_on(config, self.measured_on)
        pictures = pictures_of(self._source, config.data, *splits)
        self._is_resident = fits(pictures, self._source, self.config)
        take = self._take_resident if self._is_resident else self._take_streamed
        self.train, self.description = take(pictures, splits, known)
        self.validation = (
            None if VALIDATION in splits else self.evaluation(VALIDATION)
        )

    def _take_resident(
        self,
        pictures: Pictures,
        splits: Sequence[str],
        known: Description | None,
    ) -> tuple[TrainingData, Description]:
        del known  # All are read anyway.
        source, report = self._source, Report()
        split = decode(pictures, source, self.config.data, report)
        named = {"+".join(splits): split}
        description = describe(source, self.config.data, report, named)
        self._fit(description)
        data = ResidentData(
            split.examples,
            description,
            self._strategy,
            batch_size=self.config.training.batch_size,
        )
        return data, description

    def _take_streamed(
        self,
        pictures: Pictures,
        splits: Sequence[str],
        known: Description | None,
    ) -> tuple[TrainingData, Description]:
        pictures, description = survey(
            pictures, self._source, self.config.data, splits, known
        )
        self._fit(description)
        data = StreamedData(
            pictures, description, self.config.training, self._strategy
        )
        return data, description

    def _fit(self, description: Description) -> None:
        network, training = fitted(
            self.config.network, self.config.training, description
        )
        self.config = dataclasses.replace(
            self.config, network=network, training=training
        )

    def evaluation(self, split: str) -> EvaluationData:
        """Returns a split to evaluate on.

        Raises:
            InvalidError: if pictures in it cannot be read.
        """
        return evaluation_data(
            pictures_of(self._source, self.config.data, split),
            self._source,
            self.config,
            self.description,
            self._strategy,
            report=Report(),
            is_resident=self._is_resident,
        )


def evaluation_data(
    pictures: Pictures,
    source: Source,
    config: FinalConfig,
    description: Description,
    strategy: tf.distribute.Strategy,
    *,
    report: Report,
    is_resident: bool,
) -> EvaluationData:
    """Returns pictures as a network of that description reads them.

    Those that cannot be read are left out, and the report is told.

    Raises:
        InvalidError: if some cannot be read and that is not wanted.
    """
    if is_resident:
        split = decode(pictures, source, config.data, report)
        return ResidentData(
            split.examples,
            description,
            strategy,
            batch_size=config.training.batch_size,
        )
    pictures = readable(pictures, source, config.data, report)
    return StreamedData(pictures, description, config.training, strategy)


def _with_size(config: FinalConfig, source: Source) -> FinalConfig:
    """Returns the configuration with the size that pictures become."""
    is_open = config.data.image_size is None and source.image_size is None
    if not is_open or config.network.kind != "imagenet":
        return config
    data = dataclasses.replace(config.data, image_size=IMAGENET_SIZE)
    return dataclasses.replace(config, data=data)


def _splits_to_train_on(
    config: FinalConfig, measured_on: str
) -> tuple[str, ...]:
    wanted = config.train_on_validation
    if wanted and measured_on == VALIDATION:
        raise InvalidError(
            "Expected a test split to measure on, or --notrain_on_validation. "
            f"Received: {config.data.dataset}, which has none"
        )
    takes_all = measured_on == TEST if wanted is None else wanted
    return (TRAIN, VALIDATION) if takes_all else (TRAIN,)


def fits(pictures: Pictures, source: Source, config: FinalConfig) -> bool:
    """Returns whether pictures are seen whole and, decoded, fit a device."""
    height, width = image_size(source, config.data)
    size = len(pictures.names) * height * width * source.image_channels
    return config.training.augmentation == "crop" and size <= MAX_RESIDENT_BYTES
