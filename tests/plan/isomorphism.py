"""Whether two plans are the same graph, by trying: slow, and plain to see."""

from collections import Counter

from hnas_tf.plan import normalize


def same_graph(first, second):
    """Returns whether operations of normalized plans can be matched."""
    return matching(first, second) is not None


def matching(first, second):
    """Returns which operation of the other normalized plan each one is."""
    ours, theirs = (normalize(plan).operations for plan in (first, second))
    if Counter(map(content, ours)) != Counter(map(content, theirs)):
        return None
    readers = [readers_of(operations) for operations in (ours, theirs)]
    matched = {}
    if can_be_matched(ours, theirs, readers, matched, set()):
        return matched
    return None


def content(operation):
    return operation.kind, operation.width, operation.stride


def readers_of(operations):
    """Returns for every operation what those are that read it."""
    found = [Counter() for _ in operations]
    for operation in operations:
        for i in operation.inputs:
            found[i][content(operation)] += 1
    return found


def can_be_matched(ours, theirs, readers, matched, taken):
    """Returns whether a beginning of a match can be brought to an end.

    Operations are matched in our order, in which inputs come first.
    """
    node = len(matched)
    if node == len(ours):
        return True
    expected = Counter(matched[i] for i in ours[node].inputs)
    for candidate, operation in enumerate(theirs):
        if (
            candidate not in taken
            and content(operation) == content(ours[node])
            and Counter(operation.inputs) == expected
            and readers[0][node] == readers[1][candidate]
        ):
            matched[node] = candidate
            taken.add(candidate)
            if can_be_matched(ours, theirs, readers, matched, taken):
                return True
            del matched[node]
            taken.remove(candidate)
    return False
