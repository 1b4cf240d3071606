"""Tells people what happened. Knows users and texts, no records.

text = gettext_noop("%(name)s was assigned to you.")
notices.tell([owner], text, params={"name": "Acme"}, url="/leads/7/")
"""

from kariz.notices.telling import MOST_COUNTED, mark_read, recent, tell, unread_count

__all__ = ["MOST_COUNTED", "mark_read", "recent", "tell", "unread_count"]
