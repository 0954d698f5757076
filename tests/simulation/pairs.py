"""Which event of a worker meets an individual in which state."""

PAIRS = {
    f"{kind} of {state}"
    for kind in ("progress", "finished", "failed", "lost")
    for state in (
        "one that is trained",
        "one that is lost",
        "one that has ended",
        "an earlier attempt",
    )
} | {"progress of one that has asked that"}
NUM_SEEDS = 400
"""That many are enough for all of them to be met often."""
OFTEN = 50


def not_as_expected(met):
    """Returns, a line each, what is met too seldom, or should not be met.

    Args:
        met: How often each pair was met, in `NUM_SEEDS` searches or more.
    """
    return [
        f"met {met[pair]} times: {pair}"
        for pair in sorted(PAIRS | set(met))
        if pair not in PAIRS or met[pair] < OFTEN
    ]
