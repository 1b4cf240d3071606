"""Columns that follow another."""

from typing import TYPE_CHECKING, Any

from django.db import models

from kariz.lib.text import fold

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
else:
    CharField = models.CharField
FIXED = {"editable": False, "blank": True, "default": "", "db_default": ""}


class FoldedField(CharField):
    """Another text column as people are compared by, so that the database can keep them apart; never set by hand."""

    def __init__(self, *, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(**{**kwargs, **FIXED})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kept = {key: value for key, value in kwargs.items() if key not in FIXED}
        return name, path, args, {**kept, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = fold(getattr(model_instance, self.of) or "")
        setattr(model_instance, self.attname, folded)
        return folded
