"""Requests to addresses that people typed reach the internet alone, and end."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest

from kariz.lib import outgoing
from kariz.lib.outgoing import Refused, Unreachable
from tests.receiver import Reply, listening


@pytest.fixture
def receiver():
    with listening() as found:
        yield found


@pytest.fixture
def names(monkeypatch):
    """What names stand for, as the resolver tells; those that were asked for are in `asked`."""

    class Names(dict):
        asked = ()

    known, resolve = Names(), socket.getaddrinfo

    def look_up(host, port, *arguments, **options):
        if host not in known:
            return resolve(host, port, *arguments, **options)
        known.asked += (host,)
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in known[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def post(url, body=b"{}", **options):
    return outgoing.send("POST", url, headers={"X-Kind": "test"}, body=body, **options)


def refusal(url):
    with pytest.raises(Refused) as refused:
        post(url)
    return refused.value.code


def failure(url, **options):
    with pytest.raises(Unreachable) as failed:
        post(url, allow_private=True, **options)
    return failed.value.code


def test_it_sends_what_it_is_told_and_gives_the_answer_back(receiver):
    receiver.always = Reply(201, b"made", {"X-Answer": "yes"})
    answer = post(receiver.url("/a b?q=ü"), b"hello", allow_private=True)
    assert (answer.status, answer.body, answer.is_cut) == (201, b"made", False)
    assert ("X-Answer", "yes") in answer.headers
    [heard] = receiver.heard
    assert (heard.method, heard.path, heard.body) == ("POST", "/a%20b?q=%C3%BC", b"hello")
    assert heard.headers["X-Kind"] == "test"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]",
        "[fc00::1]", "[fec0::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]",
        "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2001:0:1::1]", "[2001:db8::1]", "[3fff::1]",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_internet_is_refused(host):
    assert refusal(f"http://{host}/") == "address"


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "2002:808:808::1"])
def test_a_public_address_is_not(address):
    assert outgoing.target(f"https://{f'[{address}]' if ':' in address else address}/").port == 443


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.com/", "scheme"), ("file:///etc/passwd", "scheme"), ("example.com", "scheme"), ("", "scheme"),
        ("http://", "host"), ("http://[::1", "host"), ("http://a..b/", "host"), ("http://[fe80::1%25eth0]/", "host"),
        ("http://example.com:99999/", "host"), ("http://example.com:x/", "host"), (f"http://{'a' * 70}.com/", "host"),
        ("http://example.com:22/", "port"), ("https://example.com:25", "port"), ("http://example.com:0/", "port"),
        ("https://user:word@example.com/", "credentials"), ("https://@example.com/", "credentials"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused(url, code):
    assert refusal(url) == code


def test_this_machine_is_refused_although_it_listens(receiver):
    assert refusal(receiver.url()) == "address"
    assert refusal(receiver.url(host="localhost")) == "address"
    assert receiver.heard == []


@pytest.mark.parametrize(
    "stands_for", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["::ffff:192.168.0.1"]]
)
def test_a_name_that_stands_for_a_private_address_is_refused(names, stands_for):
    names["inside.example"] = stands_for
    assert refusal("http://inside.example:8080/") == "address"


def test_the_connection_goes_to_the_address_that_was_checked(names, receiver):
    """One look-up: whatever the name stands for a moment later, nobody asks any more."""
    names["hooks.example"] = ["127.0.0.1"]
    post(receiver.url(host="hooks.example"), allow_private=True)
    assert names.asked == ("hooks.example",)
    assert receiver.heard[0].headers["Host"] == f"hooks.example:{receiver.port}"


def test_the_next_address_of_a_name_is_tried_where_the_first_does_not_answer(names, receiver):
    names["hooks.example"] = ["127.0.0.9", "127.0.0.1"]
    assert post(receiver.url(host="hooks.example"), allow_private=True).status == 200


def test_a_redirect_is_an_answer_and_is_not_followed(receiver):
    receiver.always = Reply(302, b"", {"Location": receiver.url("/elsewhere")})
    assert post(receiver.url(), allow_private=True).status == 302
    assert [one.path for one in receiver.heard] == ["/hook"]


def test_of_a_long_answer_only_the_beginning_is_read(receiver):
    receiver.always = Reply(200, b"x" * 1_000_000)
    answer = post(receiver.url(), allow_private=True)
    assert (len(answer.body), answer.is_cut) == (outgoing.MOST_BODY, True)


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "", "Connection": "close"}])
def test_an_answer_that_drips_in_is_cut_off_in_time(receiver, monkeypatch, headers):
    monkeypatch.setattr(outgoing, "TOTAL", 0.4)
    receiver.always = Reply(200, b"x" * 100, headers, drips=0.1)
    started = time.monotonic()
    assert failure(receiver.url()) == "timeout"
    assert time.monotonic() - started < 3


@contextmanager
def speaking(said):
    """A machine that says this to whoever comes, and keeps the line open."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            line, _address = server.accept()
            with line:
                line.recv(1000)
                line.sendall(said)
                while line.recv(1000):
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def test_a_machine_that_says_nothing_is_not_waited_for_longer_than_told(monkeypatch):
    monkeypatch.setattr(outgoing, "TOTAL", 0.3)
    with speaking(b"") as port:
        assert failure(f"http://127.0.0.1:{port}/") == "timeout"


def test_what_is_no_web_server_gives_no_answer():
    with speaking(b"220 mail.example ESMTP\r\n\r\n") as port:
        assert failure(f"http://127.0.0.1:{port}/") == "answer"


def test_nobody_there_is_said_so():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert failure(f"http://127.0.0.1:{port}/") == "connection"


def test_a_name_that_nobody_knows_is_said_so(names, monkeypatch):
    def unknown(*_arguments, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert failure("http://nowhere.example/") == "name"


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(outgoing, "CONNECT", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: time.sleep(1))
    assert failure("http://slow.example/") == "name"


class TestSecureLines:
    @pytest.fixture
    def certificate(self, tmp_path, monkeypatch):
        """A certificate of hooks.example, trusted by this machine for the time of the test."""
        if not shutil.which("openssl"):
            pytest.skip("openssl is not installed")
        key, pem = tmp_path / "key.pem", tmp_path / "hooks.pem"
        made = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=hooks.example"
        names = ["-addext", "subjectAltName=DNS:hooks.example", "-keyout", str(key), "-out", str(pem)]
        subprocess.run([*made.split(), *names], check=True, capture_output=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(pem, key)
        return context

    def test_the_certificate_must_be_for_the_name_that_was_asked_for(self, certificate, names):
        names["hooks.example"] = names["other.example"] = ["127.0.0.1"]
        with listening(certificate) as receiver:
            told = [receiver.url(host=host, scheme="https") for host in ("hooks.example", "other.example")]
            assert post(told[0], allow_private=True).status == 200
            assert failure(told[1]) == "tls"
        assert len(receiver.heard) == 1

    def test_a_certificate_that_nobody_vouches_for_is_refused(self, certificate, names, monkeypatch):
        monkeypatch.delenv("SSL_CERT_FILE")
        names["hooks.example"] = ["127.0.0.1"]
        with listening(certificate) as receiver:
            assert failure(receiver.url(host="hooks.example", scheme="https")) == "tls"
        assert receiver.heard == []

    def test_a_plain_answer_on_a_secure_line_is_refused(self, receiver):
        assert failure(receiver.url(scheme="https")) == "tls"
