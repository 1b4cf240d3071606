from tests.conftest import *
import pytest, time
import schemathesis
from hypothesis import HealthCheck, settings, Phase
from kariz.api import tokens
from kariz.config.wsgi import application
from tests import specimens
from kariz.core import registry

@pytest.mark.parametrize("who", ["shirin", "reza"])
def test_document(cast, who, settings):
    settings.API_RATE = 0
    from hypothesis import settings as hs
    user = getattr(cast, who)
    for t in registry.every(): specimens.make_full(t, cast.reza, "Sara")
    _t, secret = tokens.make(user, "t")
    h = {"Authorization": f"Bearer {secret}"}
    t0=time.time()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers=h)
    n=0; bad={}
    for result in schema.get_all_operations():
        op = result.ok()
        t1=time.time()
        @hs(max_examples=3, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=True)
        @__import__("hypothesis").given(case=op.as_strategy())
        def run(case):
            r = case.call(headers=h)
            try:
                case.validate_response(r)
            except BaseException as e:
                bad.setdefault(op.label, []).append((r.status_code, str(e)[:700]))
            nonlocal n; n+=1
        run()
        if time.time()-t1>1: print("slow", op.label, round(time.time()-t1,1))
    print(who, n, "cases", round(time.time()-t0,1))
    for k,v in list(bad.items())[:12]: print(k, v[0])
    print(len(bad))
