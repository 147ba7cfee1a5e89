# SPDX-License-Identifier: Apache-2.0
"""Searching all registers: what one may read is found behind any number of newer records that one may not."""
import re
import uuid
from urllib.parse import quote

from lib import Browser, Client, check, finish

WORD = "琉璃瓦渗水"
top, api = Browser("admin"), Client("worker")
page = top.get("/users")[1]
login = "xun" + uuid.uuid4().hex[:6]
unit = re.search(r'<option value="(HT-B1)"', page[page.index('id="unit"'):]).group(1)
code, _, to = top.post("/users", {"login": login, "name": "支部经办", "role": "worker", "unit": unit, "_once": uuid.uuid4().hex})
check("somebody of one branch", 303, code)
branch = Browser(login, re.search(r"口令是 (\S+?)。", top.get(to)[1]).group(1))


def add(i, unit):
    code, made, _ = api.call("POST", "/api/v1/meeting", {
        "type": "theme", "branch": unit, "held_at": f"2026-0{1 + i // 28}-{1 + i % 28:02}T19:30", "expected": 9, "present": 8,
        "subject": f"{WORD}第{i}次"}, Idempotency_Key=uuid.uuid4().hex)
    assert code == 201, made
    return made["id"]


def found(who, word):
    text = who.get("/search?q=" + quote(word))[1]
    return re.findall(r'href="?/r/meeting/(\d+)', text), "只看了最近的一部分" in text


mine = add(0, unit)
check("found", ([mine], False), found(branch, WORD))
newer = [add(i, "HT-B2") for i in range(60)]
check("found behind those of others", ([mine], False), found(branch, WORD))
worker = Browser("worker")
got, cut = found(worker, WORD)
check("who may read all of them gets the newest and is told that there are more", (newer[:-51:-1], True), (got, cut))
finish()
