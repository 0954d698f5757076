"""The configuration of a search as a file, and how two of them differ."""

import copy
import dataclasses
import json

import pytest

from hnas_tf.archive.config_file import differences, read_config, write_config
from hnas_tf.config import (
    ClusterConfig,
    DataConfig,
    DevicesConfig,
    EvolutionConfig,
    NetworkConfig,
    SavingsConfig,
    SearchConfig,
    TrainingConfig,
    WorkersConfig,
)
from hnas_tf.errors import ArchiveError
from hnas_tf.evolution.initialization import trivial_genotype
from hnas_tf.genotype import LevelSize, SearchSpace

SPACE = SearchSpace((LevelSize(3, 3), LevelSize(2, 4), LevelSize(1, 4)))
OTHER = SearchConfig(
    data=DataConfig(
        dataset="npz:pictures.npz",
        data_dir="/data",
        manual_dir="/archives",
        image_size=48,
        validation_fraction=0.1,
        split_seed=3,
        bad_images="refuse",
        prepared_dir="/prepared",
        fingerprint="abc",
    ),
    evaluator="my.module:make",
    fitness_metric="balanced_accuracy",
    seed=7,
    space=SPACE,
    given_genotypes=(trivial_genotype(SPACE),),
    network=NetworkConfig(
        kind="imagenet",
        num_channels=8,
        cells_per_group=2,
        num_groups=2,
        num_classes=100,
        image_channels=1,
        motif_width="input",
        batch_norm_momentum=0.99,
        batch_norm_statistics="per_replica",
        optimize_graph=False,
    ),
    training=TrainingConfig(
        batch_size=32,
        num_steps=70,
        learning_rate=0.3,
        decay_fractions=(0.5, 0.75, 0.9),
        momentum=0.0,
        weight_decay=1e-7,
        num_repeats=1,
        augmentation="resized_crop",
        crop_size=28,
        min_area_fraction=0.5,
        color=True,
        precision="bfloat16",
        padding=4,
        flip=False,
        rungs=(0.1, 1 / 3),
    ),
    evolution=EvolutionConfig(
        algorithm="aging",
        initial_genotypes=("trivial.json",),
        num_evaluations=12,
        initial_population=3,
        num_initial_mutations=0,
        tournament_fraction=0.1,
        population_size=7,
        pareto_cost="multiply_adds",
        max_parameters=10**6,
        max_multiply_adds=10**9,
        max_activation_bytes=None,
    ),
    savings=SavingsConfig(
        reuse_fitness=False,
        early_stop=True,
        early_stop_fraction=0.25,
        adaptive_repeats=True,
    ),
    workers=WorkersConfig(
        num_workers=2,
        devices_per_candidate=4,
        workers_per_device=1,
        threads_per_worker=3,
        candidate_timeout_seconds=1.5,
        recycle_worker_after=2,
        max_attempts=1,
        max_failures_in_a_row=2,
        deadline_seconds=60.0,
        prepare_ahead=True,
    ),
    devices=DevicesConfig(tpu="local", tpu_zone="there", gcp_project="mine"),
    cluster=ClusterConfig(
        engine="ray",
        ray_address="auto",
        cpus_per_worker=2.0,
        gpus_per_worker=0.5,
        tpu_chips_per_worker=4,
    ),
)


def leaves(config, prefix=""):
    """Yields the dotted name and the value of every attribute."""
    for field in dataclasses.fields(config):
        value = getattr(config, field.name)
        if dataclasses.is_dataclass(value) and field.name != "space":
            yield from leaves(value, f"{prefix}{field.name}.")
        else:
            yield f"{prefix}{field.name}", value


def with_leaf(config, name, value):
    first, _, rest = name.partition(".")
    if rest:
        value = with_leaf(getattr(config, first), rest, value)
    return dataclasses.replace(config, **{first: value})


def test_the_other_configuration_differs_everywhere_from_the_default():
    default = dict(leaves(SearchConfig()))
    same = {n for n, v in leaves(OTHER) if default[n] == v}
    # It cannot, beside several devices a candidate.
    assert same == {"workers.workers_per_device"}


@pytest.mark.parametrize("config", [SearchConfig(), OTHER])
def test_a_configuration_comes_back_from_its_file(tmp_path, config):
    write_config(config, tmp_path / "config.json")
    assert read_config(tmp_path / "config.json") == config


def test_a_file_has_a_version_and_can_be_read_by_a_person(tmp_path):
    path = tmp_path / "config.json"
    write_config(OTHER, path)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text)["version"] == 2
    assert '\n      "dataset": "npz:pictures.npz",\n' in text


