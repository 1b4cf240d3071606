"""What a public server answers: behind a proxy, over https."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

SAFE = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
SCRIPT = """
import django, os
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
answer = Client(headers={"X-Forwarded-Proto": "https"}).get("/sign-in/")
print(answer.status_code)
for name, value in answer.headers.items():
    print(f"{name}: {value}")
for cookie in answer.cookies.values():
    print(cookie.OutputString())
"""


def run(data: Path, *line: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ, "KARIZ_DATA": str(data), "KARIZ_DATABASE_URL": f"sqlite:///{data}/kariz.sqlite3",
        "KARIZ_HTTPS": "true", "KARIZ_ALLOWED_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "kariz.config.settings",
        "KARIZ_DEBUG": "false",
    }  # fmt: skip
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # which tests in a browser set for this process
    return subprocess.run(
        [sys.executable, *line], check=False, env=environment, capture_output=True, text=True, timeout=120
    )


def test_djangos_checks_for_deployment_find_nothing(tmp_path: Path) -> None:
    run(tmp_path, "-m", "django", "migrate", "--verbosity=0")
    done = run(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr


def test_headers_and_cookies_are_those_of_a_public_server(tmp_path: Path) -> None:
    run(tmp_path, "-m", "django", "collectstatic", "--noinput")
    told = run(tmp_path, "-c", SCRIPT).stdout.splitlines()
    assert told[0] == "200", told
    for name, value in SAFE.items():
        assert f"{name}: {value}" in told
    [token] = [line for line in told if line.startswith("__Host-kariz_csrf=")]
    assert "; Secure" in token
    assert "; HttpOnly" in token
    assert "; Path=/" in token
    assert "Domain" not in token


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/nonsense/", "/static/nothing.css"])
def test_every_answer_says_what_a_page_may_load_and_do(path: str) -> None:
    headers = Client().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_pages_that_redirect_say_it_as_well() -> None:
    answer = Client().get(reverse("web:home"))
    assert answer.status_code == 302
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
