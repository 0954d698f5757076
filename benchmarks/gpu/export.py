"""Writes the steps of candidates as XLA gets them on a GPU; needs none.

    python -m benchmarks.gpu.export --out=runs/gpu

They are the functions that train and evaluate, traced as for a lone GPU, as
`hnas_tf.tpu.programs` has them for a TPU.
"""

import argparse
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from benchmarks.candidates.genotypes import named_genotypes, network_config
from benchmarks.candidates.ours import on_device, training_config
from benchmarks.candidates.pictures import (
    evaluation_pictures,
    training_pictures,
)
from benchmarks.candidates.workload import Workload
from benchmarks.gpu.exported import Exported, Step
from benchmarks.gpu.setting import EVALUATED, GENOTYPES, PRECISIONS
from hnas_tf.genotype import Genotype
from hnas_tf.networks.devices import StandIn
from hnas_tf.networks.initialization import ordered_variables
from hnas_tf.plan import make_plan
from hnas_tf.tpu import programs
from hnas_tf.tpu.job import Job, PictureShape
from hnas_tf.training.evaluation import evaluation_step
from hnas_tf.training.resident import ResidentData
from hnas_tf.training.trainer import Trainer

# Of an updated argument: which it is, and which output replaces it.
_UPDATED = re.compile(
    r"parameter_number = (\d+) : i64\}, output_index = array<i64: (\d+)>"
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu.export")
    parser.add_argument("--out", type=Path, default=Path("runs/gpu"))
    parser.add_argument("--genotypes", default=",".join(GENOTYPES))
    parser.add_argument("--precisions", default=",".join(PRECISIONS))
    options = parser.parse_args(arguments)
    workload = Workload(num_evaluation_batches=EVALUATED)
    for name in options.genotypes.split(","):
        for precision in options.precisions.split(","):
            made = export(name, named_genotypes()[name], precision, workload)
            print(made.write(options.out), f"{made.lowering_seconds:.1f} s")


def export(
    name: str, genotype: Genotype, precision: str, workload: Workload
) -> Exported:
    """Returns the steps of a candidate."""
    start = time.perf_counter()
    job = _job(genotype, precision, workload)
    strategy = StandIn("gpu")
    data, evaluated = (
        on_device(made(workload), workload, strategy)
        for made in (training_pictures, evaluation_pictures)
    )
    trainer = programs.trainer_of(job, data, strategy)
    training = _training(trainer, data)
    evaluation = _evaluation(trainer, evaluated)
    return Exported(
        name,
        precision,
        workload,
        [
            [kind, [*inputs], *others]
            for kind, inputs, *others in make_plan(
                genotype, job.network
            ).operations
        ],
        _vectors(trainer),
        time.perf_counter() - start,
        training,
        evaluation,
    )


def _job(genotype: Genotype, precision: str, workload: Workload) -> Job:
    training = training_config(workload, precision)
    size = (workload.image_size, workload.image_size)
    number = workload.num_training_batches * workload.batch_size
    pictures = PictureShape(size, number)
    return Job(genotype, network_config(workload), training, pictures)


def _training(trainer: Trainer, data: ResidentData) -> Step:
    step, seed = tf.zeros([], tf.int64), tf.zeros([2], tf.int32)
    drawn = data.draw(None, step, seed)
    return _step(
        trainer, trainer.train_step, (step, seed, drawn), ("step", "seed")
    )


def _evaluation(trainer: Trainer, data: ResidentData) -> Step:
    drawn = next(data.batches())
    function = evaluation_step(trainer.network.infer, data)
    return _step(trainer, function, drawn, ())


def _step(
    trainer: Trainer,
    function: Callable[..., tf.Tensor],
    arguments: tuple[Any, ...],
    names: tuple[str, ...],
) -> Step:
    compiled = tf.function(function, jit_compile=True, autograph=False)
    captured = compiled.get_concrete_function(*arguments).captured_inputs
    found = _names_of_variables(trainer)
    everything = (
        *names,
        "places",
        *(found.get(id(one)) or _name_of_pictures(one) for one in captured),
    )
    program = programs.lower(function, *arguments)
    updated = {
        int(output): everything[int(number)]
        for number, output in _UPDATED.findall(program)
    }
    return Step(program, everything, tuple(updated[i] for i in sorted(updated)))


def _names_of_variables(trainer: Trainer) -> dict[int, str]:
    network = trainer.network
    first, second = trainer.checkpoint.velocities
    named = {
        "kernels": network.kernels,
        "others": network.others,
        "averages": network.averages,
        "velocity of kernels": first,
        "velocity of others": second,
    }
    return {id(variable.handle): name for name, variable in named.items()}


def _name_of_pictures(captured: tf.Tensor) -> str:
    return {tf.uint8: "images", tf.int32: "labels"}[captured.dtype]


def _vectors(trainer: Trainer) -> dict[str, list[str]]:
    """Returns which weights lie in which vector, as `FlatNetwork` has them."""
    model = trainer.network.model
    names = {
        id(variable): f"{layer.name}/{variable.name}"
        for layer in model.layers
        for variable in layer.variables
    }
    vectors: dict[str, list[str]] = {
        "kernels": [],
        "others": [],
        "averages": [],
    }
    for variable in ordered_variables(model):
        which = "kernels" if len(variable.shape) > 1 else "others"
        which = which if variable.trainable else "averages"
        vectors[which].append(names[id(variable)])
    return vectors


if __name__ == "__main__":
    main()
