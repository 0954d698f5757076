"""What lies beside the versions: how to serve them, and how to ask."""

import base64
import json
from pathlib import Path
from string import Template
from typing import Any

from hnas_tf import files
from hnas_tf.errors import escaped
from hnas_tf.serving.answers import Answers
from hnas_tf.serving.batching import batching_config
from hnas_tf.serving.names import (
    BATCHING_NAME,
    BYTES,
    BYTES_INPUT,
    MODELS_NAME,
    README_NAME,
    REQUEST_NAME,
)

_HEAD, _SERVED, _LITERT = (
    "readme_head.md",
    "served_readme.md",
    "litert_readme.md",
)
_MODELS = """\
model_config_list {
  config {
    name: "%s"
    base_path: "/models/%s"
    model_platform: "tensorflow"
  }
}
"""
_SUFFIXES = {
    b"\xff\xd8\xff": "jpg",
    b"\x89PN": "png",
    b"GIF": "gif",
    b"RIF": "webp",
}


def write_pages(
    export_dir: Path, document: dict[str, Any], answers: Answers
) -> None:
    """Writes a README, the server's configuration, and a sample.

    Args:
        export_dir: The folder of all versions.
        document: What `hnas_tf.json` says of the newest.
        answers: Pictures that are kept with it; the first is the sample.
    """
    texts: dict[str, str] = {}
    templates = [_HEAD]
    picture = answers.records[0]
    sample = f"sample.{_SUFFIXES.get(picture[:3], 'bmp')}"
    if "server" in document:
        files.write_bytes(export_dir / sample, picture)
        texts |= _of_server(document, answers)
        templates.append(_SERVED)
    if "litert" in document:
        templates.append(_LITERT)
    values = {
        **_values(document),
        "sample": sample,
        "num_kept": len(answers.records),
    }
    texts[README_NAME] = "\n".join(
        Template(_read(name)).substitute(values).strip() + "\n"
        for name in templates
    )
    for name, text in texts.items():
        files.write_text(export_dir / name, text)


def _of_server(document: dict[str, Any], answers: Answers) -> dict[str, str]:
    """Returns the texts of the files that a server, or a client, is given."""
    name = document["model_name"]
    found = document["server"]["latencies"]
    latencies = {int(size): seconds for size, seconds in found.items()}
    num_kept = len(answers.records)  # What `serve_check` sends at once.
    batching = batching_config(
        latencies,
        num_cores=document["num_cores"],
        at_least=max([num_kept, *document["warmup_batch_sizes"]]),
    )
    return {
        MODELS_NAME: _MODELS % (name, name),
        BATCHING_NAME: batching,
        REQUEST_NAME: _request(answers.records[0]),
    }


def _request(picture: bytes) -> str:
    encoded = {"b64": base64.b64encode(picture).decode("ascii")}
    request = {"signature_name": BYTES, "instances": [{BYTES_INPUT: encoded}]}
    return json.dumps(request) + "\n"


def _values(document: dict[str, Any]) -> dict[str, Any]:
    """Returns what the templates are filled with."""
    height, width = document["image_size"]
    accuracy, measured_on = document["accuracy"], document["measured_on"]
    return {
        "name": document["model_name"],
        "version": document["model_version"],
        "dataset": escaped(document["dataset"]),
        "num_classes": len(document["class_names"]),
        "parameters": f"{document['parameters']:,}",
        "accuracy": ""
        if accuracy is None
        else f", accuracy {accuracy:.2%} on the {measured_on} split",
        "split": document["verified_on"],
        "dtype": document["image_dtype"],
        "height": height,
        "width": width,
        "channels": document["image_channels"],
        "intra_op_threads": document.get("server", {}).get("intra_op_threads"),
    }


def _read(template: str) -> str:
    return Path(__file__).with_name(template).read_text(encoding="utf-8")
