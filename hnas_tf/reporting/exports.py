"""What a person reads of an export."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hnas_tf.reporting.table import aligned

_HEADER = ("  signature", "pictures", "largest difference", "other classes")
_MILLISECONDS = 1000


def in_words(document: dict[str, Any], export_dir: Path) -> str:
    """Returns what was written, how it was verified, and how fast it is.

    Args:
        document: What `hnas_tf.json` says.
        export_dir: The folder of all versions.
    """
    version = f"{export_dir}/{document['model_version']}"
    weights = document["weights_bytes"]
    parts = [
        f"Exported {document['workdir']} (repeat {document['repeat']}) as "
        f"{document['model_name']}, version {document['model_version']}, "
        f"to {version}; weights {_size(weights)}."
    ]
    if "server" in document:
        parts.append(_served(document))
    if "litert" in document:
        parts.append(_litert(document["litert"]))
    parts.append(f"How to serve it: {export_dir}/README.md")
    return "\n".join(parts)


def comparisons_in_words(
    comparisons: Mapping[str, dict[str, Any]], *, where: Any
) -> str:
    """Returns how far probabilities are from the trained network's.

    Args:
        comparisons: Of every signature.
        where: What was asked.
    """
    rows = [_HEADER] + [
        (
            f"  {name}",
            f"{each['num_pictures']:,}",
            f"{each['largest_difference']:.1e}",
            f"{each['num_changed']:,}",
        )
        for name, each in comparisons.items()
    ]
    title = f"{where}, against the trained network in float32:"
    return f"{title}\n{aligned(rows, left={0})}"


def _served(document: dict[str, Any]) -> str:
    measured, server = document["measured"], document["server"]
    comparisons = {
        **document["verified"]["signatures"],
        f"predict_bytes, {measured['split']} split": measured,
    }
    where = f"SavedModel, {_size(document['saved_model_bytes'])}"
    latencies = server["latencies"].items()
    return "\n".join(
        [
            comparisons_in_words(comparisons, where=where),
            f"  accuracy {measured['accuracy']:.4f}, of the trained network "
            f"{measured['trained_accuracy']:.4f} ({measured['split']})",
            f"  loaded in {server['load_seconds']:.1f} s, answered "
            f"{server['num_warmup_requests']} requests of the warm-up in "
            f"{server['warmup_seconds']:.1f} s",
            f"  milliseconds by batch size ({_threads(server)}): "
            + ", ".join(
                f"{size}: {seconds * _MILLISECONDS:.1f}"
                for size, seconds in latencies
            ),
        ]
    )


def _threads(server: dict[str, Any]) -> str:
    alone = server["intra_op_threads"] == 1
    return "one thread an operation" if alone else "all cores an operation"


def _litert(models: dict[str, dict[str, Any]]) -> str:
    lines = [
        f"  {name}: {_size(each['bytes'])}, accuracy {each['accuracy']:.4f}, "
        f"of the trained network {each['trained_accuracy']:.4f} "
        f"({each['split']}), largest difference "
        f"{each['largest_difference']:.1e}"
        for name, each in models.items()
    ]
    return "\n".join(["LiteRT:", *lines])


def _size(num_bytes: int) -> str:
    return f"{num_bytes / 1e6:,.2f} MB"