def test_a_search_of_before_there_was_an_attribute_goes_on(tmp_path):
    path = tmp_path / "config.json"
    write_config(SearchConfig(), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    del document["search"]["workers"]["prepare_ahead"]
    path.write_text(json.dumps(document), encoding="utf-8")
    there = read_config(path)
    assert there.workers.prepare_ahead is None
    assert differences(there, SearchConfig()) == []
    ahead = SearchConfig(workers=WorkersConfig(prepare_ahead=True))
    assert differences(there, ahead) == [
        "workers.prepare_ahead: None there, True now"
    ]


FREE = {
    "cluster.engine",
    "cluster.ray_address",
    "cluster.cpus_per_worker",
    "cluster.gpus_per_worker",
    "cluster.tpu_chips_per_worker",
    "data.data_dir",
    "data.manual_dir",
    "data.prepared_dir",
    "devices.tpu",
    "devices.tpu_zone",
    "devices.gcp_project",
    "workers.workers_per_device",
    "workers.num_workers",
    "workers.candidate_timeout_seconds",
    "workers.recycle_worker_after",
    "workers.max_attempts",
    "workers.max_failures_in_a_row",
    "workers.deadline_seconds",
}


@pytest.mark.parametrize("name", [name for name, _ in leaves(OTHER)])
def test_what_decides_a_fitness_or_a_proposal_may_not_differ(name):
    # What another attribute must be, for this one to be as in the other.
    needed = {"given_genotypes": "space", "savings.early_stop": "training"}
    first = SearchConfig()
    if also := needed.get(name):
        first = with_leaf(first, also, getattr(OTHER, also))
    other = with_leaf(first, name, dict(leaves(OTHER))[name])
    different = differences(first, other)
    if name in FREE:
        assert different == []
    else:
        (line,) = different
        assert line.startswith(f"{name}: ")
        assert line.endswith(" now")


def test_a_search_of_before_graphs_were_optimized_was_plain(tmp_path):
    path = tmp_path / "config.json"
    write_config(SearchConfig(), path)
    document = json.loads(path.read_text())
    del document["search"]["network"]["optimize_graph"]
    path.write_text(json.dumps(document))
    plain = NetworkConfig(optimize_graph=False)
    assert read_config(path) == SearchConfig(network=plain)
    assert differences(read_config(path), SearchConfig()) == [
        "network.optimize_graph: False there, True now"
    ]


def test_a_search_of_before_fitnesses_were_reused_trained_everyone(tmp_path):
    path = tmp_path / "config.json"
    write_config(SearchConfig(), path)
    document = json.loads(path.read_text())
    del document["search"]["savings"]
    del document["search"]["given_genotypes"]
    del document["search"]["evolution"]["initial_genotypes"]
    path.write_text(json.dumps(document))
    every = SearchConfig(savings=SavingsConfig(reuse_fitness=False))
    assert read_config(path) == every
    assert differences(read_config(path), SearchConfig()) == [
        "savings.reuse_fitness: False there, True now"
    ]


def test_a_difference_is_never_longer_than_a_person_reads():
    many = dataclasses.replace(
        OTHER, given_genotypes=OTHER.given_genotypes * 50
    )
    (line,) = differences(OTHER, many)
    assert len(line) < 300


def test_a_search_may_grow_but_not_shrink():
    def config(number):
        return SearchConfig(evolution=EvolutionConfig(num_evaluations=number))

    assert differences(config(10), config(11)) == []
    assert differences(config(11), config(10)) == [
        "evolution.num_evaluations: 11 there, 10 now"
    ]


def refusal(path):
    with pytest.raises(ArchiveError) as caught:
        read_config(path)
    assert str(path) in str(caught.value)
    assert "Received: " in str(caught.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    refusal(tmp_path / "none.json")
    refusal(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe{}",
        b"{",
        b"null",
        b"[]",
        b"3",
        b'"version"',
        b"{}",
        b'{"version": 1, "search": {}}',
        b'{"version": 3, "search": {}}',
        b'{"version": 2}',
        b'{"version": 2, "search": {}}',
        b'{"version": 2, "search": []}',
        b'{"version": 2, "search": null}',
        b"[" * 100_000,
        b'{"version": 2, "search": ' + b"[" * 100_000,
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path, content):
    path = tmp_path / "config.json"
    path.write_bytes(content)
    refusal(path)


def damaged_documents(path):
    """Yields the file's document with one value missing or replaced."""
    write_config(OTHER, path)
    sound = json.loads(path.read_text(encoding="utf-8"))
    search = sound["search"]
    sections = [s for s in search if isinstance(search[s], dict)]
    places = [(key,) for key in search]
    places += [(s, key) for s in sections for key in search[s]]
    for place in places:
        for value in (None, True, -1, "x", [], [[]], {}, {"x": 1}, "remove"):
            document = copy.deepcopy(sound)
            parent = document["search"]
            for key in place[:-1]:
                parent = parent[key]
            if value == "remove":
                del parent[place[-1]]
            else:
                parent[place[-1]] = value
            yield document


def test_a_file_with_any_one_value_damaged_is_refused_or_read(tmp_path):
    path = tmp_path / "config.json"
    for document in damaged_documents(path):
        path.write_text(json.dumps(document), encoding="utf-8")
        try:
            config = read_config(path)
        except ArchiveError:
            continue
        assert isinstance(config, SearchConfig)
        assert differences(OTHER, config) is not None
