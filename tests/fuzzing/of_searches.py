"""Who reads genotypes, configurations and archives of strangers."""

from hnas_tf.archive import (
    CONFIG_NAME,
    Archive,
    open_search,
    outcome_of,
    read_config,
)
from hnas_tf.archive.config_file import differences, write_config
from hnas_tf.config import NetworkConfig
from hnas_tf.evolution.pareto import pareto_front
from hnas_tf.evolve import verify
from hnas_tf.evolve.search import Search
from hnas_tf.evolve.watchers import Watchers
from hnas_tf.genotype import genotype_to_json, load_genotype
from hnas_tf.plan import network_cost, network_digest
from hnas_tf.reporting import TensorBoard, summary, table
from hnas_tf.reporting.failures import failures
from hnas_tf.reporting.report import Subject, page
from tests.archive.samples import read_all
from tests.fuzzing import rows, sound
from tests.fuzzing.case import Case, bytes_case, json_case


def genotype(folder):
    """A genotype's JSON, down to the network that it is."""
    path = folder / "genotype.json"

    def read(content):
        path.write_bytes(content)
        found = load_genotype(path)
        network_cost(found)
        network_digest(found, NetworkConfig())

    return json_case(genotype_to_json(load_genotype("liu2018")).encode(), read)


def search_config(folder):
    """`config.json` of a search: as a new run and `show --verify` read it."""
    path = folder / CONFIG_NAME
    write_config(sound.SEARCH, path)
    sound.write_search(folder / "search")

    def read(content):
        path.write_bytes(content)
        config = read_config(path)
        differences(config, sound.SEARCH)
        differences(sound.SEARCH, config)
        with Archive.open(folder / "search") as archive:
            verify(config, archive)

    return json_case(path.read_bytes(), read)


def archive_bytes(folder):
    """An archive whose file is damaged."""
    path = sound.write_search(folder)

    def read(content):
        path.write_bytes(content)
        with Archive.open(folder) as archive:
            _show(archive)

    return bytes_case(path.read_bytes(), read)


def archive_rows(folder):
    """An archive whose file is sound, and its rows are not."""

    def read():
        with Archive.open(folder) as archive:
            _show(archive)

    return _rows_case(folder, read)


def search_that_goes_on(folder):
    """Such an archive, and the same command again."""

    def read():
        with open_search(folder, sound.SEARCH) as archive:
            shown = TensorBoard(folder, max_candidates=10)
            try:
                shown.begin(archive)
            finally:
                shown.end(archive)
            Search(sound.SEARCH, archive, None, Watchers([]), None, None)
            summary.of_search(archive, sound.SEARCH, folder, "")

    return _rows_case(folder, read)


def _rows_case(folder, read):
    """Returns the case of a search whose rows are changed before it is read."""
    path = sound.write_search(folder)
    content = path.read_bytes()

    def read_changed(changes):
        path.write_bytes(content)
        rows.change(path, changes)
        read()

    return Case([], rows.changes(path), read_changed)


def _show(archive):
    """Asks all that `show` and `report` ask, and what a program may."""
    table.individuals_table(archive.fittest(99))
    table.counts(archive)
    failures(archive, 9)
    page([Subject("mine", sound.SEARCH, archive, {}, "")])
    pareto_front(archive.individuals(), "parameters")
    outcome_of(archive)
    verify(sound.SEARCH, archive).in_words()
    archive.settled()
    archive.judgements()
    archive.trained_as("")
    archive.waiting_for(1)
    read_all(archive)
