"""Why individuals failed, as text."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from hnas_tf.archive import Archive

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
        f"  {number} {reason}" for reason, number in reasons.most_common()
    ]
    for event in islice(reversed(failed), limit):
        lines.append(
            f"individual {event['individual']}, attempt {event['attempt']}: "
            f"{event['reason']}"
        )
        lines += [f"    {line}" for line in _last_lines(event["detail"])]
    return "\n".join(lines)


def _last_lines(text: str) -> Iterator[str]:
    """Yields the last lines; what could steer a terminal is escaped."""
    for line in text.strip().splitlines()[-_LAST_LINES:]:
        yield "".join(
            letter if letter.isprintable() else repr(letter)[1:-1]
            for letter in line
        )
