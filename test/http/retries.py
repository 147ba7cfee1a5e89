# SPDX-License-Identifier: Apache-2.0
"""What is kept for a retry: nothing secret, nothing for those who have not logged in, and no values of a record."""
import hashlib
import json
import os
import sqlite3
import uuid

from lib import Client, check, finish, password

DB = os.environ["WORK"] + "/data/linli.db"
nobody, secretary, clerk = Client(), Client("secretary"), Client("clerk")


def kept(word):
    """How many kept answers hold a word; None where the records stand elsewhere."""
    if not os.path.exists(DB):
        return 0
    db = sqlite3.connect("file:" + DB + "?mode=ro", uri=True)
    n = db.execute("SELECT count(*) FROM s_idem WHERE answer LIKE '%' || ? || '%'", (word,)).fetchone()[0]
    db.close()
    return n


# --- logging in
k = {"Idempotency-Key": uuid.uuid4().hex}
sent = json.dumps({"login": "grid", "password": password("grid")}).encode()
code, first, _ = nobody.call("POST", "/api/v1/session", sent, **k)
check("logged in", 201, code)
check("the token is not kept", 0, kept(first["token"]))
check("nor a hash of the password that is quick to guess by", 0, kept(hashlib.sha256(sent).hexdigest()))
code, second, h = nobody.call("POST", "/api/v1/session", sent, **k)
check("again with the same key: logged in anew", (201, True, None),
      (code, second["token"] != first["token"], h["Idempotency-Replayed"]))
check("whoever has not logged in shares no keys with others", 401,
      nobody.call("POST", "/api/v1/session", {"login": "grid", "password": "no"}, **k)[0])
waits = [nobody.call("POST", "/api/v1/session", {"login": "nobody.here", "password": "no"}, **k)[0] for _ in range(6)]
check("failures under one key are counted", [401] * 5 + [429], waits)

# --- a record
k = {"Idempotency-Key": uuid.uuid4().hex}
whole = dict(k, Prefer="return=representation")
new = {"kind": "help", "content": "楼道堆物", "asker": "皇甫某", "phone": "19900000031"}
code, row, h = secretary.call("POST", "/api/v1/request", new, **whole)
check("the whole row comes", (201, "19900000031"), (code, row.get("phone")))
check("its values are not kept for a retry", 0, kept("19900000031"))
code, again, h = secretary.call("POST", "/api/v1/request", new, **whole)
check("a retry gets it again", (201, row, "true"), (code, again, h["Idempotency-Replayed"]))
body = json.dumps(new).encode()
check("nor a hash of them that is quick to guess by", 0, kept(hashlib.sha256(body).hexdigest()))
path = "/api/v1/request/" + row["id"]
code, later, _ = secretary.call("PATCH", path, {"content": "楼道堆物，已清走"}, If_Match=f'"{row["version"]}"', Idempotency_Key=uuid.uuid4().hex)
check("changed", 200, code)
code, again, h = secretary.call("POST", "/api/v1/request", new, **whole)
check("a late retry gets it as it is now", (201, "楼道堆物，已清走", later["version"]), (code, again["content"], again["version"]))
code, short, _ = secretary.call("POST", "/api/v1/request", new, **k)
check("or which it was", (201, ["id", "state", "version"]), (code, sorted(short)))
check("taken back", 204, secretary.call("DELETE", path + "?reason=%E9%87%8D%E5%A4%8D", If_Match=f'"{later["version"]}"', Idempotency_Key=uuid.uuid4().hex)[0])
code, again, _ = secretary.call("POST", "/api/v1/request", new, **whole)
check("of one that is gone: what a reader sees of it", (201, secretary.call("GET", path)[1]), (code, again))
finish()
