# SPDX-License-Identifier: Apache-2.0
"""What a serving process throws away when it starts: kept answers past their week, dead sessions, half uploads, old
imports' undoing, messages that nobody fetched."""
import hashlib
import os
import re
import sqlite3
import subprocess
import time

from lib import check, finish

linli, data = os.environ["LINLI"], os.environ["WORK"] + "/housekept"
subprocess.run([linli, "init", "--demo", "--json", "--data", data], check=True, capture_output=True)
now, day = int(time.time() * 1000), 24 * 3600 * 1000
db = sqlite3.connect(data + "/linli.db")
for key, at in (("old", now - 8 * day), ("young", now - 6 * day)):
    db.execute("INSERT INTO s_idem (key, who, at, status, answer) VALUES (?, 1, ?, 201, 'x')", (key, at))
# imports that can be undone, messages that wait: their ids begin with their time
with open(data + "/linli.yaml", "a", encoding="utf-8") as f:
    f.write("undo_days: 20\noutbox_days: 10\nupload_days: 3\n")
for days in (19, 21):
    at = now - days * day
    batch = {"home": 1, "id": at << 20, "at": at}
    names = [row[1] for row in db.execute("PRAGMA table_info(s_batch)")]
    db.execute(f"INSERT INTO s_batch ({','.join(names)}) VALUES ({','.join('?' * len(names))})",
               [batch.get(n, "" if n in ("register", "file", "sha", "map") else 0) for n in names])
    db.execute("INSERT INTO s_undo VALUES (1, ?, 1, 'visit', 1, 7, 1, 1, '')", (at << 20,))
for days in (9, 11):
    db.execute("INSERT INTO s_outbox VALUES (?, 1, ?, 'clock', '{}')", (now - days * day << 20, now - days * day))
db.execute("INSERT INTO s_file VALUES (1, 5, ?, 'a.jpg', 'image/jpeg', 4, 0, 1, 'visit', 7, 'photo')",
           (hashlib.sha256(b"kept").hexdigest(),))
db.commit()
db.close()
for folder in ("tmp", "files/tmp"):
    os.makedirs(f"{data}/{folder}", exist_ok=True)
    with open(f"{data}/{folder}/half", "w", encoding="utf-8") as f:
        f.write("half an upload")
# a photo whose form nobody finished, one of a form still open, one of a record
photos = {}
for name, days in (("left", 4), ("open", 2), ("kept", 4)):
    sha = photos[name] = hashlib.sha256(name.encode()).hexdigest()
    os.makedirs(f"{data}/files/{sha[:2]}", exist_ok=True)
    with open(f"{data}/files/{sha[:2]}/{sha}", "w", encoding="utf-8") as f:
        f.write(name)
    os.utime(f"{data}/files/{sha[:2]}/{sha}", (now / 1000 - days * 86400,) * 2)
out = open(os.environ["WORK"] + "/kept.log", "w+", encoding="utf-8")
server = subprocess.Popen([linli, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=out)
check("it serves", True, bool(re.match(rb"http://127.0.0.1:\d+/", server.stdout.readline())))
for _ in range(100):
    db = sqlite3.connect(f"file:{data}/linli.db?mode=ro", uri=True)
    keys = [k for (k,) in db.execute("SELECT key FROM s_idem ORDER BY key")]
    undo = [(now - (b >> 20)) // day for (b,) in db.execute("SELECT batch FROM s_undo")]
    waiting = [(now - at) // day for (at,) in db.execute("SELECT at FROM s_outbox WHERE at < ?", (now - day,))]
    db.close()
    if "old" not in keys:
        break
    time.sleep(0.1)
check("a kept answer goes after a week and not before", ["young"], keys)
check("what an import can be undone by goes after undo_days", [19], undo)
check("a message that nobody fetched goes after outbox_days", [9], waiting)
here = lambda: sorted(n for n, sha in photos.items() if os.path.exists(f"{data}/files/{sha[:2]}/{sha}"))
for _ in range(100):
    if "left" not in here():
        break
    time.sleep(0.1)
check("a photo that no record has goes after upload_days", ["kept", "open"], here())
check("half uploads are gone", ([], []), (os.listdir(data + "/tmp"), os.listdir(data + "/files/tmp")))
server.terminate()
check("and it stops", 0, server.wait(30))
finish()
