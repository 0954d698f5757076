"""Google's compiler for TPUs, through JAX, on a machine without a TPU.

What is private in JAX is used here alone, and the extra `preflight` pins the
versions of JAX and of the compiler.
"""

import os
import re
from typing import Any

from hnas_tf.errors import HnasError
from hnas_tf.tpu.generations import Generation
from hnas_tf.tpu.verdict import Memory

# The compiler asks after the machine that it is on; this answers.
_ENVIRONMENT = {
    "JAX_PLATFORMS": "cpu",
    "TPU_SKIP_MDS_QUERY": "1",
    "TPU_ACCELERATOR_TYPE": "v5litepod-4",
    "TPU_WORKER_HOSTNAMES": "localhost",
    # No device is touched: any number of compilers may run at a time.
    "ALLOW_MULTIPLE_LIBTPU_LOAD": "1",
}
# XLA hands over a copy in a dialect that the compiler does not take.
_COPY = re.compile(r"mhlo\.copy (%\S+) : ([^\n]*?)( loc\(|\n)")
_BARRIER = r"stablehlo.optimization_barrier \1 : \2\3"


def require_compiler() -> None:
    """Checks that JAX and the compiler are installed.

    Raises:
        HnasError: if they are not; says how to install them.
    """
    os.environ |= _ENVIRONMENT
    try:
        import jax  # noqa: F401
        import libtpu  # noqa: F401
    except ImportError as error:
        raise HnasError(
            "Expected Google's compiler for TPUs; install it with pip install "
            f"'hnas_tf[cpu,preflight]'. Received: {error}"
        ) from error


def tpu_devices(generation: Generation) -> list[Any]:
    """Returns the devices of a slice that is not there, to compile for."""
    from jax.experimental import topologies

    description = topologies.get_topology_desc(
        platform="tpu",
        topology_name=generation.topology,
        chip_config_name=generation.chip_config,
    )
    return list(description.devices)


def cpu_device() -> Any:
    """Returns the CPU of this machine, to compile for and run on."""
    import jax

    return jax.devices("cpu")[0]


def executable(program: str, device: Any, *, loads: bool = False) -> Any:
    """Returns a program compiled for a device.

    Args:
        program: StableHLO, in MLIR's words.
        device: Of `tpu_devices`, or `cpu_device`.
        loads: Whether it is to run there.

    Raises:
        jax.errors.JaxRuntimeError: if the compiler refuses it.
    """
    import numpy as np
    from jax._src.interpreters import mlir
    from jax._src.lib import xla_client
    from jaxlib.mlir import ir

    options = xla_client.CompileOptions()
    options.device_assignment = xla_client.DeviceAssignment.create(
        np.array([[device.id]])
    )
    devices = xla_client.DeviceList((device,))
    client = device.client
    with mlir.make_ir_context() as context:
        context.allow_unregistered_dialects = True
        module = ir.Module.parse(_COPY.sub(_BARRIER, program))
        compile_ = client.compile_and_load if loads else client.compile
        return compile_(module, devices, options)


def memory_of(compiled: Any) -> Memory:
    """Returns what a compiled program needs of the device's memory."""
    found = compiled.get_compiled_memory_stats()
    return Memory(
        arguments=found.argument_size_in_bytes,
        outputs=found.output_size_in_bytes - found.alias_size_in_bytes,
        temporaries=found.temp_size_in_bytes,
        code=found.generated_code_size_in_bytes,
    )


def flops_of(compiled: Any) -> float:
    """Returns what one call computes."""
    return float(compiled.cost_analysis()["flops"])


def text_of(compiled: Any) -> str:
    """Returns a compiled program as XLA prints it."""
    (module,) = compiled.hlo_modules()
    return str(module.to_string())
