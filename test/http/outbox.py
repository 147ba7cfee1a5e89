# SPDX-License-Identifier: Apache-2.0
"""Messages for programs outside: with the change that they tell of, at least once, for who is admin everywhere."""
import uuid

from lib import Client, check, finish

admin, worker = Client("admin"), Client("worker")


def waiting():
    """All that wait, page by page."""
    found, after = [], "0"
    while True:
        code, page, _ = admin.call("GET", f"/api/v1/outbox?limit=50&after={after}")
        assert code == 200, (code, page)
        if not page:
            return found
        found += page
        after = page[-1]["id"]


before = {m["id"] for m in waiting()}
new = {"summary": "楼顶水箱漏水，两户互相推托", "found_on": "2026-02-03",
       "type": worker.call("GET", "/api/v1/dispute?limit=1")[1][0]["type"]}
code, bad, _ = worker.call("POST", "/api/v1/dispute", dict(new, type="nothing"), Idempotency_Key=str(uuid.uuid4()))
check("a refused record", 422, code)
code, made, _ = worker.call("POST", "/api/v1/dispute", new, Idempotency_Key=str(uuid.uuid4()))
check("a record with a time limit", (201, True), (code, "id" in (made or {})))
fresh = [m for m in waiting() if m["id"] not in before]
check("one message, and none of what was refused", [("clock", "dispute", made.get("id"))],
      [(m["topic"], m["message"]["register"], m["message"]["record"]) for m in fresh])
check("it says when it is due", True, all(m["message"]["due"] > "2026-02-03" for m in fresh))
check("fetched is not taken", fresh, [m for m in waiting() if m["id"] not in before])
for word in ("and again, because the answer was lost", "taken"):
    check(word, 204, admin.call("DELETE", f"/api/v1/outbox/{fresh[0]['id']}")[0])
check("it comes no more", [], [m for m in waiting() if m["id"] not in before])
check("not for who is not admin", (403, 403), (worker.call("GET", "/api/v1/outbox")[0],
                                               worker.call("DELETE", f"/api/v1/outbox/{fresh[0]['id']}")[0]))
check("nor for nobody", 401, Client().call("GET", "/api/v1/outbox")[0])
for wrong in ("limit=-1", "limit=501", "after=x", "after="):
    check("refused: " + wrong, 422, admin.call("GET", "/api/v1/outbox?" + wrong)[0])
finish()
