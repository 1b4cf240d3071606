"""A small OpenID provider on this machine: it signs in whoever its `person` is, and checks what a real one checks."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "kariz", "a secret of two"


class Provider:
    """`person` are the claims of whoever sits at the browser; `twist` changes the ID token before it is signed."""

    def __init__(self):
        self.key = self.signs_with = self.new_key()
        self.person = {
            "sub": "17",
            "email": "maryam@example.com",
            "email_verified": True,
            "name": "Maryam Ahmadi",
        }
        self.twist = lambda claims: claims
        self.codes = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def new_key(self):
        return RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}, private=True)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def configuration(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def authorize(self, asked):
        """Where the browser is sent back to."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert {"openid", "email"} <= set(asked["scope"].split())
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent, authorization):
        """The answer to the program itself: who it was that came with this code."""
        name, _colon, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        asked = self.codes.pop(sent["code"], None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        is_right = (
            (name, secret.replace("+", " ").replace("%20", " ")) == (CLIENT, SECRET)
            and asked is not None
            and sent["redirect_uri"] == asked["redirect_uri"]
            and base64.urlsafe_b64encode(verifier).decode().rstrip("=") == asked["code_challenge"]
        )
        if not is_right:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            **self.person,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, self.twist(claims), self.signs_with)
        return 200, {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path, _mark, query = self.path.partition("?")
                if path == "/authorize":
                    asked = {name: values[0] for name, values in parse_qs(query).items()}
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(asked))
                    self.end_headers()
                elif path == "/keys":
                    self.give(200, KeySet([provider.key]).as_dict(private=False))
                else:
                    self.give(200, provider.configuration())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name: values[0] for name, values in parse_qs(body).items()}
                self.give(*provider.token(sent, self.headers.get("Authorization", "")))

            def give(self, status, told):
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler


def path(url):
    """What a browser of the tests asks for: the address without the machine."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
