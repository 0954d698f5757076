"""Who reads an export, or what a server says, that may be a stranger's."""

import json

from hnas_tf.serving import check
from hnas_tf.serving.answers import load_answers
from hnas_tf.serving.names import ANSWERS_NAME, DOCUMENT_NAME
from hnas_tf.serving.verification import compare, require_close
from tests.fuzzing import sound
from tests.fuzzing.case import bytes_case, json_case
from tests.serving.server import answering

_EXPORTED = json.dumps(
    {
        "version": 1,
        "model_name": "digits",
        "model_version": 1,
        "class_names": list("0123456789"),
        "verified": {"tolerance": 0.0001, "signatures": {}},
    }
).encode()
_ROW = {"probabilities": [0.1] * 10, "classes": "0"}
_PAIRS = [[str(label), 0.1] for label in range(10)]


def export_document(folder):
    """`hnas_tf.json` of an export."""
    path = folder / DOCUMENT_NAME

    def read(content):
        path.write_bytes(content)
        require_close({}, check.read(folder).tolerance)

    return json_case(_EXPORTED, read)


def export_answers(folder):
    """The pictures and answers that are kept with an export."""
    path = folder / "answers.npz"
    sound.ANSWERS.save(path)

    def read(content):
        path.write_bytes(content)
        answers = load_answers(path)
        compare(answers.probabilities, answers)
        answers.some(1)

    return bytes_case(path.read_bytes(), read)


def server_answer(folder):
    """What a server answers over REST, whichever of its methods is asked."""
    (folder / ANSWERS_NAME).parent.mkdir()
    sound.ANSWERS.save(folder / ANSWERS_NAME)
    (folder / DOCUMENT_NAME).write_bytes(_EXPORTED)

    def read(content):
        with answering(content) as address:
            check.check_server(folder, address)

    answer = {"predictions": [_ROW, _ROW], "results": [_PAIRS, _PAIRS]}
    return json_case(json.dumps(answer).encode(), read)
