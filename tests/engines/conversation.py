"""What tests say to an engine, and wait to hear from it."""

from hnas_tf import load_genotype
from hnas_tf.engines import Task
from hnas_tf.events import Progress, Ready

GENOTYPE = load_genotype("liu2018")


def task(number, attempt=1):
    return Task(number, attempt, GENOTYPE)


def wait_for(kind, engine):
    """Returns the next event of a kind; what comes before must be ready."""
    while True:
        for event in engine.next_events():
            if isinstance(event, kind):
                return event
            assert isinstance(event, Ready)


def await_idle(engine, number=1):
    """Waits until so many workers are idle."""
    while engine.num_idle < number:
        wait_for(Ready, engine)


def end_of(engine, individual):
    """Answers all questions; returns the event that ends an individual."""
    while True:
        for event in engine.next_events():
            if isinstance(event, Progress):
                engine.go_on(event.individual, event.attempt)
            elif not isinstance(event, Ready):
                assert event.individual == individual
                return event


def settle(engine, one, ahead=None):
    """Submits a task; returns the event that ends its individual."""
    await_idle(engine)
    engine.submit(one, ahead)
    return end_of(engine, one.individual)
