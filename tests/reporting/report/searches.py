"""Searches to report on, made event by event."""

from hnas_tf.archive import open_search
from hnas_tf.config import EvolutionConfig, SearchConfig
from hnas_tf.events import Failed, Finished, Lost, Reused, Submitted
from hnas_tf.evolution import Mutation, Proposal
from hnas_tf.evolution.mutation import apply
from hnas_tf.genotype import Genotype, Motif
from hnas_tf.plan import Cost
from hnas_tf.reporting.report import Subject

TRIVIAL = Genotype(
    (
        tuple(Motif(((None,), (None, None), (None,) * 3)) for _ in range(6)),
        (Motif(((None,), (None, None), (None,) * 3, (None,) * 4)),),
    )
)
"""A genotype of the paper's sizes that carries nothing."""

FIRST = apply(
    TRIVIAL,
    Mutation(2, 1, 4, 1, "conv_1x1"),
    Mutation(2, 2, 4, 1, "identity"),
    Mutation(3, 1, 5, 1, 1),
)
MARKUP = "<script>alert('markup')</script><b>bold</b>"
START = 1_000.0
CONFIG = SearchConfig(
    evolution=EvolutionConfig(num_evaluations=4, initial_population=2)
)

Event = Submitted | Finished | Failed | Lost | Reused


def write(workdir, *events):
    """Writes an archive of a family of three, and of one that failed.

    Individual 1 is random; 2 is its child by an added edge, 3 that of 2 by a
    removed one that is not built, 4 is random. Events are pairs of a time
    after the start and an event.
    """
    added = Mutation(3, 1, 3, 1, 2)
    removed = Mutation(2, 6, 2, 1, "max_pool_3x3")
    second = apply(FIRST, added)
    family = [
        Proposal(1, FIRST, Cost(100, 1_000, 10_000), "a"),
        Proposal(
            2, second, Cost(200, 2_000, 20_000), "b", parent=1, mutation=added
        ),
        Proposal(
            3,
            apply(second, removed),
            Cost(200, 2_000, 20_000),
            "b",
            parent=2,
            mutation=removed,
        ),
        Proposal(4, FIRST, Cost(50, 500, 5_000), "c"),
    ]
    with open_search(workdir, CONFIG) as archive, archive.transaction():
        for proposal in family:
            archive.add(proposal, equal_to=2 if proposal.number == 3 else None)
        for seconds, event in events:
            archive.record(event, time=START + seconds)
    return CONFIG


def events():
    """Returns events of a worker that is lost, and then of two at a time."""
    parts = {"building": 1.0, "training": 7.0}
    return [
        (0, Submitted(1, 1)),
        (5, Lost(1, 1, "killed")),
        (5, Submitted(1, 2)),
        (15, Finished(1, 2, (0.5, 0.6), parts)),
        (15, Submitted(2, 1)),
        (15, Submitted(4, 1)),
        (20, Failed(4, 1, "out of memory", MARKUP)),
        (35, Finished(2, 1, (0.8, 0.9), parts)),
        (35, Reused(3, 2)),
    ]


def subject(archive, config, name="runs/mine"):
    return Subject(name, config, archive, {"Again": "python -m x"}, "Verified.")
