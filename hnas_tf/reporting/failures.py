"""Why individuals failed, as text."""

from collections import Counter
from itertools import islice
from typing import Any

from hnas_tf.archive import Archive
from hnas_tf.errors import escaped

_LAST_LINES = 5


def failures(archive: Archive, limit: int) -> str:
    """Returns how often which reason occurred, and the latest failures.

    Args:
        archive: Of the search.
        limit: How many of them are shown.
    """
    failed = archive.events(kind="failed")
    num_lost = len(archive.events(kind="lost"))
    reasons = Counter(event["reason"] for event in failed)
    lines = [
        f"{len(failed)} individuals failed; workers were lost {num_lost} times"
    ]
    lines += [
        f"  {number} {escaped(reason)}"
        for reason, number in reasons.most_common()
    ]
    lines += map(in_words, islice(reversed(failed), limit))
    return "\n".join(lines)


def in_words(failed: dict[str, Any]) -> str:
    """Returns who failed and why, a line, and the last words below it.

    Args:
        failed: The event.
    """
    lines = failed["detail"].strip().splitlines()[-_LAST_LINES:]
    first = (
        f"individual {failed['individual']}, attempt {failed['attempt']}: "
        f"{escaped(failed['reason'])}"
    )
    return "\n".join([first, *(f"    {escaped(line)}" for line in lines)])
