"""Where a training runs."""

import contextlib
import os
import platform
import socket
from collections.abc import Callable, Iterator

import tensorflow as tf

from hnas_tf.config import LOCAL_TPU, DevicesConfig
from hnas_tf.errors import HnasError, first_line
from hnas_tf.networks.devices import device_kind

_BFLOAT16_CAPABILITY = (8, 0)
_PRECISE, _FAST = "float32", "bfloat16"
_CONNECT_SECONDS = 30.0
# Of what is sent to a process that is no more, or asked of it.
_GONE = (
    tf.errors.UnavailableError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
)


def set_threads(num_threads: int) -> None:
    """Sets how many CPU threads TensorFlow uses.

    Operations run side by side, for cells have many branches, before one is
    split: its parts have less to do, and wait for each other. Equal numbers
    give equal trainings, bit for bit.

    Raises:
        RuntimeError: if TensorFlow computed something before.
    """
    inside = max(1, num_threads // 2)
    tf.config.threading.set_intra_op_parallelism_threads(inside)
    tf.config.threading.set_inter_op_parallelism_threads(num_threads)


def add_thread() -> None:
    """Lets one network be compiled while another one trains.

    XLA compiles in a thread that operations run in, and holds it until then.

    Raises:
        RuntimeError: if TensorFlow computed something before.
    """
    number = tf.config.threading.get_inter_op_parallelism_threads()
    tf.config.threading.set_inter_op_parallelism_threads(number + 1)


def expected_kind(devices: DevicesConfig) -> str:
    """Returns the kind of device that `make_strategy` will find, if any."""
    if devices.tpu:
        return "tpu"
    return "gpu" if tf.config.list_physical_devices("GPU") else "cpu"


def make_strategy(devices: DevicesConfig) -> tf.distribute.Strategy:
    """Returns the strategy of all that this process may use.

    A TPU, whole; or the workers of TF_CONFIG; or several GPUs; or one device.
    To be called once, before anything is computed.

    Raises:
        HnasError: if there is no such TPU, or no such cluster.
    """
    if devices.tpu:
        return _tpu_strategy(devices)
    if "TF_CONFIG" in os.environ:
        return _cluster_strategy()
    gpus = tf.config.list_physical_devices("GPU")
    if len(gpus) > 1:
        return tf.distribute.MirroredStrategy()
    return tf.distribute.OneDeviceStrategy("/gpu:0" if gpus else "/cpu:0")


def _tpu_strategy(devices: DevicesConfig) -> tf.distribute.Strategy:
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(
            tpu=devices.tpu,
            zone=devices.tpu_zone,
            project=devices.gcp_project,
        )
        if devices.tpu != LOCAL_TPU:
            _require_answer(resolver.master())
            tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
        return tf.distribute.TPUStrategy(resolver)
    except (tf.errors.OpError, ValueError, RuntimeError, OSError) as error:
        raise HnasError(
            f"Expected {_wanted(devices)}. Received: {first_line(error)}; "
            "tpu/README.md says how to get one"
        ) from error


def _require_answer(master: str) -> None:
    """Checks that someone listens there, for whom TensorFlow waits for ever.

    Raises:
        OSError: if nobody does.
    """
    host, _, port = master.removeprefix("grpc://").rpartition(":")
    socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()


def _cluster_strategy() -> tf.distribute.Strategy:
    try:
        return tf.distribute.MultiWorkerMirroredStrategy()
    except (tf.errors.OpError, ValueError, LookupError, TypeError) as error:
        raise HnasError(
            "Expected in TF_CONFIG the workers of a cluster, and which of them "
            f"this is. Received: {os.environ['TF_CONFIG']}; {first_line(error)}"
        ) from error


def _wanted(devices: DevicesConfig) -> str:
    if devices.tpu == LOCAL_TPU:
        return (
            "the TPU of this machine, for --tpu=local, and tensorflow-tpu "
            "(pip install 'hnas_tf[tpu]')"
        )
    zone = devices.tpu_zone or "the default zone"
    project = devices.gcp_project or "the default project"
    return f"a Cloud TPU at {devices.tpu} in {zone} of {project}"


def leave_graphs_as_they_are(strategy: tf.distribute.Strategy) -> None:
    """Has TensorFlow not look for a better form of what it is to compute.

    For a candidate on a CPU that takes half a second, and finds next to nothing
    in a network that is optimized already.
    """
    if device_kind(strategy) == "cpu":
        options = {"disable_meta_optimizer": True}
        tf.config.optimizer.set_experimental_options(options)


def compiles(strategy: tf.distribute.Strategy) -> bool:
    """Returns whether XLA is to compile what a replica runs.

    On a lone GPU. A TPU's strategy does so by itself; for a CPU XLA makes what
    is slower than TensorFlow's own operations; and what several replicas run
    together it cannot compile.
    """
    alone = strategy.num_replicas_in_sync == 1 and is_alone(strategy)
    return alone and device_kind(strategy) == "gpu"


def compiled(
    function: Callable[..., tf.Tensor], strategy: tf.distribute.Strategy
) -> Callable[..., tf.Tensor]:
    """Returns what a replica runs, compiled where that `compiles`."""
    if not compiles(strategy):
        return function
    made: Callable[..., tf.Tensor] = tf.function(
        function, jit_compile=True, autograph=False
    )
    return made


def device_name(strategy: tf.distribute.Strategy) -> str:
    """Returns what the maker calls the device, as far as TensorFlow tells."""
    kind = device_kind(strategy)
    if kind == "gpu":
        gpu = tf.config.list_physical_devices("GPU")[0]
        details = tf.config.experimental.get_device_details(gpu)
        return str(details.get("device_name", gpu.name))
    if kind == "tpu":
        return os.environ.get("TPU_ACCELERATOR_TYPE", "TPU")
    return platform.processor() or platform.machine()


def device_facts(strategy: tf.distribute.Strategy) -> dict[str, str | int]:
    """Returns what is told of the devices of a result."""
    return {
        "device": device_kind(strategy),
        "device_name": device_name(strategy),
        "num_devices": strategy.num_replicas_in_sync,
    }


def resolve_precision(precision: str, strategy: tf.distribute.Strategy) -> str:
    """Returns `float32` or `bfloat16`: what `auto` means on these devices."""
    if precision != "auto":
        return precision
    return _FAST if _computes_bfloat16(device_kind(strategy)) else _PRECISE


def is_writer(strategy: tf.distribute.Strategy) -> bool:
    """Returns whether this process, of those of TF_CONFIG, writes the files."""
    return bool(strategy.extended.should_checkpoint)


def is_alone(strategy: tf.distribute.Strategy) -> bool:
    """Returns whether no other process trains along."""
    workers = tf.distribute.MultiWorkerMirroredStrategy
    return not isinstance(strategy, workers)


def wait_for_all(strategy: tf.distribute.Strategy) -> None:
    """Returns when all processes that train together have come so far."""
    if not is_alone(strategy):
        ones = tf.function(strategy.run, autograph=False)(lambda: tf.ones([]))
        strategy.reduce(tf.distribute.ReduceOp.SUM, ones, axis=None)


@contextlib.contextmanager
def together(strategy: tf.distribute.Strategy) -> Iterator[None]:
    """Says in a sentence that another process, of those of TF_CONFIG, is gone.

    Raises:
        HnasError: if it is.
    """
    try:
        yield
    except _GONE as error:
        if is_alone(strategy):
            raise
        raise HnasError(
            "Expected all processes of TF_CONFIG to train to the end. "
            "Received: one that has ended, or cannot be reached; started "
            "again, all of them, they go on from the last checkpoint"
        ) from error


def _computes_bfloat16(kind: str) -> bool:
    if kind != "gpu":
        return kind == "tpu"
    gpu = tf.config.list_physical_devices("GPU")[0]
    details = tf.config.experimental.get_device_details(gpu)
    capability: tuple[int, int] = details.get("compute_capability", (0, 0))
    return capability >= _BFLOAT16_CAPABILITY
