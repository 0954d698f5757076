"""No file is a program: nothing of ours unpickles, evaluates or imports one."""

import ast
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

import hnas_tf
from hnas_tf.config import DataConfig
from hnas_tf.data.dataset import load
from hnas_tf.data.prepared import load_prepared, prepare
from hnas_tf.data.splits import TRAIN
from hnas_tf.errors import ArchiveError, InvalidError
from hnas_tf.serving.answers import load_answers
from tests.data.image_files import write_classes
from tests.data.preparations import document_of
from tests.fuzzing import sound

ROOT = Path(hnas_tf.__file__).parent
MODULES = {
    *("pickle", "marshal", "shelve", "dbm", "dill", "cloudpickle", "joblib"),
    *("yaml", "torch", "runpy", "code", "codeop"),
}
FUNCTIONS = {"eval", "exec", "compile", "__import__"}
METHODS = {
    *("load_model", "model_from_json", "deserialize_keras_object"),
    *("enable_unsafe_deserialization", "py_function", "system", "popen"),
}
# What they may only be told not to do.
OPTIONS = {"allow_pickle", "shell", "safe_mode"}
# Who imports what a flag names, or a table of ours; no file of data does.
IMPORTERS = {
    "cli/preflight_flags.py",
    "cli/program.py",
    "engines/child.py",
    "engines/errand_child.py",
    "evolution/algorithms.py",
}
# A SavedModel is a program; TensorFlow runs it in a process of its own.
LOADERS = {"serving/standalone.py"}


def dangers(tree):
    """Yields what a program does that could run what a file says."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                names = {alias.name.partition(".")[0] for alias in node.names}
                yield from names & MODULES
            case ast.ImportFrom():
                yield from {str(node.module).partition(".")[0]} & MODULES
            case ast.Name():
                yield from {node.id} & FUNCTIONS
            case ast.Attribute():
                yield from {node.attr} & METHODS
            case ast.keyword(value=ast.Constant(value=False)):
                pass
            case ast.keyword():
                yield from {node.arg} & OPTIONS


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def callers_of(words):
    """Returns the files in which something is called."""
    return {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == words
    }


def test_no_file_is_unpickled_and_no_text_is_run():
    found = {
        f"{path.relative_to(ROOT)}: {danger}"
        for path in ROOT.rglob("*.py")
        for danger in dangers(parsed(path))
    }
    assert found == set()


@pytest.mark.parametrize(
    "program",
    [
        "import pickle",
        "import os, pickle as p",
        "from torch.serialization import load",
        "def f(x): return eval(x)",
        "run = exec",
        "np.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=flag)",
        "keras.models.load_model(path)",
        "keras.saving.load_model(path, safe_mode=False)",
        "subprocess.run(text, shell=True)",
        "os.system(text)",
    ],
)
def test_what_would_is_found(program):
    assert list(dangers(ast.parse(program)))


def test_code_is_imported_where_a_flag_names_it_and_models_are_run_apart():
    by_name = callers_of("importlib.import_module")
    assert by_name | callers_of("pkgutil.resolve_name") == IMPORTERS
    assert callers_of("tf.saved_model.load") == LOADERS


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.fixture
def bombs(tmp_path):
    """An array of twelve of them; none may go off."""
    place = tmp_path / "boom"
    bomb = Bomb(place)
    array = np.array([bomb] * 12, object)
    yield array
    assert not place.exists()
    pickle.loads(pickle.dumps(bomb))
    assert place.exists()  # It would have.


def test_a_pickle_among_arrays_is_refused(tmp_path, bombs):
    path = tmp_path / "pictures.npz"
    path.write_bytes(sound.npz({**sound.pictures(), "y_train": bombs}))
    with pytest.raises(InvalidError, match="allow_pickle=False"):
        load(DataConfig(dataset=f"npz:{path}"), TRAIN)


def test_a_pickle_with_an_export_is_refused(tmp_path, bombs):
    path = tmp_path / "answers.npz"
    np.savez(path, records=bombs, lengths=bombs, images=bombs)
    with pytest.raises(ArchiveError, match="allow_pickle=False"):
        load_answers(path)


@pytest.mark.parametrize("name", ["train_labels.npy", "train_images.npy"])
def test_a_pickle_among_prepared_pictures_is_refused(tmp_path, bombs, name):
    write_classes(tmp_path / "pictures", each=10)
    document = document_of(tmp_path / "pictures", tmp_path / "data")
    fingerprint = prepare(document)["fingerprint"]
    np.save(tmp_path / "data" / fingerprint / name, bombs)
    config = DataConfig(**document | {"fingerprint": fingerprint})
    with pytest.raises(ArchiveError, match=r"allow_pickle=False|objects"):
        load_prepared(config)
