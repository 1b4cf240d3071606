"""The words that a sample company is made of, in one language: `languages/*.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from kariz.lib.text import fold

LANGUAGES = ("en", "fa", "tr")
NAMES = ("first_names", "last_names", "company_names")


@dataclass(frozen=True)
class Words:
    """Names come with their spelling in Latin letters, for e-mail addresses and user names."""

    company: dict[str, str]
    teams: dict[str, list[str]]
    people: list[dict[str, str]]
    products: list[dict[str, Any]]
    first_names: dict[str, str]
    last_names: dict[str, str]
    company_names: dict[str, str]
    trades: list[str]
    cities: list[str]
    streets: list[str]
    positions: list[str]
    needs: list[str]
    steps: list[str]
    interests: list[str]
    areas: list[str]
    sales: str
    country: str
    custom_field: str
    view: str
    deal: str
    organization: str
    address: str
    mobile: str
    landline: str
    mobiles: tuple[str, ...] = ("",)


def of(language: str) -> Words:
    text = resources.files(__package__).joinpath("languages", f"{language}.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    words = read.pop("words")
    spelt: dict[str, Any] = {name: _spelt(words.pop(name)) for name in NAMES}
    return Words(**read, **words, **spelt)


def _spelt(names: dict[str, str] | list[str]) -> dict[str, str]:
    """Latin names without accents; a language of another script gives the spelling itself."""
    return names if isinstance(names, dict) else {name: fold(name).replace(" ", "-") for name in names}
