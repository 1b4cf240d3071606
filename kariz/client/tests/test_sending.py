"""A request reaches its site and no other, once, however often it has to be sent."""

import io
import json
import logging
import pickle
import subprocess
import sys
import traceback
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kariz import client
from kariz.client import (
    Failed,
    Invalid,
    Kariz,
    KarizError,
    NotAnAnswer,
    Record,
    Redirected,
    TooManyRequests,
    Unreachable,
    UnsafeAddress,
)
from kariz.client.forms import PIECE, Form
from kariz.client.tests.conftest import SECRET
from tests.receiver import Reply, listening

ME = {"name": "Sara", "id": 1, "version": 1}


def answer(content, status=200, **headers):
    return Reply(status, json.dumps(content).encode(), {"Content-Type": "application/json"} | headers)


def problem(status, code="busy", **headers):
    return answer({"error": {"code": code, "message": "No."}}, status, **headers)


@pytest.fixture
def kariz(site, monkeypatch):
    monkeypatch.setattr("kariz.client.sending.FIRST_PAUSE", 0.01)
    with Kariz(site.url(""), token=SECRET, language="fa", agent="nightly/1") as opened:
        yield opened


def test_it_says_who_it_is_and_what_it_speaks(site, kariz):
    site.replies = [answer(ME)]
    kariz.type("lead").get(1)
    [heard] = site.heard
    assert (heard.method, heard.path) == ("GET", "/api/v1/lead/1")
    assert heard.headers["Authorization"] == f"Bearer {SECRET}"
    assert heard.headers["Accept-Language"] == "fa"
    assert heard.headers["User-Agent"].startswith("nightly/1 kariz-client/")
    assert "Idempotency-Key" not in heard.headers


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_site_is_asked_again_under_the_same_key(status, site, kariz):
    site.replies = [problem(status), problem(status), answer(ME)]
    assert kariz.type("lead").create({"name": "Sara"})["name"] == "Sara"
    assert len(site.heard) == 3
    assert len({one.headers["Idempotency-Key"] for one in site.heard}) == 1
    assert len({one.body for one in site.heard}) == 1


def test_each_write_has_a_key_of_its_own_unless_it_is_given_one(site, kariz):
    site.always = answer(ME)
    leads = kariz.type("lead")
    for _time in range(2):
        leads.create({})
    leads.update(1, {}, idempotency_key="nightly")
    keys = [one.headers["Idempotency-Key"] for one in site.heard]
    assert (len(set(keys)), keys[2]) == (3, "nightly")


def test_it_waits_as_long_as_it_is_told_to(site, kariz):
    site.replies = [problem(429, **{"Retry-After": "1"}), answer(ME)]
    begun = datetime.now(UTC)
    kariz.type("lead").get(1)
    assert (datetime.now(UTC) - begun).total_seconds() >= 1


def test_it_does_not_wait_longer_than_its_patience(site, kariz):
    site.always = problem(429, "too_many_requests", **{"Retry-After": "600"})
    with pytest.raises(TooManyRequests) as refused:
        kariz.type("lead").get(1)
    assert (refused.value.seconds, len(site.heard)) == (600, 1)


def test_it_gives_up_after_its_attempts(site, kariz):
    site.always = problem(503)
    with pytest.raises(Failed) as failed:
        kariz.type("lead").create({})
    assert (failed.value.status, len(site.heard)) == (503, 4)


@pytest.mark.parametrize(("status", "kind"), [(422, Invalid), (500, Failed)])
def test_what_would_not_change_is_asked_once(status, kind, site, kariz):
    site.always = problem(status)
    with pytest.raises(kind):
        kariz.type("lead").create({})
    assert len(site.heard) == 1


def test_a_site_that_is_not_there_is_unreachable():
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1"):
        Kariz("http://127.0.0.1:1", token=SECRET, attempts=1).me()


