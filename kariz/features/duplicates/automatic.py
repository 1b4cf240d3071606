"""Rules that merge by themselves, where the administrator says so: after the daily scan, undone like any merge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from kariz import jobs
from kariz.core import merging, records
from kariz.core.merging import MOST, Group
from kariz.features.duplicates import rules
from kariz.features.duplicates.models import DuplicateGroup, DuplicateMember
from kariz.features.duplicates.reading import read
from kariz.features.duplicates.rules import Recognition
from kariz.features.duplicates.sides import match

AT_ONCE = 500


@jobs.task("merge_duplicates")
def merge_duplicates(job: Any) -> dict[str, int]:
    """Merge what is as like as the rule of its type asks; tells how many groups of each type were."""
    done = {}
    for one in rules.every().values():
        if one.rule.merges_from is not None:
            done[one.record_type.name] = _merge(job, one, one.rule.merges_from)
    return done


def _merge(job: Any, recognition: Recognition, least: int) -> int:
    wanted = list(_wanted(recognition, least))
    if not wanted:
        return 0
    batch = records.batch_of("merge", None, _("Duplicates"))
    merged = merging.merge_groups(
        recognition.record_type, wanted, user=None, batch=batch, progress=job.progress
    )
    return len(merged.done)


def _wanted(recognition: Recognition, least: int) -> Iterator[Group]:
    """In each group the proposed primary, and those that are as like it as is asked: not what is only like those."""
    record_type = recognition.record_type
    for members in _members(recognition, least):
        ids = {pk for having in members for pk in having}
        said = read({record_type.name: ids}, None)
        known = record_type.model.objects.in_bulk(ids)
        allowed = merging.allowed_to(record_type, known.values(), None)
        for having in members:
            found = [known[pk] for pk in having if pk in known and (record_type.name, pk) in said]
            primary = merging.proposed(record_type, found, allowed) if len(found) > 1 else None
            if primary is None:
                continue
            side = said[record_type.name, primary.pk].side
            others = [
                one.pk
                for one in found
                if one is not primary and match(side, said[record_type.name, one.pk].side).score >= least
            ]
            if others:
                yield Group(primary.pk, tuple(others[: MOST - 1]))


def _members(recognition: Recognition, least: int) -> Iterator[list[list[int]]]:
    """The ids of each open group's members of this type, some groups at a time."""
    waiting = DuplicateGroup.objects.filter(
        family=recognition.family, state=DuplicateGroup.State.OPEN, score__gte=least
    )
    last = 0
    while ids := list(waiting.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        last = ids[-1]
        found: dict[int, list[int]] = defaultdict(list)
        rows = DuplicateMember.objects.filter(group__in=ids, record_type=recognition.record_type.name)
        for group, pk in rows.order_by("record_id").values_list("group_id", "record_id"):
            found[group].append(pk)
        yield [having for having in found.values() if len(having) > 1]
