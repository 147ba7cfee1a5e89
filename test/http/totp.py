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
from lib import Client, check, finish

linli, data = os.environ["LINLI"], os.environ["WORK"] + "/totp"
made = json.loads(subprocess.run([linli, "init", "--demo", "--json", "--data", data], check=True, capture_output=True).stdout)
secrets = {x["login"]: x["password"] for x in made["logins"]}
out = json.loads(subprocess.run([linli, "user", "totp", "--login", "worker", "--json", "--data", data], check=True, capture_output=True).stdout)
server = subprocess.Popen([linli, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
lib.PORT = int(re.search(r":(\d+)/", server.stdout.readline()).group(1))
key = base64.b32decode(out["secret"] + "=" * (-len(out["secret"]) % 8))


def code(at):
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
finally:
    server.send_signal(signal.SIGTERM)
    check("stops", 0, server.wait(60))
finish()
