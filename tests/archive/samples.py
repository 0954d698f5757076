"""Archives of small searches."""

import contextlib
import resource

from hnas_tf import events
from hnas_tf.archive import open_search
from hnas_tf.config import EvolutionConfig, SearchConfig
from hnas_tf.evolution import Controller

CONFIG = SearchConfig(
    evolution=EvolutionConfig(initial_population=4, num_initial_mutations=20)
)


def submit(archive, controller):
    """Proposes, adds and submits an individual; returns its number."""
    proposal = controller.ask(known_event=archive.last_event())
    with archive.transaction():
        archive.add(proposal)
        archive.record(events.Submitted(proposal.number, 1), time=1.0)
    return proposal.number


def record(archive, event):
    """Records an event in a transaction of its own; returns its number."""
    with archive.transaction():
        return archive.record(event, time=2.0)


def fill(archive, num_individuals):
    """Searches on with a toy; all finish; returns their number."""
    controller = Controller(
        CONFIG,
        fetch_genotype=archive.genotype,
        num_proposed=archive.num_individuals(),
        told=archive.population(),
    )
    for _ in range(num_individuals):
        number = submit(archive, controller)
        accuracies = (number % 7 / 7, number % 5 / 5)
        record(archive, events.Progress(number, 1, 1, 0.5, 0.1, ((9, 2.0),)))
        record(archive, events.Finished(number, 1, accuracies))
        controller.tell(archive.told(number))


def new_search(workdir, num_individuals):
    """Makes a search of so many finished individuals; returns its file."""
    with open_search(workdir, CONFIG) as archive:
        fill(archive, num_individuals)
    return workdir / "search.sqlite"


def read_all(archive):
    """Reads whatever an archive has to tell."""
    return (
        archive.individuals(),
        [archive.individual(i.number) for i in archive.individuals()],
        [archive.genotype(i.number) for i in archive.individuals()],
        archive.fittest(5),
        archive.population(),
        archive.unfinished(),
        archive.num_individuals(),
        archive.last_event(),
        list(archive.events()),
        archive.happenings(),
        archive.facts(),
    )


def listing(folder):
    """Returns the sorted names of what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


@contextlib.contextmanager
def files_limited_to(num_bytes):
    """Lets no file of this process grow above a size, as on a full disk.

    Python ignores the signal; a write that goes further fails instead.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
