"""A browser without scripts that walks through the wizard."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kariz.core import registry
from kariz.features.transfer.models import Import
from kariz.jobs import worker


def upload(client: Client, *files: tuple[str, str | bytes], kind: str = "") -> Import:
    contents = [
        SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text) for name, text in files
    ]
    client.post("/import/", {"files": contents, "type": kind})
    return Import.objects.latest("pk")


def walk(client: Client, run: Import, **said: str) -> None:
    """Answer each page with what it proposes, and run the import."""
    answer(client, run, **said)
    client.post(f"/import/{run.pk}/check/")
    worker.drain()
    run.refresh_from_db()


def answer(client: Client, run: Import, **said: Any) -> None:
    """Up to the check; `match` and `on_match` are the answers about known records, what else is said about columns."""
    match, on_match = said.pop("match", None), said.pop("on_match", "update")
    map_columns(client, run, **said)
    if client.get(f"/import/{run.pk}/values/").status_code == 200:
        worker.drain()  # for the files that are too large to be read at once
    page = client.get(f"/import/{run.pk}/values/")
    if page.status_code == 200:
        answers = {}
        for question in page.context["questions"]:
            for one in question["unknown"]:
                name = f"value_{question['file'].pk}:{question['name']}:{one['text']}"
                answers[name] = one["nearest"] or "=fail"
        client.post(f"/import/{run.pk}/values/", answers)
    if match is not None:
        known = {f"match_{file.pk}": match for file in run.files.all()}
        ways = {f"on_match_{file.pk}": on_match for file in run.files.all()}
        client.post(f"/import/{run.pk}/known/", known | ways)


def map_columns(client: Client, run: Import, **said: str) -> None:
    for file in run.files.all():
        page = client.get(f"/import/{run.pk}/columns/{file.pk}/")
        chosen = {f"column_{one['number']}": one["field"] for one in page.context["columns"]}
        client.post(f"/import/{run.pk}/columns/{file.pk}/", {"columns": "1", **chosen, **said})


def bring(client: Client, kind: str, text: str, **said: Any) -> Import:
    """Import one file, with all suggestions taken except what is said."""
    run = upload(client, (f"{kind}s.csv", text), kind=kind)
    walk(client, run, **said)
    return run


def names(kind: str) -> list[str]:
    return sorted(registry.get(kind).model.objects.values_list("name", flat=True))


def counts(run: Import) -> tuple[int, int, int, int]:
    """Created, updated, skipped, failed."""
    [file] = run.files.all()
    return file.created_count, file.updated_count, file.skipped_count, file.failed_count


def reasons(run: Import) -> list[str]:
    return [" ".join(row.reasons) for file in run.files.all() for row in file.failures.all()]
