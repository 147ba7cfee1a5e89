# SPDX-License-Identifier: Apache-2.0
"""Many create records at once, some of them in vain: whoever is told so is in, once, and the sums are what is there."""
import os
import subprocess
import threading
import uuid

from lib import Client, check, finish

PEOPLE, EACH = 8, 24
api = Client("worker")
answers, lock, run = [], threading.Lock(), uuid.uuid4().hex


def visit(i):
    body = {"visitor": "江小舟", "grid": grid, "visited_on": f"2026-01-{i % 20 + 1:02d}", "host": "王秀英",
            "address": f"桥头小区{i}栋", "way": "home", "purpose": "opinion", "issue": "楼道堆放杂物"}
    if i % 5 == 2:
        body["way"] = "nonsense"  # refused before anything is written
    if i % 7 == 3:
        body["raise"] = True  # makes a request as well
    return body


def person(n):
    for i in range(EACH):
        body = visit(i)
        for _ in range(1 + (i % 4 == 1)):  # now and then sent twice
            code, out, _ = api.call("POST", "/api/v1/visit", body, Idempotency_Key=f"{run}-{n}-{i}")
            with lock:
                answers.append((code, i % 5 == 2, out.get("id")))


grid = api.call("GET", "/api/v1/grid?kind=eq.grid&limit=1")[1][0]["id"]
threads = [threading.Thread(target=person, args=(n,)) for n in range(PEOPLE)]
for t in threads:
    t.start()
for t in threads:
    t.join()
check("what is wrong is refused, the rest is in", True, all(code == (422 if bad else 201) for code, bad, _ in answers))
ids = {x for code, _, x in answers if code == 201}
check("each once, also where it was sent twice", PEOPLE * sum(i % 5 != 2 for i in range(EACH)), len(ids))
found = sum(api.call("GET", f"/api/v1/visit/{x}")[0] == 200 for x in ids)
check("all of them are there", len(ids), found)
data = os.path.join(os.environ["WORK"], "data")
for words in (["check"], ["trail", "verify"]):
    done = subprocess.run([os.environ["LINLI"], *words, "--data", data], capture_output=True, text=True)
    check(" ".join(words), 0, done.returncode)
finish()
