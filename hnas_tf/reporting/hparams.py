"""Candidates as trials of TensorBoard's HParams."""

from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams import api_pb2, metadata
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.plugins.hparams.summary_v2 import Metric, hparams_pb

from hnas_tf.config import NetworkConfig
from hnas_tf.evolution import Individual
from hnas_tf.genotype import PRIMITIVES, Genotype
from hnas_tf.plan import make_plan
from hnas_tf.reporting import traits

FITNESS = "fitness/of_candidates"
FITNESS_STD = "fitness/std_of_candidates"
SECONDS = "workers/seconds_of_candidates"

_METRICS = {FITNESS: "fitness", FITNESS_STD: "fitness_std", SECONDS: "seconds"}
_WORDS = {
    "representation": traits.REPRESENTATIONS,
    "last_mutation": traits.ORIGINS,
}
# By name, as TensorBoard orders them: it shows the first five at once.
_NUMBERS = ("depth", "live_edges", "multiply_adds", "parameters")
_FRACTIONS = {name: f"primitive_fraction/{name}" for name in PRIMITIVES}


def experiment() -> Summary:
    """Returns what the run of a search says of all its trials."""
    words = [
        api_pb2.HParamInfo(name=name, type=api_pb2.DATA_TYPE_STRING)
        for name in _WORDS
    ]
    for info in words:
        info.domain_discrete.extend(_WORDS[info.name])
    # No interval: how large they are is not known beforehand.
    numbers = [
        api_pb2.HParamInfo(name=name, type=api_pb2.DATA_TYPE_FLOAT64)
        for name in (*_NUMBERS, *_FRACTIONS.values())
    ]
    metrics = [
        Metric(tag, display_name=name).as_proto()
        for tag, name in _METRICS.items()
    ]
    data = HParamsPluginData(
        experiment=api_pb2.Experiment(
            hparam_infos=words + numbers, metric_infos=metrics
        )
    )
    value = Summary.Value(
        tag=metadata.EXPERIMENT_TAG,
        metadata=metadata.create_summary_metadata(data),
        tensor=metadata.NULL_TENSOR,
    )
    return Summary(value=[value])


def trial(
    individual: Individual,
    parent: Genotype | None,
    network: NetworkConfig,
    *,
    time: float,
) -> Summary:
    """Returns what a candidate's run says of its hyperparameters.

    Args:
        individual: The candidate.
        parent: The genotype of its parent, if it has one.
        network: What its cells are put into.
        time: Of its first event, in seconds since the epoch.
    """
    genotype = individual.genotype
    fractions = traits.primitive_fractions(genotype)
    values = {
        "representation": traits.representation(genotype),
        "last_mutation": traits.origin(individual, parent),
        "depth": traits.depth(make_plan(genotype, network)),
        "live_edges": traits.num_live_edges(genotype),
        "multiply_adds": individual.cost.multiply_adds,
        "parameters": individual.cost.parameters,
        **{_FRACTIONS[name]: part for name, part in fractions.items()},
    }
    return hparams_pb(
        values,
        trial_id=f"individual {individual.number}",
        start_time_secs=time,
    )
