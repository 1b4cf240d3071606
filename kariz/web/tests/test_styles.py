"""Templates, styles and scripts agree with each other, and with what the Content-Security-Policy lets run."""

import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
STATIC = PACKAGE / "web/static/web"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
PAINTERS = sorted(path for path in PACKAGE.rglob("*.py") if "tests" not in path.parts)
STYLES = sorted(STATIC.glob("css/*.css"))
SCRIPTS = sorted(STATIC.glob("js/*.js"))

PHYSICAL = re.compile(
    r"(?:^|[;{\s])((?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height"
    r"|(?:min|max)-(?:width|height)|float|clear|text-align|resize)\s*:\s*([^;}]+)"
)
PHYSICAL_VALUES = {"left", "right", "top", "bottom", "horizontal"}
EITHER_WAY = {"float", "clear", "text-align", "resize"}  # wrong only with a physical value
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)


def found(pattern: str, paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Each match with the file it stands in."""
    for path in paths:
        for match in re.finditer(pattern, path.read_text(), re.DOTALL):
            yield match[1], str(path.relative_to(PACKAGE))


def test_styles_speak_of_start_and_end_so_that_they_mirror_by_themselves():
    physical = [
        f"{path.name}: {name}: {value.strip()}"
        for path in STYLES
        for name, value in PHYSICAL.findall(path.read_text())
        if name not in EITHER_WAY or value.strip() in PHYSICAL_VALUES
    ]
    assert physical == []


def test_every_class_that_a_template_uses_has_a_style():
    known = {name for name, _ in found(r"\.([a-z][a-z0-9_-]*)", [*STYLES, *SCRIPTS])}
    known |= {name.partition("__")[0] for name in known}
    known |= {name for name, _ in found(r'hx-[a-z-]+="[^"]*\.([a-z][a-z0-9_-]*)"', TEMPLATES)}
    used = {
        (name, path)
        for names, path in found(r'class="([^"]*(?:\{%.*?%\}[^"]*)*)"', TEMPLATES)
        for name in re.sub(r"\S*\{\{.*?\}\}\S*", " ", TAG.sub(" ", names)).split()
    }
    assert sorted((name, path) for name, path in used if name not in known) == []


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    kept = set((STATIC / "icons.txt").read_text().split())
    asked = {
        *found(r'_icon\.html" with name="([a-z0-9-]+)"', TEMPLATES),
        *found(r'\{% icon "([a-z0-9-]+)"', TEMPLATES),
    }
    asked |= {*found(r'\bicon="([a-z0-9-]+)"', [*TEMPLATES, *PAINTERS])}
    assert sorted((name, path) for name, path in asked if name not in kept) == []


def test_no_template_carries_scripts_or_styles_that_the_browser_would_refuse():
    inline = [
        *found(r"(<script(?![^>]*\ssrc=)[^>]*>)", TEMPLATES),
        *found(r"<[a-z][^>]*(\s(?:style|on[a-z]+|hx-on[^=]*)=)", TEMPLATES),
    ]
    assert inline == []


def test_the_table_of_contents_names_every_style_and_every_behaviour():
    styles = {name for name, _ in found(r'url\("([a-z-]+\.css)"\)', [STATIC / "css/app.css"])}
    assert styles == {path.name for path in STYLES} - {"app.css"}
    imported = {name for name, _ in found(r'"\./([a-z-]+\.js)"', SCRIPTS)}
    assert imported == {path.name for path in SCRIPTS} - {"app.js"}