def test_a_line_that_is_not_secure_hears_no_token(site):
    with pytest.raises(Unreachable, match="certificate is not trusted"):
        Kariz(site.url("", scheme="https"), token=SECRET).me()
    assert site.heard == []


def test_a_site_that_says_nothing_is_not_waited_for(site):
    site.always = Reply(body=b"slow", drips=2)
    with pytest.raises(Unreachable):
        Kariz(site.url(""), token=SECRET, timeout=0.2, attempts=1).me()


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example.com", "http://192.168.1.5:8000", "http://localhost.example.com", "http://127.0.0.1.nip.io",
        "http://0.0.0.0", "ftp://crm.example.com", "crm.example.com", "https://sara:secret@crm.example.com",
        "https://crm.example.com?a=b", "https://crm.example.com:port", "",
    ],
)  # fmt: skip
def test_the_token_is_not_sent_where_others_could_read_it(url):
    with pytest.raises(UnsafeAddress):
        Kariz(url, token=SECRET)


@pytest.mark.parametrize(
    "url", ["https://crm.example.com/", "http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost"]
)
def test_it_is_sent_by_https_and_to_this_machine(url):
    assert Kariz(url, token=SECRET).connection.root == f"{url.rstrip('/')}/api/v1"


@pytest.mark.parametrize("token", ["", "krz_\r\nX: y", "krz_ a", "krz_é"])
def test_what_is_no_token_is_refused_without_being_repeated(token):
    with pytest.raises(ValueError, match=r"^This is no token of Kariz\.$"):
        Kariz("http://127.0.0.1", token=token)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status, site, kariz):
    with listening() as other:
        site.always = Reply(status, headers={"Location": other.url("/api/v1/me")})
        with pytest.raises(Redirected) as sent:
            kariz.me()
        with pytest.raises(Redirected):
            kariz.type("lead").create({"name": "Sara"})
        assert sent.value.location == other.url("/api/v1/me")
        assert (other.heard, len(site.heard)) == ([], 2)


def test_passwords_cookies_and_proxies_of_the_machine_are_not_used(site, kariz, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login sara password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    site.always = answer(ME, **{"Set-Cookie": "a=b"})
    with listening() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url(""))
        monkeypatch.setenv("http_proxy", proxy.url(""))
        for _time in range(2):
            kariz.type("lead").get(1)
        assert proxy.heard == []
    assert {one.headers["Authorization"] for one in site.heard} == {f"Bearer {SECRET}"}
    assert not any("Cookie" in one.headers for one in site.heard)


def test_the_token_is_in_no_representation_log_or_error(site, kariz, caplog):
    caplog.set_level(logging.DEBUG)
    errors = []
    site.replies = [
        answer({"error": {"code": "invalid", "message": "No."}}, 422),
        Reply(302, headers={"Location": "https://elsewhere.example.com"}),
        Reply(body=b"<html>"),
    ]
    gone = Kariz("http://127.0.0.1:1", token=SECRET, attempts=1)
    for asked in (kariz, kariz, kariz, gone):
        try:
            asked.type("lead").create({"name": "Sara"})
        except KarizError as error:
            errors.append(error)
    told = [repr(kariz), str(kariz), repr(kariz.connection), repr(vars(kariz)), repr(vars(kariz.connection))]
    told += [repr(kariz.connection._session.auth), repr(vars(kariz.connection._session)), caplog.text]
    for one in errors:
        told += [repr(one), str(one), "".join(traceback.format_exception(one)), repr(vars(one))]
        assert one.__cause__ is None
        assert one.__context__ is None
    assert len(errors) == 4
    assert not any(SECRET[4:] in text for text in told)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(body=b"<html>Welcome"), NotAnAnswer),
        (Reply(404, b"<html>Nothing"), NotAnAnswer),
        (Reply(200, b"{", {"Content-Type": "application/json"}), NotAnAnswer),
        (Reply(502, b"<html>Bad gateway"), Failed),
        (answer(["odd"], 400), NotAnAnswer),
    ],
)
def test_what_is_no_kariz_is_told_from_one(reply, kind, site, kariz):
    site.always = reply
    with pytest.raises(kind):
        kariz.type("lead").get(1)


