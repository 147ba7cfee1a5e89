# SPDX-License-Identifier: Apache-2.0
"""What must be refused before anybody looks at it: smuggling, sizes, slowness, broken bytes."""
import concurrent.futures
import os
import re
import socket
import time

from lib import PORT, check, finish, raw, statuses

GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
NEXT = b"GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def one(name, expected, request, after=b""):
    """The only answer is this status and the connection is closed: what follows is not taken as a request. (Where
    libmicrohttpd refuses by itself it may write its header twice.)"""
    answer = raw(request + after)
    codes = statuses(answer)
    check(name, [expected], sorted(set(codes)))
    if expected == 400 and codes:
        check(name + ": closes", True, b"Connection: close" in answer or b"connection: close" in answer)


# --- one request must not be two
post = b"POST /login HTTP/1.1\r\nHost: a\r\n"
one("two Content-Lengths", 400, post + b"Content-Length: 3\r\nContent-Length: 60\r\n\r\nabc", NEXT)
one("two equal Content-Lengths", 400, post + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", NEXT)
one("a list of lengths", 400, post + b"Content-Length: 3, 3\r\n\r\nabc", NEXT)
one("Content-Length and Transfer-Encoding", 400, post + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", NEXT)
one("Transfer-Encoding and Content-Length", 400, post + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", NEXT)
one("two Transfer-Encodings", 400, post + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", NEXT)
one("unknown Transfer-Encoding", 400, post + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", NEXT)
one("disguised Transfer-Encoding", 400, post + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", NEXT)
one("identity Transfer-Encoding", 400, post + b"Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc", NEXT)
one("Transfer-Encoding in HTTP/1.0", 400, b"POST /login HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
one("negative length", 400, post + b"Content-Length: -3\r\n\r\nabc", NEXT)
one("signed length", 400, post + b"Content-Length: +3\r\n\r\nabc", NEXT)
one("hexadecimal length", 400, post + b"Content-Length: 0x3\r\n\r\nabc", NEXT)
one("length with a word", 400, post + b"Content-Length: 3 bytes\r\n\r\nabc", NEXT)
one("empty length", 400, post + b"Content-Length: \r\n\r\nabc", NEXT)
check("length beyond 64 bits", {(400,), (413,)},
      tuple(set(statuses(raw(post + b"Content-Length: 99999999999999999999999\r\n\r\nabc" + NEXT)))))
one("two Hosts", 400, b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", NEXT)
one("no Host", 400, b"GET /healthz HTTP/1.1\r\n\r\n")
one("Host with a blank", 400, b"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n")
one("Host with a path", 400, b"GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n")
one("content encoding", 400, post + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", NEXT)
one("two Authorizations", 400, GET + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", NEXT)
for name, head in (("blank before the colon", b"Content-Length : 3"), ("no colon", b"Nonsense"), ("folded header", b"X: a\r\n b"),
                   ("control byte in a header", b"X: a\x01b"),
                   ("bare CR in a header", b"X: a\rContent-Length: 5")):
    codes = statuses(raw(GET + head + b"\r\n\r\n" + NEXT))
    check(name + ": never two good answers", True, codes[:1] != [200] or name == "folded header")

# --- the target
for name, target in (("absolute form", b"http://a/healthz"), ("asterisk", b"*"), ("no slash", b"healthz"), ("dots", b"/static/../key"),
                     ("encoded dots", b"/static/%2e%2e/key"), ("encoded slash", b"/static%2fkey"), ("encoded NUL", b"/healthz%00"),
                     ("bad escape", b"/healthz%zz"), ("cut escape", b"/healthz%2"), ("not UTF-8", b"/healthz%ff"),
                     ("overlong UTF-8", b"/%c0%afkey"), ("raw high byte", b"/healthz\xff"), ("fragment", b"/healthz#x"),
                     ("backslash", b"/static\\key"), ("bad escape in the query", b"/healthz?a=%zz"),
                     ("not UTF-8 in the query", b"/healthz?a=%ff"), ("NUL in the query", b"/healthz?a=%00")):
    one(name, 400, b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
check("unknown method", {(501,), (405,)}, tuple(statuses(raw(b"BREW /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))))
check("known path, other method", [405], statuses(raw(b"PUT /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")))
check("HTTP/2.0 in words", {(505,), (400,), ()}, tuple(statuses(raw(b"GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n"))))

# --- sizes
close = b"Connection: close\r\n\r\n"
check("a query that is just too long", [414], statuses(raw(b"GET /healthz?" + b"a" * 8200 + b" HTTP/1.1\r\nHost: a\r\n" + close)))
check("a query that just fits", [200], statuses(raw(b"GET /healthz?" + b"a" * 8100 + b" HTTP/1.1\r\nHost: a\r\n" + close)))
check("an endless address", {(414,), ()}, tuple(statuses(raw(b"GET /" + b"a" * 200000 + b" HTTP/1.1\r\nHost: a\r\n" + close))))
check("headers over 16 KiB", [431], statuses(raw(GET + b"X: " + b"a" * 16500 + b"\r\n" + close)))
check("headers just under", [200], statuses(raw(GET + b"X: " + b"a" * 15000 + b"\r\n" + close)))
check("endless headers", {(431,), (413,), ()}, tuple(statuses(raw(GET + b"X: " + b"a" * 300000 + b"\r\n" + close))))
check("101 headers", [431], statuses(raw(GET + b"".join(b"X-%d: 1\r\n" % i for i in range(101)) + close)))
check("1,001 query fields", [413], statuses(raw(b"GET /healthz?" + b"&".join(b"a=1" for _ in range(1001)) + b" HTTP/1.1\r\nHost: a\r\n" + close)))
check("1,000 query fields", [200], statuses(raw(b"GET /healthz?" + b"&".join(b"a=1" for _ in range(1000)) + b" HTTP/1.1\r\nHost: a\r\n" + close)))
form = b"Content-Type: application/x-www-form-urlencoded\r\n"
check("declared body over the route's ceiling", [413], statuses(raw(post + form + b"Content-Length: 70000\r\n" + close)))
big = b"a" * 70000
check("chunked body over the ceiling", [413],
      statuses(raw(post + form + b"Transfer-Encoding: chunked\r\n" + close + b"%x\r\n" % len(big) + big + b"\r\n0\r\n\r\n")))
check("a body where none is taken", [413], statuses(raw(GET + b"Content-Length: 5\r\n" + close + b"hello")))
many = b"&".join(b"f%d=1" % i for i in range(1001))
check("1,001 form fields", [413], statuses(raw(post + form + b"Content-Length: %d\r\n" % len(many) + close + many)))
check("form that is not UTF-8", [400], statuses(raw(post + form + b"Content-Length: 5\r\n" + close + b"a=%ff")))
multi = b"Content-Type: multipart/form-data; boundary=XX\r\n"


def multipart(body, head=multi):
    return statuses(raw(post + head + b"Content-Length: %d\r\n" % len(body) + close + body))


check("multipart without boundary", [400], multipart(b"--XX--\r\n", b"Content-Type: multipart/form-data\r\n"))
check("multipart cut short", [400], multipart(b"--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue"))
check("multipart without names", [400], multipart(b"--XX\r\nContent-Type: text/plain\r\n\r\nv\r\n--XX--\r\n"))
check("multipart with a NUL", [400], multipart(b"--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nv\x00w\r\n--XX--\r\n"))
check("multipart that is fine asks for its token", [403], multipart(b"--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n--XX--\r\n"))

# --- a good connection stays open and serves on
both = raw(GET + b"\r\n" + NEXT)
check("two good requests on one connection", [200, 200], statuses(both))
missing = raw(b"GET /no-such HTTP/1.1\r\nHost: a\r\n\r\n" + NEXT)
check("after a 404 the connection stays", [404, 200], statuses(missing))

# --- slowness: only with --slow in HTTP_TESTS, because it waits for the server's own deadlines
if "slow" in os.environ.get("HTTP_TESTS", ""):
    def trickle(first, piece, every, most):
        s = socket.create_connection(("127.0.0.1", PORT))
        begun = time.monotonic()
        try:
            s.sendall(first)
            while time.monotonic() - begun < most:
                s.settimeout(every)
                try:
                    if s.recv(4096) == b"":
                        return True
                except socket.timeout:
                    pass
                s.sendall(piece)
        except OSError:
            return True
        finally:
            s.close()
        return False

    check("a header a second is cut", True, trickle(b"GET /healthz HTTP/1.1\r\nHost: a\r\n", b"X: y\r\n", 1, 40))
    check("a body byte a second is cut", True, trickle(post + form + b"Content-Length: 1000\r\n\r\n", b"a", 1, 120))
    check("a silent connection is cut", True, trickle(b"", b"", 1, 60))
# --- more passwords at once than the lane takes (after it this address has failed too often to log in: keep it last)
body = b"login=nobody-%d&password=x"
page = raw(b"GET /login HTTP/1.1\r\nHost: a\r\n" + close)
cookie = re.search(rb"linli_visitor=([^;]+)", page).group(0)
token = re.search(rb'name="_csrf" value="([0-9a-f]+)"', page).group(1)


def attempt(n):
    data = b"_csrf=" + token + b"&" + body % n
    return statuses(raw(post + form + b"Cookie: " + cookie + b"\r\nContent-Length: %d\r\n" % len(data) + close + data, timeout=60))


with concurrent.futures.ThreadPoolExecutor(100) as pool:
    answers = list(pool.map(attempt, range(100)))
check("a hundred logins at once: each is answered once", [1], sorted({len(a) for a in answers}))
check("as wrong, as too many, or as busy", [], sorted({a[0] for a in answers} - {401, 429, 503}))
check("still alive", [200], statuses(raw(GET + close)))
finish()
