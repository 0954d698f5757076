"""The flags of a TPU, named as in Google's own programs."""

from absl import flags

from hnas_tf.config import LOCAL_TPU, DevicesConfig


def define() -> None:
    """Defines the flags."""
    flags.DEFINE_string(
        "tpu",
        DevicesConfig.tpu,
        "Empty: the GPUs of this machine, else its CPU. local: the TPU of the "
        "VM that this runs on. Else the name or address of a Cloud TPU.",
    )
    flags.DEFINE_string(
        "tpu_zone", DevicesConfig.tpu_zone, "Zone of the TPU that is named."
    )
    flags.DEFINE_string(
        "gcp_project", DevicesConfig.gcp_project, "Project of that TPU."
    )


def hint(devices: DevicesConfig) -> str:
    """Returns what is worth knowing of a search there, if anything is."""
    if devices.tpu in ("", LOCAL_TPU):
        return ""
    return (
        "One candidate at a time trains on all cores of the TPU. On its own "
        "VM, --tpu=local trains one on every chip."
    )
