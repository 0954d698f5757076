"""What the preflight says of a network and of a search."""

import dataclasses

import pytest

from hnas_tf import load_genotype
from hnas_tf.config import (
    DataConfig,
    EvolutionConfig,
    FinalConfig,
    NetworkConfig,
    PreflightConfig,
    SearchConfig,
    TrainingConfig,
)
from hnas_tf.errors import InvalidError
from hnas_tf.tpu import answers
from hnas_tf.tpu.job import TRAINING
from hnas_tf.tpu.verdict import OUT_OF_MEMORY, Compiled, Memory, Refused

MIB = 2**20
CIFAR = DataConfig(dataset="tfds:cifar10")
FINAL = FinalConfig(
    data=CIFAR, training=TrainingConfig(num_steps=3_600, num_repeats=1)
)
COMPILED = Compiled(
    *(Memory(2 * MIB, MIB, 4 * MIB, MIB), 197e9, 1638e9, 6e9),
    *(1.0, 21.5),
)
REFUSED = Refused(OUT_OF_MEMORY, "Used 20G of 15G hbm.", ("stem.conv",))


@pytest.fixture
def asked(monkeypatch):
    """The jobs that were compiled, and the verdicts by step."""
    jobs, verdicts = [], {}

    def verdict_of(job, *, timeout_seconds):
        jobs.append(job)
        return verdicts.get(job.step, COMPILED)

    monkeypatch.setattr(answers, "verdict_of", verdict_of)
    return jobs, verdicts


def of_liu2018(config=FINAL, **question):
    return answers.of_network(
        load_genotype("liu2018"), config, PreflightConfig(**question)
    )


def rows(text):
    """Returns the cells of the table by the title of the row."""
    lines = [line.rstrip() for line in text.splitlines()]
    return {line[:24].strip(): line[24:].split() for line in lines}


def test_both_programs_are_compiled(asked):
    jobs, _ = asked
    answer = of_liu2018()
    assert answer.is_well
    assert [job.step for job in jobs] == ["training", "evaluation"]
    assert {job.pictures.num_resident for job in jobs} == {60_000 - 10_000}


def test_a_person_reads_memory_time_and_their_bounds(asked):
    text = of_liu2018().text
    for words in (
        "v5e: 15.75 GiB, 197 TFLOP/s and 819 GB/s",
        "2,000.00 ms (memory)",
        "4,000.00 ms",  # 6 billion cycles of 1.5 GHz.
        "64, at most 128",  # Images a second: 256 in 4 seconds, or in 2.
        "8.0",  # MiB, all together.
        "21.5",
        "All 1 x 3,600 steps: lower bound 2.00 hours; the compiler expects "
        "4.00 hours.",
    ):
        assert words in text
    assert "exchange" not in text


def test_a_training_has_its_price(asked):
    answer = of_liu2018(num_chips=4, price_per_chip_hour=2.0)
    hours = answer.document["hours"]
    for name in ("lower_bound", "expected"):
        price = answer.document["price"][name]
        assert price == pytest.approx(4 * 2.0 * hours[name])
        assert f"{hours[name]:,.2f} hours, price {price:,.2f}" in answer.text
    assert of_liu2018().document["price"]["expected"] is None


def test_chips_share_a_batch(asked):
    jobs, _ = asked
    answer = of_liu2018(num_chips=8)
    assert jobs[0].batch_size == 32
    assert "exchange of gradients" in answer.text
    assert answer.document["training"]["lower_bound"]["exchange_seconds"] > 0


def test_a_chip_of_two_cores_is_two_devices(asked):
    jobs, _ = asked
    answer = of_liu2018(tpu_type="v3")
    assert (jobs[0].batch_size, jobs[0].num_devices) == (128, 2)
    assert "is the program of one device of 2." in answer.text


def test_a_batch_that_cannot_be_shared_is_refused(asked):
    with pytest.raises(InvalidError, match="multiple of 7"):
        of_liu2018(num_chips=7)


@pytest.mark.parametrize(
    ("counts", "takes", "number"),
    [
        ({"train": 100, "test": 20}, None, 100),
        ({"train": 100, "test": 20}, False, 80),
        ({"train": 100, "validation": 30, "test": 20}, None, 130),
        ({"train": 100, "validation": 30, "test": 20}, False, 100),
        ({"train": 100, "validation": 30}, None, 100),
        ({"train": 100}, None, 80),
    ],
)
def test_pictures_are_those_that_a_training_takes(
    asked, monkeypatch, counts, takes, number
):
    jobs, _ = asked
    known = answers.described(CIFAR, "cifar")
    monkeypatch.setattr(
        answers,
        "described",
        lambda *_: dataclasses.replace(known, num_examples=counts),
    )
    of_liu2018(dataclasses.replace(FINAL, train_on_validation=takes))
    assert jobs[0].pictures.num_resident == number


def test_a_program_that_no_memory_is_left_for_is_refused(asked):
    _, verdicts = asked
    memory = Memory(2**34, 0, 2**20, 2**20)
    verdicts[TRAINING] = dataclasses.replace(COMPILED, memory=memory)
    answer = of_liu2018()
    assert not answer.is_well
    for words in (
        OUT_OF_MEMORY,
        "16.00 GiB of 15.75 GiB are needed",
        "arguments 16.00 GiB, outputs 0.00 GiB, temporaries 0.00 GiB",
    ):
        assert words in answer.text


