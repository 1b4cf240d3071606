"""What comes in: JSON that no database and no program chokes on, and files; all else is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kariz.api.problems import LARGEST, Problem, too_large

LARGEST_FILE = 200 * 1024 * 1024
DEEPEST = 16
BAD_CHARACTERS = ("\\u0000", "\\ud", "\\uD")


def read(request: HttpRequest) -> bytes:
    """The JSON of a request, not read yet. Raises a `Problem`."""
    content = request.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise too_large(LARGEST)
    if content and request.content_type != "application/json":
        raise Problem(
            415, "unsupported_media_type", _("Send JSON, with the header “Content-Type: application/json”.")
        )
    return content


def parse(text: bytes | str) -> Any:
    """JSON as values. Raises a `Problem`."""
    try:
        plain = text.decode() if isinstance(text, bytes) else text
        found = json.loads(plain, parse_constant=_refuse)
        if any(mark in plain for mark in BAD_CHARACTERS):
            _check_characters(found)
        _check_depth(found)
    except (ValueError, RecursionError) as error:
        told = _("This is no JSON that can be read: %(reason)s") % {"reason": _reason(error)}
        raise Problem(400, "bad_json", told) from None
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, {error.lineno}:{error.colno}"
    return _("it is nested too deeply.") if isinstance(error, RecursionError) else str(error)[:100]


def _check_characters(found: Any) -> None:
    """Half a character, and the one that ends a text in C, cannot be stored. Raises `ValueError`."""
    written = json.dumps(found, ensure_ascii=False)
    written.encode()
    if "\\u0000" in written:
        raise ValueError("\\u0000")


def _check_depth(found: Any) -> None:
    level = [found]
    for _depth in range(DEEPEST):
        level = [one for value in level for one in _inside(value)]
        if not level:
            return
    raise RecursionError


def _inside(value: Any) -> list[Any]:
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in held if isinstance(one, dict | list)]


def form(request: HttpRequest) -> tuple[Mapping[str, str], Mapping[str, Any], bytes]:
    """The texts and files of a form, and what tells this form from another one. Raises a `Problem`."""
    if request.content_type != "multipart/form-data":
        raise Problem(415, "unsupported_media_type", _("Send a form with a file: multipart/form-data."))
    texts = request.POST.dict()
    files: dict[str, Any] = dict(request.FILES.items())
    if any(one.size > LARGEST_FILE for one in files.values()):
        raise too_large(LARGEST_FILE)
    if any("\x00" in text for text in texts.values()):
        raise Problem(400, "bad_form", _("The form cannot be read: %(reason)s") % {"reason": "\\x00"})
    return texts, files, _told_apart(texts, files)


def _told_apart(texts: Mapping[str, str], files: Mapping[str, Any]) -> bytes:
    found = hashlib.sha256(json.dumps(texts, sort_keys=True).encode())
    for name, file in sorted(files.items()):
        found.update(f"{name} {file.name}".encode())
        for chunk in file.chunks():
            found.update(chunk)
        file.seek(0)
    return found.digest()
