"""Brings the catalogues of translations up to date with the source and compiles them, without gettext's own tools."""

from collections.abc import Collection, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "kariz"
LANGUAGES = ("fa", "tr")
HEADER: dict[str, Any] = {
    "project": "Kariz",
    "version": "CRM",
    "header_comment": "# Written by `make messages`; the translations are edited here.",
    "msgid_bugs_address": "see CONTRIBUTING.md",
    "last_translator": "The Kariz contributors",
    "language_team": "The Kariz contributors",
    "charset": "utf-8",
}
LAZY = {
    f"{name}_lazy": DEFAULT_KEYWORDS.get(name) for name in ("gettext", "ngettext", "pgettext", "npgettext")
}
KEYWORDS = DEFAULT_KEYWORDS | LAZY | {"gettext_noop": None}


def extract_template(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Any
) -> Iterable[Any]:
    """Django turns a template into something like Python; without its indents, the Python extractor reads it."""
    pythonic = templatize(file.read().decode())
    unindented = "\n".join(line.strip() for line in pythonic.splitlines())
    return extract_python(BytesIO(unindented.encode()), keywords, tags, options)


METHODS: dict[str, Any] = {".py": "python", ".html": extract_template, ".txt": extract_template}


def texts() -> Catalog:
    """Every text for people in the source, with the files it stands in."""
    catalog = Catalog(**HEADER)
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in METHODS and not {"migrations", "static", "tests", "tests.py"} & set(path.parts):
            with path.open("rb") as file:
                for _line, message, comments, context in extract(
                    METHODS[path.suffix], file, KEYWORDS, ["Translators:"], strip_comment_tags=True
                ):
                    place = (str(path.relative_to(PACKAGE.parent)), 0)
                    catalog.add(message, locations=[place], auto_comments=comments, context=context)
    return catalog


def update(language: str, wanted: Catalog) -> str:
    """Add what is new, drop what is gone, keep what is translated; say how much is left to translate."""
    po = PACKAGE / "locale" / language / "LC_MESSAGES/django.po"
    po.parent.mkdir(parents=True, exist_ok=True)
    catalog = Catalog(locale=language, fuzzy=False, **HEADER)
    if po.exists():
        with po.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    with po.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False, ignore_obsolete=True, sort_output=True)
    with po.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    open_texts = [message for message in catalog if message.id and not _is_translated(message)]
    return f"{language}: {len(catalog)} texts, {len(open_texts)} to translate"


def _is_translated(message: Message) -> bool:
    forms = [message.string] if isinstance(message.string, str) else message.string or [""]
    return all(forms)


def main() -> None:
    settings.configure(USE_I18N=False)
    wanted = texts()
    for language in LANGUAGES:
        print(update(language, wanted))


if __name__ == "__main__":
    main()
