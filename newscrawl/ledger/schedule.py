"""When an article is looked at again, and when it is given up."""

from datetime import datetime, timedelta

SOONEST = timedelta(hours=1)
GROWTH = 0.5
LAST = timedelta(days=3)

MAX_ATTEMPTS = 10
"""Failed attempts in as many runs, after which an article is given up."""
AGAIN = timedelta(days=1)
"""After which an article that was given up is asked for once more, as long as a list shows it."""
FORGOTTEN = timedelta(days=7)
"""After which an article that is not there yet is given up, however few attempts were made."""


def next_look(looked_at: datetime, since: datetime) -> datetime | None:
    """Return when to look for a revision of an article again, or None for never.

    The first look is an hour after the last; each next one when the time since *since* has grown by half. Once that is
    three days there is none: ten looks in all for a story that never changes.

    Args:
        looked_at: the last look, aware.
        since: when the article was published or last changed, as far as is known; aware.

    >>> from datetime import UTC
    >>> since = now = datetime(2026, 2, 24, 12, tzinfo=UTC)
    >>> looks = []
    >>> while now := next_look(now, since):
    ...     looks.append((now - since) / timedelta(hours=1))
    >>> [round(look, 1) for look in looks]
    [1.0, 2.0, 3.0, 4.5, 6.8, 10.1, 15.2, 22.8, 34.2, 51.3]
    """
    age = max(looked_at - since, timedelta())
    following = looked_at + max(SOONEST, age * GROWTH)
    return following if following - since <= LAST else None
