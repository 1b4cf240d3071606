"""The source keeps its own rules."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kariz"
CUSTOMARY = {"__pycache__", "management", "migrations", "static", "templates", "templatetags", "tests"}
SOURCES = sorted(
    path
    for path in PACKAGE.rglob("*")
    if path.suffix in {".py", ".html", ".css", ".js"} and not {"vendor", "migrations"} & set(path.parts)
)
TEMPLATES = [path for path in SOURCES if path.suffix == ".html"]


def folders_that_exist() -> set[str]:
    folders = {path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")}
    return {
        "/".join(folder.parts[:2]) for folder in folders if folder.parts and not CUSTOMARY & set(folder.parts)
    }


def folders_in_the_tree() -> set[str]:
    tree = (ROOT / "ARCHITECTURE.md").read_text().split("```\nkariz/\n")[1].split("```")[0]
    found: list[str] = []
    parent = ""
    for indent, name in re.findall(r"^( +)(\w+)/", tree, re.MULTILINE):
        parent = name if len(indent) == 2 else parent
        found.append(name if len(indent) == 2 else f"{parent}/{name}")
    return set(found)


def test_the_architecture_page_names_the_folders_that_exist():
    assert folders_in_the_tree() == folders_that_exist()


def test_no_file_has_more_than_400_lines():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: length for path, length in lengths.items() if length > 400} == {}


def test_every_module_and_folder_is_named_by_its_subject():
    names = {path.stem for path in SOURCES} | {path.parent.name for path in SOURCES}
    assert names.isdisjoint({"utils", "util", "helpers", "helper", "common", "misc"})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_has_no_text_outside_translation(path: Path):
    assert untranslated(path.read_text()) == []


def untranslated(template: str) -> list[str]:
    """The words that a reader would see and a translator would not."""
    rest = re.sub(
        r"{% blocktranslate.*?endblocktranslate %}|{% comment.*?endcomment %}", "", template, flags=re.DOTALL
    )
    rest = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", rest, flags=re.DOTALL)
    rest = re.sub(r"<(script|style|kbd|code)\b.*?</\1>|<!--.*?-->", "", rest, flags=re.DOTALL)
    spoken = re.findall(r'(?:title|placeholder|alt|aria-label)="([^"]*)"', rest)
    words = re.findall(
        r"[^\W\d_]{2,}", " ".join([*spoken, re.sub(r"<[^>]*>", " ", re.sub(r"&\w+;", " ", rest))])
    )
    return [word for word in words if word != "Kariz"]
