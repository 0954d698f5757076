"""The program of an errand: `... errand_child module:function TERMINAL`.

It reads one line of JSON, calls the function, answers with one line, and ends
at once if its parent does.
"""

import json
import os
import pkgutil
import sys
import threading
import traceback
from typing import Any

from hnas_tf.errors import HnasError


def main() -> None:
    """Does what the parent asks for."""
    function, terminal = sys.argv[1:]
    wire = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stderr = os.fdopen(int(terminal), "w", buffering=1, encoding="utf-8")
    document = json.loads(sys.stdin.readline())
    threading.Thread(target=_watch, daemon=True).start()
    try:
        answer = json.dumps(_answer(function, document))
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)  # What the parent quotes.
        os._exit(1)
    wire.write(answer + "\n")
    wire.flush()
    os._exit(0)


def _answer(function: str, document: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": pkgutil.resolve_name(function)(document)}
    except HnasError as error:
        return {"error": str(error)}


def _watch() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
