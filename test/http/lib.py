# SPDX-License-Identifier: Apache-2.0
"""What the HTTP tests in Python share: checks that print a line, raw sockets, a JSON client."""
import http.client
import json
import os
import re
import socket
import sys
from urllib.parse import urlencode

PORT = int(os.environ["PORT"])
failures = 0


def check(name, expected, actual):
    """expected may be a set of answers that are all right"""
    global failures
    good = actual in expected if isinstance(expected, set) else actual == expected
    if good:
        print(f"ok - {name}")
    else:
        failures += 1
        print(f"not ok - {name}: expected {expected!r}, got {str(actual)[:600]!r}")
    return good


def finish():
    sys.exit(1 if failures else 0)


def raw(data, timeout=10, half_close=False):
    """Send bytes as they are; everything that comes back until the server closes or the time is over."""
    s = socket.create_connection(("127.0.0.1", PORT), timeout=timeout)
    out = b""
    try:
        s.sendall(data)
        if half_close:
            s.shutdown(socket.SHUT_WR)
        while True:
            piece = s.recv(65536)
            if not piece:
                break
            out += piece
    except (socket.timeout, ConnectionResetError, BrokenPipeError):
        pass
    finally:
        s.close()
    return out


def statuses(answer):
    """The status codes of all answers on one connection."""
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] ([0-9]{3}) ", answer)]


def password(login):
    with open(os.environ["LOGINS"], encoding="utf-8") as f:
        return next(x["password"] for x in json.load(f)["logins"] if x["login"] == login)


class Client:
    def __init__(self, login=None):
        self.token = None
        if login:
            code, body, _ = self.call("POST", "/api/v1/session", {"login": login, "password": password(login)})
            assert code == 201, (code, body)
            self.token = body["token"]

    def call(self, method, path, body=None, **headers):
        c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        h = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.token:
            h["Authorization"] = "Bearer " + self.token
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            h.setdefault("Content-Type", "application/json")
        c.request(method, path, data, h)
        r = c.getresponse()
        text = r.read()
        c.close()
        try:
            parsed = json.loads(text) if text else None
        except ValueError:
            parsed = text
        return r.status, parsed, r.headers


class Browser:
    """Pages and forms as a browser has them: a cookie, the token of any page with a form."""

    def __init__(self, login, word=None):
        """login None: nobody has logged in"""
        self.cookies = {}
        if not login:
            return
        code, _, to = self.post("/login", {"login": login, "password": word or password(login)}, "/login")
        assert code == 303, (login, code)

    def send(self, method, path, data=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        h = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **(headers or {})}
        if data is not None and "Content-Type" not in h:
            h["Content-Type"] = "application/x-www-form-urlencoded"
        c.request(method, path, data, h)
        r = c.getresponse()
        text = r.read().decode(errors="replace")
        for line in r.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        c.close()
        return r.status, text, r.headers.get("Location")

    def get(self, path):
        return self.send("GET", path)[:2]

    def post(self, path, fields, token_at="/password"):
        token = re.search(r'name="?_csrf"? value="([0-9a-f]+)"', self.get(token_at)[1]).group(1)
        return self.send("POST", path, urlencode({"_csrf": token, **fields}, doseq=True))
