# SPDX-License-Identifier: Apache-2.0
"""Two-step login on a server of its own: a code is needed, the right one, and only once."""
import base64
import hashlib
import hmac
import json
import os
import re
import signal
import struct
import subprocess
import time

import lib
from lib import Browser, Client, check, finish

linli, data = os.environ["LINLI"], os.environ["WORK"] + "/totp"
made = json.loads(subprocess.run([linli, "init", "--demo", "--json", "--data", data], check=True, capture_output=True).stdout)
secrets = {x["login"]: x["password"] for x in made["logins"]}
out = json.loads(subprocess.run([linli, "user", "totp", "--login", "worker", "--json", "--data", data], check=True, capture_output=True).stdout)
server = subprocess.Popen([linli, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
lib.PORT = int(re.search(r":(\d+)/", server.stdout.readline()).group(1))
key = base64.b32decode(out["secret"] + "=" * (-len(out["secret"]) % 8))


def code(at, key=key):
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[start:start + 4])[0] & 0x7FFFFFFF) % 1000000)


def login(**more):
    return Client().call("POST", "/api/v1/session", {"login": "worker", "password": secrets["worker"], **more})[0]


try:
    now = time.time()
    check("the password alone is not enough", 401, login())
    check("an old code is not", 401, login(code=code(now - 300)))
    check("a code of five digits is not", 401, login(code=code(now)[:5]))
    check("the right one is", 201, login(code=code(now)))
    check("but only once", 401, login(code=code(now)))
    check("others log in as before", 201, Client().call("POST", "/api/v1/session", {"login": "clerk", "password": secrets["clerk"]})[0])
    # switched on and off by oneself, in the pages
    word = secrets["grid"]
    me = Browser("grid", word)
    check("one's own page leads there", True, 'href="/twostep"' in me.get("/me")[1])
    page = me.get("/twostep")[1]
    sealed = re.search(r'name="?sealed"? value="([^"]+)"', page).group(1)
    text = re.search(r"otpauth://totp/Linli:grid\?secret=([A-Z2-7]+)", page).group(1)
    mine = base64.b32decode(text + "=" * (-len(text) % 8))
    form = {"sealed": sealed, "old": word}
    check("an old code switches nothing on", 422, me.post("/twostep", {**form, "code": code(now - 300, mine)})[0])
    check("nor does a wrong password", 422, me.post("/twostep", {**form, "old": "wrong", "code": code(now, mine)})[0])
    other = Browser("clerk", secrets["clerk"])
    check("nor somebody else's secret", 422, other.post("/twostep", {**form, "old": secrets["clerk"], "code": code(now, mine)})[0])
    in_pages = lambda **more: Client().call("POST", "/api/v1/session", {"login": "grid", "password": word, **more})[0]
    check("so far the password is enough", 201, in_pages())
    check("a code of the secret does", 303, me.post("/twostep", {**form, "code": code(time.time(), mine)})[0])
    check("from now on the password is not enough", 401, in_pages())
    check("with a code it is", 201, in_pages(code=code(time.time() + 30, mine)))
    check("the page says that it is on, without the secret", (True, False), ("关闭两步验证" in (page := me.get("/twostep")[1]), text in page))
    check("off needs the password", 422, me.post("/twostep", {"old": ""})[0])
    check("off", 303, me.post("/twostep", {"old": word})[0])
    check("the password is enough again", 201, in_pages())
finally:
    server.send_signal(signal.SIGTERM)
    check("stops", 0, server.wait(60))
finish()
