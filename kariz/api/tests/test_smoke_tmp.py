import json

from django.test import Client

from kariz.api import tokens
from tests.conftest import *


def test_smoke(cast):
    token, secret = tokens.make(cast.shirin, "t")
    c = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(method, path, body=None, **headers):
        r = getattr(c, method)(
            f"/api/v1/{path}",
            *([json.dumps(body)] if body is not None else []),
            **({"content_type": "application/json"} if body is not None else {}),
            headers=headers,
        )
        print(
            method,
            path,
            r.status_code,
            r.content.decode()[:600],
            {
                k: v
                for k, v in r.headers.items()
                if k in ("ETag", "Kariz-Batch", "RateLimit-Remaining", "Location", "Content-Language")
            },
        )
        return r

    r = ask(
        "post",
        "lead",
        {
            "name": "Sara",
            "phone": "+98 21 8888 1234",
            "email": "sara@example.com",
            "budget": "1200.50",
            "source": "website",
        },
    )
    pk = r.json()["id"]
    ask("get", f"lead/{pk}?expand=owner,products")
    ask("patch", f"lead/{pk}", {"version": 1, "name": "Sara A"})
    ask("patch", f"lead/{pk}", {"version": 1, "name": "Sara B"}, **{"Accept-Language": "fa"})
    ask("get", "lead?limit=1&fields=name&count=true&name=sara a")
    ask("get", 'lead?where=["name","is","x"]')
    ask("get", 'lead?where=["name"')
    ask(
        "put",
        "lead/upsert",
        {
            "key": "email",
            "items": [
                {"email": "sara@example.com", "name": "Q"},
                {"email": "b@example.com", "name": "B", "source": "website"},
                {"email": "b@example.com"},
                {"email": "zz"},
                {"name": "n"},
            ],
        },
    )
    ask("post", "lead/bulk-update", {"ids": [pk, 999999], "values": {"company": "Arvand"}})
    ask("get", f"lead/{pk}/related")
    ask("get", f"lead/{pk}/history")
    ask("get", f"lead/{pk}/actions")
    ask("get", "types")
    ask("get", "types/lead")
    ask("get", "types/lead/choices/status")
    ask("get", "search?q=sara")
    ask("get", "me")
    ask("get", "users")
    r = ask("post", f"lead/{pk}/actions/convert", {"contact": {"job_title": "CEO"}, "owner": cast.reza.pk})
    r = ask("get", f"batches/{r.json()['batch']}")
    ask("post", f"batches/{r.json()['id']}/undo")
    ask("post", "lead/duplicates", {"values": {"email": "sara@example.com"}})
    ask("post", "lead/requests", {"values": {"email": "sara@example.com", "name": "Sara"}, "text": "hi"})
    ask("delete", f"lead/{pk}")
    ask("post", "nothing", {})
    ask("get", "lead/99999999999999999999")
    ask("put", "lead", {})
    r = ask("get", "openapi.json")
    print(len(r.content), len(r.json()["paths"]))
