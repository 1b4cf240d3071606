"""The audit log: who did what, when, from where. Everything may write to it; nobody can change it unnoticed.

audit.kind("export.ended", _("Records exported"))
audit.note("export.ended", user=user, about=("lead", None, "Leads"), rows=12)

with audit.changing("settings.field", setting):  # one transaction; what differs afterwards is noted
    setting.save()

An entry is written in the caller's transaction: what is rolled back was not done, and what cannot be noted does not
happen. Who asks, from which address and with which browser is known of every request (`origins`).

How the log is kept from being changed, in four parts:

- Each entry is signed when it is written (`mac`, by a key made of SECRET_KEY): a row that somebody inserts into the
  database is none of ours, and is never taken into the chain.
- Entries are linked into a chain in a second step (`sealing`), right after their transaction and by a job besides. To
  link them at once would need a lock from the first entry of a transaction to its end: a sign-in would wait for
  somebody else's long import. So the lock is held for a few statements only, and whoever finds it taken leaves the
  entries to its holder or to the job.
- Each link's `hash` is SHA-256 over the link before it, its number and the entry. The one row of `Chain` holds the
  number and hash of the last link (and of the last one that was cut off), signed with the key: links that are changed,
  removed, swapped or recomputed, and a cut tail, do not lead to what is signed there.
- Triggers in the database refuse to change or delete entries (`guards`).

What names a person (who, address, browser, title, details) is outside of the signed form: only its salted digest is
signed. `forget` can so replace a name in old entries. It notes which entries those were and their new digests:
other changes are still noticed.

Somebody with the database alone can put an old state of the whole log back, end and all. Against this one keeps the
end elsewhere: `kariz audit --verify` prints it, the worker's log has it every day, and `--expect` compares.
"""

from kariz.audit.cutting import cut
from kariz.audit.forgetting import forget, naming
from kariz.audit.kinds import group, kind
from kariz.audit.origins import Origin, origin_of, present
from kariz.audit.sealing import adopt, seal
from kariz.audit.verifying import Report, verify
from kariz.audit.writing import changing, note

__all__ = [
    "Origin",
    "Report",
    "adopt",
    "changing",
    "cut",
    "forget",
    "group",
    "kind",
    "naming",
    "note",
    "origin_of",
    "present",
    "seal",
    "verify",
]
