"""What a child is asked to do in tests, good and bad."""

import os
import pathlib
import signal
import subprocess
import sys
import time

from hnas_tf.engines.errand import run_errand
from hnas_tf.errors import InvalidError

DOZENS = 30


def echo(document):
    return {"heard": document, "pid": os.getpid()}


def refuse(document):
    raise InvalidError(f"Expected another word. Received: {document['word']}")


def fail(document):
    raise KeyError(document["word"])


def answer_nonsense(document):
    return {"set": {1, 2}}


def leave(document):
    os._exit(document["code"])


def log_and_die(document):
    for number in range(DOZENS):
        os.write(2, f"line {number}\n".encode())
    os.write(2, b"\xff not in UTF-8\n")
    os.kill(os.getpid(), signal.SIGKILL)


def make_noise(document):
    print("noise", flush=True)
    os.write(1, b'{"result": {"noise": 1}}\n')
    subprocess.run(["echo", '{"result": {}}'], check=True)
    return {"quiet": True}


def tell(document):
    print("words for the user", file=sys.stderr)
    os.write(2, b"words of a library\n")
    return {}


def hang(document):
    pathlib.Path(document["path"]).write_text(str(os.getpid()))
    time.sleep(600)
    return {}


def send():
    """Is the parent of `hang`."""
    run_errand("tests.engines.errands:hang", {"path": sys.argv[1]})


if __name__ == "__main__":
    send()
