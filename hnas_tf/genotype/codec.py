"""Genotypes as JSON, version 1: `{"version": 1, "motifs": [...]}`."""

import json
from pathlib import Path
from typing import Any

from hnas_tf import files
from hnas_tf.errors import GenotypeError, shortened
from hnas_tf.genotype.genotype import Genotype
from hnas_tf.genotype.motif import Motif

VERSION = 1
MAX_BYTES = 1_000_000
NAMED_DIR = Path(__file__).parent / "named"


def genotype_to_json(genotype: Genotype) -> str:
    """Returns the genotype as one line of JSON, version 1."""
    rows = [[motif.rows for motif in level] for level in genotype.motifs]
    document = {"version": VERSION, "motifs": rows}
    return json.dumps(document, separators=(",", ":"))


def genotype_from_json(text: str) -> Genotype:
    """Returns the genotype that a JSON text of version 1 describes.

    >>> genotype_from_json('{"version": 1, "motifs": [[[["conv_1x1"]]]]}')
    Genotype(motifs=((Motif(rows=(('conv_1x1',),)),),))

    Raises:
        GenotypeError: if the text is not JSON, of another version, too large,
            or describes no genotype; says where.
    """
    document = _parse(text)
    if not isinstance(document, dict) or set(document) != {"version", "motifs"}:
        raise GenotypeError(
            'Expected an object with the keys "version" and "motifs". '
            f"Received: {shortened(document)}"
        )
    version = document["version"]
    if version != VERSION or type(version) is not int:
        raise GenotypeError(
            f"Expected version {VERSION}. "
            f"Received: version {shortened(version)}"
        )
    levels = _list(document["motifs"], "motifs")
    return Genotype(tuple(_level(v, i) for i, v in enumerate(levels)))


def load_genotype(name_or_path: str | Path) -> Genotype:
    """Returns a genotype that has a name (`liu2018`), or reads a JSON file.

    Raises:
        GenotypeError: if there is no such file, or it holds no genotype.
    """
    named = {path.stem: path for path in NAMED_DIR.glob("*.json")}
    path = named.get(str(name_or_path), Path(name_or_path))
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1).decode("utf-8")
        return genotype_from_json(text)
    except (OSError, ValueError) as error:
        names = ", ".join(sorted(named))
        raise GenotypeError(
            f"Expected a genotype's name ({names}) or its JSON file. "
            f"Received: {name_or_path}: {error}"
        ) from error


def save_genotype(genotype: Genotype, path: str | Path) -> None:
    """Writes the genotype's JSON; the file appears whole or not at all."""
    files.write_text(path, genotype_to_json(genotype) + "\n")


def _parse(text: str) -> Any:
    if len(text) > MAX_BYTES:
        raise GenotypeError(
            f"Expected at most {MAX_BYTES} characters of JSON. "
            "Received: more than that"
        )
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GenotypeError(f"Expected JSON. Received: {error}") from error


def _level(value: Any, index: int) -> tuple[Motif, ...]:
    where = f"motifs[{index}]"
    return tuple(
        _motif(motif, f"{where}[{number}]")
        for number, motif in enumerate(_list(value, where))
    )


def _motif(value: Any, where: str) -> Motif:
    rows = [tuple(_list(row, where)) for row in _list(value, where)]
    try:
        return Motif(tuple(rows))
    except GenotypeError as error:
        raise GenotypeError(f"In {where}: {error}") from error


def _list(value: Any, where: str) -> list[Any]:
    if isinstance(value, list):
        return value
    raise GenotypeError(
        f"In {where}: expected a list. Received: {shortened(value)}"
    )
