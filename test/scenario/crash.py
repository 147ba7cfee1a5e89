# SPDX-License-Identifier: Apache-2.0
"""crash.py write FILE PID: eight threads create records; the server is killed in the midst; every acknowledged one is
written down. crash.py read FILE: each of them is there again, once, and its number follows without a gap."""
import json
import os
import re
import signal
import sys
import threading
import time

from lib import Person, check, finish

mode, path = sys.argv[1:3]
worker = Person("worker")
if mode == "write":
    known, lock, enough = [], threading.Lock(), threading.Event()
    worker.list("request", "?limit=1")  # signs in

    def create(thread):
        me = Person("worker")
        me.token = worker.token
        for i in range(100000):
            try:
                status, r = me.try_create("request", kind="help", content=f"崩溃前的第{thread}-{i}件", received_at="2026-08-03T09:00", grid="QY-G1")
            except (OSError, ValueError, EOFError) as e:
                return  # the answer did not come: nothing was promised
            except Exception as e:
                if "http.client" in type(e).__module__:
                    return
                raise
            if status == 201:
                with lock:
                    known.append((r["id"], f"崩溃前的第{thread}-{i}件"))
                    if len(known) >= 150:
                        enough.set()

    threads = [threading.Thread(target=create, args=(t,)) for t in range(8)]
    for t in threads:
        t.start()
    enough.wait(60)
    time.sleep(0.05)
    os.kill(int(sys.argv[3]), signal.SIGKILL)
    for t in threads:
        t.join(60)
    check("enough was acknowledged before the kill", True, len(known) >= 150)
    with open(path, "w", encoding="utf-8") as f:
        json.dump(known, f, ensure_ascii=False)
else:
    with open(path, encoding="utf-8") as f:
        known = json.load(f)
    have, after = {}, ""
    while True:
        status, rows = worker.api("GET", "/api/v1/request?limit=1000&received_at=gte.2026-08-03T00:00:00Z&received_at=lt.2026-08-04T00:00:00Z" + after)
        assert status == 200, (status, rows)
        have.update({r["id"]: r for r in rows})
        link = worker.headers.get("Link")
        if not link:
            break
        after = "&after=" + re.search(r"after=([^>&]*)", link).group(1)
    check("nothing acknowledged is missing", [], [k for k in known if have.get(k[0], {}).get("content") != k[1]])
    numbers = sorted(int(re.search(r"(\d+)号", r["number"]).group(1)) for r in have.values())
    check("no number twice", len(numbers), len(set(numbers)))
    check("no gap in the numbers", numbers[-1] - numbers[0] + 1, len(numbers))
    check("each begins as received, with a limit", {("received", "2026-08-10")}, {(r["state"], r["due_on"]) for r in have.values()})
finish()