def test_a_problem_tells_its_fields_and_travels(site, kariz):
    fields = {"email": ["This is no e-mail.", "It is too long."], "name": ["This is required."]}
    site.always = answer({"error": {"code": "invalid", "message": "No.", "fields": fields}}, 422)
    with pytest.raises(Invalid) as refused:
        kariz.type("lead").create({})
    travelled = pickle.loads(pickle.dumps(refused.value))
    assert str(refused.value) == "No.\nemail: This is no e-mail. It is too long.\nname: This is required."
    assert (travelled.status, travelled.code, travelled.fields) == (422, "invalid", fields)


def test_values_are_written_as_python_has_them(site, kariz):
    site.always = answer(ME)
    moment = datetime(2026, 5, 14, 14, 30, tzinfo=UTC)
    owner = Record("contact", 7, 1, {})
    kariz.type("lead").create(
        {"budget": Decimal("1E+3"), "day": date(2026, 5, 14), "at": moment, "owner": owner, "name": "سارا"}
    )
    assert json.loads(site.heard[0].body) == {
        "budget": "1000", "day": "2026-05-14", "at": "2026-05-14T14:30:00+00:00", "owner": 7, "name": "سارا",
    }  # fmt: skip


@pytest.mark.parametrize(
    "value", [datetime(2026, 5, 14, 14, 30), float("nan"), object()]  # noqa: DTZ001  that is the point
)  # fmt: skip
def test_what_kariz_could_not_read_is_not_sent(value, site, kariz):
    with pytest.raises((ValueError, TypeError)):
        kariz.type("lead").create({"value": value})
    assert site.heard == []


def test_names_lead_nowhere_else(site, kariz):
    site.always = answer(ME)
    kariz.type("lead/../me?a=b").get(1)
    assert site.heard[0].path == "/api/v1/lead%2F..%2Fme%3Fa%3Db/1"
    for name in ("..", ".", ""):
        with pytest.raises(ValueError, match="no part of an address"):
            kariz.type(name).get(1)


def test_a_file_is_sent_in_pieces_and_again_from_its_place(site, kariz):
    file = io.BytesIO(b"skipped" + b"x" * (3 * PIECE))
    file.seek(7)
    form = Form({"type": "lead"}, file, 'a"b.csv')
    pieces = list(form)
    assert max(map(len, pieces)) <= PIECE
    assert sum(map(len, pieces)) == len(form)
    assert b"".join(form) == b"".join(pieces)
    site.replies = [problem(503), problem(422)]
    file.seek(7)
    with pytest.raises(Invalid):
        kariz.imports.start(file, type="lead", name="leads.csv")
    first, second = site.heard
    assert first.body == second.body
    assert first.body.count(b"x") >= 3 * PIECE
    assert b"skipped" not in first.body
    assert b'filename="leads.csv"' in first.body


def test_a_download_that_breaks_off_leaves_no_file(site, kariz, tmp_path):
    site.always = Reply(200, b"half of it", {"Content-Length": "1000"})
    with pytest.raises(Unreachable):
        kariz.exports.download(1, tmp_path / "leads.csv")
    assert list(tmp_path.iterdir()) == []


def test_it_needs_no_django():
    said = (
        "import sys; sys.modules['django'] = None; from kariz.client import Kariz; print(sorted(sys.modules))"
    )
    found = subprocess.run(
        [sys.executable, "-c", said], check=True, capture_output=True, text=True, env={}, timeout=60
    )
    known = [name for name in found.stdout.split("'") if name.startswith("kariz.")]
    assert known
    assert all(name.startswith("kariz.client") for name in known)


def test_its_public_names_are_those_that_it_lists():
    public = {name for name, value in vars(client).items() if isinstance(value, type)}
    assert public == set(client.__all__)
