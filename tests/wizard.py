"""The import wizard in a browser without scripts: a file brought from the first page to the report."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kariz.jobs import worker
from tests.forms import send


def bring(client: Client, kind: str, content: str | bytes, *, name: str = "rows.csv") -> Any:
    """Upload a file, take every suggestion of the wizard, have a worker run it, and open the report."""
    data = content.encode() if isinstance(content, str) else content
    return finish(client, upload(client, kind, data, name=name))


def upload(client: Client, kind: str, content: bytes, *, name: str = "rows.csv") -> Any:
    files = {"type": kind, "files": SimpleUploadedFile(name, content)}
    return client.post(reverse("transfer:upload"), files)


def finish(client: Client, answer: Any) -> Any:
    """From the step that `answer` leads to on to the report."""
    while "/check/" not in answer["Location"]:
        step = client.get(answer["Location"])
        is_asked = step.status_code != 302
        answer = (
            send(client, step, "columns" if "/columns/" in answer["Location"] else "csrfmiddlewaretoken")
            if is_asked
            else step
        )
    report = send(client, client.get(answer["Location"]), "csrfmiddlewaretoken")
    worker.drain()
    return client.get(report["Location"])