def test_what_does_not_fit_is_said_with_where(asked):
    _, verdicts = asked
    verdicts[TRAINING] = REFUSED
    answer = of_liu2018()
    assert not answer.is_well
    assert OUT_OF_MEMORY in answer.text
    assert "At stem.conv." in answer.text
    assert "Used 20G of 15G hbm." in answer.text
    assert answer.document["training"]["lower_bound"] is None


def test_large_pictures_are_streamed(asked):
    jobs, _ = asked
    training = dataclasses.replace(
        FINAL.training, augmentation="resized_crop", crop_size=0
    )
    config = dataclasses.replace(
        FINAL,
        data=DataConfig(dataset="tfds:imagenet2012"),
        network=NetworkConfig(kind="imagenet", num_groups=4),
        training=training,
    )
    of_liu2018(config)
    assert jobs[0].pictures.image_size == (299, 299)
    assert jobs[0].pictures.num_resident == 0
    assert jobs[0].network.num_classes == 1000


SEARCH = SearchConfig(
    data=CIFAR,
    training=TrainingConfig(num_steps=36, num_repeats=1),
    evolution=EvolutionConfig(num_evaluations=1_000),
)


def of_search(config=SEARCH, **question):
    return answers.of_search(config, PreflightConfig(**question))


def test_a_search_is_judged_by_random_genotypes(asked):
    jobs, _ = asked
    answer = of_search(num_samples=3, saved_fraction=(0.0, 0.5))
    assert answer.is_well
    assert len({job.genotype for job in jobs}) == 3
    assert {job.pictures.num_resident for job in jobs} == {40_000}
    assert "3 of 3 random genotypes compile and fit." in answer.text
    for name in ("chips_alone", "compiling_included", "expected"):
        full, half = answer.document[name]
        assert half["hours"] == full["hours"] / 2
        assert half["price"] is None
    alone, least, expected = (
        answer.document[name][0]["hours"]
        for name in ("chips_alone", "compiling_included", "expected")
    )
    assert alone <= least
    assert expected == pytest.approx(2 * least, rel=0.02)


def test_equal_seeds_draw_equal_genotypes(asked):
    jobs, _ = asked
    of_search(num_samples=2)
    of_search(num_samples=2)
    assert [j.genotype for j in jobs[:4]] == [j.genotype for j in jobs[4:]]


def test_candidates_of_several_devices_say_what_is_not_counted(asked):
    jobs, _ = asked
    workers = dataclasses.replace(SEARCH.workers, devices_per_candidate=2)
    config = dataclasses.replace(SEARCH, workers=workers)
    text = of_search(config, num_chips=2, num_samples=1).text
    assert "is the program of one device of 2." in text
    assert jobs[0].num_devices == 2


def test_median_and_nine_in_ten_of_the_candidates(monkeypatch):
    seconds = iter([*range(10)] * 2)

    def verdict_of(job, *, timeout_seconds):
        return dataclasses.replace(
            COMPILED,
            compile_seconds=float(next(seconds) if job.step == TRAINING else 0),
            lowering_seconds=0.0,
        )

    monkeypatch.setattr(answers, "verdict_of", verdict_of)
    text = of_search(num_samples=10).text
    (line,) = (x for x in text.splitlines() if x.startswith("compiling,"))
    assert line.split()[-2:] == ["4.5", "8.1"]


def test_a_price_is_hours_times_chips(asked):
    answer = of_search(num_samples=1, num_chips=4, price_per_chip_hour=2.0)
    for name in ("chips_alone", "compiling_included", "expected"):
        (found,) = answer.document[name]
        assert found["price"] == 8 * found["hours"]
        assert f"price {found['price']:,.2f}" in answer.text


def test_genotypes_that_the_search_is_given_are_not_random(asked):
    jobs, _ = asked
    given = dataclasses.replace(
        SEARCH, given_genotypes=(load_genotype("liu2018"),)
    )
    of_search(given, num_samples=1)
    assert jobs[0].genotype != load_genotype("liu2018")


def test_too_few_chips_for_one_candidate_are_refused(asked):
    workers = dataclasses.replace(SEARCH.workers, devices_per_candidate=2)
    config = dataclasses.replace(SEARCH, workers=workers)
    with pytest.raises(InvalidError, match="at least devices_per_candidate"):
        of_search(config, num_chips=1)


def test_refused_genotypes_are_counted_and_told_once(asked):
    _, verdicts = asked
    verdicts[TRAINING] = REFUSED
    answer = of_search(num_samples=2)
    assert not answer.is_well
    assert "0 of 2 random genotypes compile and fit." in answer.text
    assert answer.text.count(REFUSED.detail) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("num_chips", 0),
        ("num_samples", 0),
        ("saved_fraction", (1.0,)),
        ("saved_fraction", ()),
        ("price_per_chip_hour", -1.0),
        ("compile_timeout_seconds", 0.0),
    ],
)
def test_a_question_out_of_range_is_refused(name, value):
    with pytest.raises(InvalidError, match=f"`{name}` must"):
        PreflightConfig(**{name: value})
