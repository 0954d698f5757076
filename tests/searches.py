"""What a search came to, and what must hold of it whatever happened."""

from dataclasses import replace

from hnas_tf.archive import CONFIG_NAME, Archive, read_config
from hnas_tf.evolve import verify

ENDS = ("finished", "failed", "reused")


def verify_all(folder):
    """Verifies every search that lies in a folder, however deep.

    Raises:
        AssertionError: if one does not repeat.
    """
    for path in sorted(folder.rglob("search.sqlite")):
        if (path.parent / CONFIG_NAME).is_file():
            with Archive.open(path.parent) as archive:
                config = read_config(path.parent / CONFIG_NAME)
                assert verify(config, archive).problems == []


def results(workdir):
    """Returns the individuals of a search, apart from when they were asked for.

    Raises:
        AssertionError: if something happened twice, or does not repeat.
    """
    with Archive.open(workdir) as archive:
        config = read_config(workdir / CONFIG_NAME)
        assert verify(config, archive).problems == []
        individuals = archive.individuals()
        for one in individuals:
            check_history(one, archive.events(individual=one.number))
    # A disturbed search has more events.
    return [replace(one, known_event=0) for one in individuals]


def check_history(one, events):
    """Checks that all that happened to an individual happened once.

    Raises:
        AssertionError: if it did not.
    """
    kinds = [event["kind"] for event in events]
    ends = [kind for kind in kinds if kind in ENDS]
    assert len(ends) <= 1, "an evaluation was counted twice"
    assert one.state.is_final() == bool(ends), "state and events differ"
    if "finished" in kinds:
        (finished,) = (e for e in events if e["kind"] == "finished")
        mean = sum(finished["accuracies"]) / len(finished["accuracies"])
        assert abs(one.fitness - mean) < 1e-12, "the fitness is another's"
    _check_attempts(events)


def _check_attempts(events):
    current = 0
    is_running = has_ended = False
    asked = set()
    for event in events:
        kind, attempt = event["kind"], event["attempt"]
        assert not has_ended, "something happened after its end"
        has_ended = kind in ENDS
        if kind == "submitted":
            assert attempt == current + 1, "attempts do not follow"
            current, is_running = attempt, True
        elif kind in ("progress", "finished", "lost"):
            assert is_running and attempt == current, (
                "an event of an attempt that was given up"
            )
            is_running = kind == "progress"
        if kind == "progress":
            place = (attempt, event["repeat"], event["share"])
            assert place not in asked, "a question was written twice"
            asked.add(place)


def check_begun(workdir, folder):
    """Checks that what was evaluated had been written down, and began once.

    Args:
        workdir: Of the search.
        folder: With the notes of its workers, as in `toy_ahead`.

    Raises:
        AssertionError: if it was not.
    """
    with Archive.open(workdir) as archive:
        submitted, finished = (
            {(e["individual"], e["attempt"]) for e in archive.events(kind=kind)}
            for kind in ("submitted", "finished")
        )
    begun = {}
    for path in folder.glob("evaluated-*"):
        _, individual, attempt = path.name.split("-")
        lines = path.read_text().splitlines()
        begun[int(individual), int(attempt)] = len(lines)
    assert finished <= begun.keys() <= submitted
    assert max(begun.values()) == 1, "an attempt began twice"
