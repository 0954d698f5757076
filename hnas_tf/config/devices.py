"""What is computed on, as the flags describe it."""

from dataclasses import dataclass

LOCAL_TPU = "local"


@dataclass(frozen=True)
class DevicesConfig:
    """Where to find a TPU, if one is wanted.

    Attributes:
        tpu: Empty: the GPUs of this machine, else its CPU. `local`: the TPU of
            the machine that this runs on. Else a Cloud TPU's name or address.
        tpu_zone: The zone of a TPU that is named.
        gcp_project: Its project.
    """

    tpu: str = ""
    tpu_zone: str | None = None
    gcp_project: str | None = None
