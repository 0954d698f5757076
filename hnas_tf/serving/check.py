"""Whether an export, or a server of it, still says what it said."""

import base64
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hnas_tf import files, typed
from hnas_tf.errors import ArchiveError, HnasError
from hnas_tf.serving.answers import Answers, load_answers
from hnas_tf.serving.names import (
    ALL_SIGNATURES,
    ANSWERS_NAME,
    BYTES,
    BYTES_INPUT,
    CLASSIFY,
    DEFAULT,
    DOCUMENT_NAME,
    ENCODED_FEATURE,
    IMAGES,
)
from hnas_tf.serving.stranger import Show, show
from hnas_tf.serving.verification import (
    Comparison,
    compare,
    compare_signatures,
)

_NEEDED = ("model_name", "model_version", "class_names")
_MOST_OF_A_REASON = 2000
_TIMEOUT_SECONDS = 120.0
# Nobody there, something else there, or JSON of another shape.
_NO_ANSWER = (
    *(OSError, http.client.HTTPException, ValueError, OverflowError),
    *(LookupError, TypeError, AttributeError),
)


@dataclass(frozen=True)
class Exported:
    """What is to be known of a version.

    Attributes:
        model_name: As a server knows the model.
        model_version: The version's number.
        class_names: Of the classes 0, 1, ...
        tolerance: By how much a probability may differ.
    """

    model_name: str
    model_version: int
    class_names: tuple[str, ...]
    tolerance: float


def check_folder(version: Path) -> dict[str, Comparison]:
    """Returns how far every signature of a version is from what it said.

    Raises:
        HnasError: if it cannot be loaded.
    """
    answers = load_answers(version / ANSWERS_NAME)
    seen = show(version, [Show("kept", answers, ALL_SIGNATURES)])
    return compare_signatures(seen, "kept", answers)


def check_server(version: Path, address: str) -> dict[str, Comparison]:
    """Returns the same of a running server, asked over REST.

    Args:
        version: The folder of the version that is served there.
        address: `host:port` of its REST interface.

    Raises:
        HnasError: if it cannot be reached, does not serve that version, or
            refuses a request.
    """
    answers, exported = load_answers(version / ANSWERS_NAME), read(version)
    server = _Server(address, exported)
    return {
        signature: compare(server.probabilities(signature, answers), answers)
        for signature in ALL_SIGNATURES
    }


def read(version: Path) -> Exported:
    """Returns what `hnas_tf.json` says of a version.

    Raises:
        ArchiveError: if it cannot be read, or is not what an export writes.
        HnasError: if the version is for LiteRT alone.
    """
    path = version / DOCUMENT_NAME
    try:
        document = files.read_json(path)
        values = {name: document[name] for name in _NEEDED}
        if "verified" in document:
            values["tolerance"] = document["verified"]["tolerance"]
            return typed.make(Exported, values)
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise ArchiveError(
            f"Expected what an export writes in {path}. Received: {error!r}"
        ) from error
    raise HnasError(
        f"Expected a SavedModel in {version}. Received: an export for "
        "LiteRT alone"
    )


class _Server:
    """A version of a model on a running server."""

    def __init__(self, address: str, exported: Exported) -> None:
        host = address.removeprefix("http://").rstrip("/")
        name, version = exported.model_name, exported.model_version
        self._url = f"http://{host}/v1/models/{name}/versions/{version}"
        self._class_names = exported.class_names

    def probabilities(
        self, signature: str, answers: Answers
    ) -> NDArray[np.float32]:
        """Returns the probabilities of some pictures, [pictures, classes]."""
        if signature == CLASSIFY:
            return self._classify(answers)
        instances = _INSTANCES[signature](answers)
        request = {"signature_name": signature, "instances": instances}

        def parse(answer: Any) -> list[list[float]]:
            return [each["probabilities"] for each in answer["predictions"]]

        return self._post("predict", request, parse, answers)

    def _classify(self, answers: Answers) -> NDArray[np.float32]:
        examples = [
            {ENCODED_FEATURE: _base64(record)} for record in answers.records
        ]
        request = {"signature_name": CLASSIFY, "examples": examples}

        def parse(answer: Any) -> list[list[float]]:
            scores = [dict(pairs) for pairs in answer["results"]]
            return [[one[n] for n in self._class_names] for one in scores]

        return self._post("classify", request, parse, answers)

    def _post(
        self,
        method: str,
        document: dict[str, Any],
        parse: Callable[[Any], list[list[float]]],
        answers: Answers,
    ) -> NDArray[np.float32]:
        """Returns what is parsed from the server's answer, as many numbers.

        Raises:
            HnasError: if it cannot be reached, or answers otherwise.
        """
        url = f"{self._url}:{method}"
        body = json.dumps(document).encode("utf-8")
        try:
            request = urllib.request.Request(url, body, method="POST")
            with urllib.request.urlopen(
                request, timeout=_TIMEOUT_SECONDS
            ) as answer:
                said = files.parse_json(answer.read(files.MAX_JSON_BYTES + 1))
                found = np.array(parse(said), np.float32)
                return found.reshape(answers.probabilities.shape)
        except urllib.error.HTTPError as error:
            reason = error.read(_MOST_OF_A_REASON).decode("utf-8", "replace")
        except _NO_ANSWER as error:
            reason = repr(error)
        raise HnasError(
            f"Expected an answer of TF Serving from {url}. Received: {reason}"
        )


def _images(answers: Answers) -> list[Any]:
    return list(answers.images.tolist())


def _records(answers: Answers) -> list[Any]:
    return [{BYTES_INPUT: _base64(record)} for record in answers.records]


def _base64(record: bytes) -> dict[str, str]:
    return {"b64": base64.b64encode(record).decode("ascii")}


_INSTANCES = {DEFAULT: _images, IMAGES: _images, BYTES: _records}
