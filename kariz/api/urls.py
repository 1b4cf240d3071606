"""The addresses of the API, as the endpoints declare them; whatever else is asked below its root is not found."""

from __future__ import annotations

import re

from django.urls import path, register_converter

from kariz.api import endpoints, openapi, serving
from kariz.api.endpoints import Answer, Call, Endpoint
from kariz.core import registry
from kariz.core.fieldtypes.links import id_in
from kariz.core.registry import RecordType

app_name = "api"


class TypeConverter:
    regex = "[a-z_]+"

    def to_python(self, value: str) -> RecordType:
        try:
            return registry.get(value)
        except KeyError:
            raise ValueError(value) from None

    def to_url(self, value: RecordType | str) -> str:
        return value if isinstance(value, str) else value.name


class IDConverter:
    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        found = id_in(value)
        if found is None:
            raise ValueError(value)
        return found

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(TypeConverter, "api_type")
register_converter(IDConverter, "api_id")

_PARTS = {"type": "<api_type:record_type>", "id": "<api_id:pk>"}


def _route(address: str) -> str:
    return re.sub(r"{(\w+)}", lambda part: _PARTS.get(part[1], f"<slug:{part[1]}>"), address)


def _document(call: Call) -> Answer:
    return Answer(openapi.document(call))


_OPENAPI = Endpoint("GET", "openapi.json", _document, "")

urlpatterns = [
    path("api/v1/openapi.json", serving.view({"GET": _OPENAPI}), name="openapi"),
    *(
        path(f"api/v1/{_route(address)}", serving.view(methods), name=address)
        for address, methods in endpoints.by_path().items()
    ),
    path("api/v1/", serving.view({})),
    path("api/v1/<path:name>", serving.view({}), name="nothing"),
]
