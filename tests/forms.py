"""What a browser without scripts makes of a page: its forms with their values, ready to be sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

Fields = dict[str, list[str]]


@dataclass
class Form:
    action: str = ""
    method: str = "get"
    fields: Fields = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    required: set[str] = field(default_factory=set)

    def filled(self, /, **values: Any) -> Fields:
        """What is sent after somebody has filled these fields in."""
        given = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
        return self.fields | given


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: list[Form] = []
        self._select = ""
        self._options: list[tuple[str | None, bool]] = []
        self._is_multiple = False
        self._textarea = ""
        self._templates = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._templates += tag == "template"
        if self._templates:
            return
        if tag == "form":
            address = found.get("action") or found.get("hx-post") or found.get("hx-get", "")
            method = found.get("method", "post" if "hx-post" in found else "get").lower()
            self._open.append(Form(address, method))
            self.forms.append(self._open[-1])
        elif self._open and "name" in found and "disabled" not in found:
            self._control(tag, found)
        elif tag == "option" and self._select:
            self._options.append((found.get("value"), "selected" in found))

    def _control(self, tag: str, found: dict[str, str]) -> None:
        form, name = self._open[-1], found["name"]
        if "required" in found:
            form.required.add(name)
        if tag == "select":
            self._select, self._options, self._is_multiple = name, [], "multiple" in found
        elif tag == "textarea":
            self._textarea = name
            form.fields.setdefault(name, []).append("")
        elif tag == "button" and found.get("type", "submit") == "submit":
            form.buttons.append((name, found.get("value", "")))
        elif tag == "input" and (found.get("type") not in ("checkbox", "radio") or "checked" in found):
            form.fields.setdefault(name, []).append(found.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._open[-1].fields[self._textarea][-1] += data
        elif self._select and self._options and self._options[-1][0] is None:
            self._options[-1] = (
                data.strip(),
                self._options[-1][1],
            )  # an option without a value means its text

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        if tag == "form" and self._open:
            self._open.pop()
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "select" and self._select:
            chosen = [value or "" for value, is_chosen in self._options if is_chosen]
            first = [] if self._is_multiple else [value or "" for value, _chosen in self._options[:1]]
            self._open[-1].fields.setdefault(self._select, []).extend(chosen or first)
            self._select = ""


def forms(answer: Any) -> list[Form]:
    reader = _Reader()
    reader.feed(answer.content.decode())
    return reader.forms


def form(answer: Any, control: str) -> Form:
    """The last form that has a control, or a button, of this name."""
    found = [one for one in forms(answer) if control in one.fields or control in dict(one.buttons)]
    assert found, f"No form has {control!r}: {[sorted(one.fields) for one in forms(answer)]}"
    return found[-1]


def send(client: Client, answer: Any, control: str, /, **values: Any) -> Any:
    """Fill in the form that has this control, and send it."""
    found = form(answer, control)
    address = found.action or answer.request["PATH_INFO"]
    sending = getattr(client, found.method)
    return sending(address, found.filled(**values))
