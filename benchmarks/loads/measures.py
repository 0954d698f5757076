"""What is made of the two marks of a search, as numbers and in words."""

import os

from benchmarks import memory
from benchmarks.loads.driver import Found

_NEARLY = 0.95


def between(found: Found) -> dict[str, float]:
    """Returns by how much the second mark is above the first."""
    first, last = found["marks"]
    return {name: last[name] - first[name] for name in first}


def rate(found: Found) -> float:
    """Returns individuals a second."""
    its = between(found)
    return its["individuals"] / its["seconds"]


def bytes_each(found: Found) -> float:
    """Returns the bytes by which the driver grew with an individual."""
    its = between(found)
    return its["resident"] / its["individuals"]


def share_of_a_core(found: Found) -> float:
    """Returns what the loop computes, of the time of its workers."""
    its = between(found)
    return its["computed"] / its["engine_seconds"]


def idle(found: Found) -> float:
    """Returns the share of worker time outside of any evaluation."""
    return float(found["idle_fraction"])


def late_megabytes(found: Found) -> float:
    """Returns what a worker holds in the end."""
    return memory.growth(found["megabytes"]).late


def spent(found: Found) -> str:
    """Says where the time of the loop goes, and what sets the limit."""
    its = between(found)
    computes, listens, driver, machine = (
        its[name] / its["seconds"]
        for name in ("computed", "listened", "process", "machine")
    )
    stands = max(0.0, 1 - computes - listens)
    return (
        f"limit: {_limit(computes, listens, stands, machine)}. The controller "
        f"computes {computes:.0%} of the time, waits for workers {listens:.0%},"
        f" for a disk or a core {stands:.0%}; its process takes {driver:.2f} "
        f"cores; {machine:.2f} of {os.cpu_count()} are busy"
    )


def _limit(
    computes: float, listens: float, stands: float, machine: float
) -> str:
    if computes >= max(listens, stands):
        return "the controller"
    if machine >= _NEARLY * (os.cpu_count() or 1):
        return "the cores of this machine"
    return "the workers" if listens >= stands else "the disk"


def slept(found: Found) -> str:
    """Says how many evaluations the idle share is of."""
    return f"{found['finished']} evaluations; {spent(found)}"


def grown(found: Found) -> str:
    """Says what the driver holds at both marks."""
    return ", ".join(
        f"{mark['resident'] / 1e6:,.0f} MB at {mark['individuals']:,}"
        for mark in found["marks"]
    )


def modelled(found: Found) -> str:
    """Says what a result costs, and how long a worker waits for more."""
    its = between(found)
    waits = ", ".join(
        f"{name} {1e3 * seconds:,.2f}"
        for name, seconds in found["waits"].items()
    )
    return (
        f"{its['individuals'] / its['engine_seconds']:.2f} results/s, "
        f"{1e3 * its['computed'] / its['individuals']:.2f} ms each; a worker "
        f"waits for its next word, ms: {waits}"
    )


def held(found: Found) -> str:
    """Says how the memory of a worker grew."""
    return memory.growth(found["megabytes"]).in_words()
