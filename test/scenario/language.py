# SPDX-License-Identifier: Apache-2.0
"""Pages in English hold no Chinese but data, in Traditional no Simplified: every place, register, form, move, figure and
refusal, and the description of the interface."""
import json
import re
import uuid

from lib import HAN, Person, check, finish, grid, says, unit

worker, admin, viewer = Person("worker", lang="en"), Person("admin", lang="en"), Person("viewer", lang="en")
plain = Person("worker")
REGISTERS = [r["name"] for r in worker.api("GET", "/api/v1")[1]]

# Something of each register, in English, so that its page can be read.
FIELDS = {
    "meeting": {"held_at": "2026-10-15T09:00", "type": "theme", "branch": "QY-B1", "subject": "plan", "expected": 9, "present": 7,
                "absentees": "one away", "attendance": [{"name": "A", "status": "leave", "reason": "ill"}]},
    "dispute": {"found_on": "2026-10-15", "type": "neighbour", "summary": "noise", "grid": "QY-G1", "source": "grid", "people": 2, "amount": "10.5",
                "parties": [{"role": "a", "name": "A"}]},
    "request": {"kind": "help", "content": "lamp", "asker": "A", "phone": "13912345678", "source": "visit", "channel": "self"},
    "visit": {"visitor": "B", "grid": "QY-G1", "visited_on": "2026-10-15", "purpose": "routine", "way": "home", "issue": "lamp", "raise": True, "handling": "onspot"},
    "volunteering": {"served_on": "2026-10-15", "team": "T", "kind": "cleanup", "title": "sweep", "volunteers": 3, "hours": "4.5", "benefited": 7},
    "training": {"title": "fire", "held_on": "2026-10-15", "topic": "hoses", "attendance": [{"name": "A"}]},
    "project": {"name": "lessons", "lead": "school"},
    "need": {"proposer": "A", "content": "chairs", "kind": "facility", "raised_on": "2026-10-15"},
    "partner": {"name": "school", "credit_code": "92350100M0003008AB", "kind": "institution", "committee": True, "signed_on": "2026-10-15"},
    "resource": {"kind": "venue", "content": "hall", "partner": "school"},
    "grid": {"code": "QY-E", "name": "East", "kind": "area", "unit": "QY", "parent": "QY-G1", "households": 12},
}
ORDER = [r for r in FIELDS if r != "resource"] + ["resource"]
made = {reg: plain.create(reg, **FIELDS[reg]) for reg in ORDER}

# What is data: names of places, and whatever the records of our community hold.
data = {r["name"] for r in admin.list("unit", "?limit=1000")} | {r["name"] for r in admin.list("grid", "?limit=1000")}


def gather(x):
    if isinstance(x, dict):
        for v in x.values():
            gather(v)
    elif isinstance(x, list):
        for v in x:
            gather(v)
    elif isinstance(x, str) and HAN.search(x):
        data.add(x)


for reg in REGISTERS:
    for row in plain.list(reg, "?limit=1000"):
        gather(row)
        gather(plain.row(reg, row["id"]))
gather(admin.list("post", "?limit=1000"))
WORDS = sorted(data, key=len, reverse=True)


def english(name, text):
    for w in WORDS + ["简体", "繁體"]:
        text = text.replace(w, "")
    at = HAN.search(text)
    check(f"{name} is English", None, text[max(0, at.start() - 30):at.start() + 40] if at else None)


def page(who, path, ok=200):
    p = who.page(path)
    check(f"{who.login}: {path}", ok, p.status)
    check(f"{path}: says its language", True, '<html lang="en"' in p.html)
    m = re.search("<title>(.*?)</title>", p.html, re.S)
    # the calendar marks registers by their sign, one character as a picture
    text = re.sub(" [会志训] ", " ", p.text) if path.startswith("/calendar") else p.text
    english(f"{path} for {who.login}", m.group(1) + " " + text)
    return p


english("/login", Person("worker", lang="en").fetch("GET", "/login").text)
for path in ("/", "/r", "/new", "/more", "/me", "/figures", "/reports", "/import", "/password", "/calendar?month=2026-10",
             "/search?q=lamp", "/search?q=zzzz", "/search", "/elder"):
    page(worker, path)
page(viewer, "/")
for path in ("/users", "/r/unit", "/r/unit/new"):
    page(admin, path)
users = admin.page("/users")
one = next(a for a in users.links if re.search(r"/users/\d+$", a))
page(admin, one)
for reg in REGISTERS:
    page(worker, f"/r/{reg}")
    if reg not in made:
        continue
    page(worker, f"/r/{reg}/new")
    p = page(worker, f"/r/{reg}/{made[reg]}")
    for a in sorted({a for a in p.links if "/move/" in a}):
        page(worker, a)
    page(worker, f"/r/{reg}/{made[reg]}/edit")
    wrong = worker.post(worker.page(f"/r/{reg}/new"), f"/r/{reg}")
    if wrong.status == 422:
        english(f"/r/{reg}: what is missing", wrong.text)
page(worker, f"/r/request?kind=help&state=received&grid={grid('QY-G1')}&q=lamp&from=2026-01-01")
for name in ("request.received", "meeting.missed", "meeting.kept", "request.satisfaction", "training.people", "volunteer.hours", "dispute.amount", "member.all"):
    page(worker, f"/figures/{name}/records?unit=QY&from=2026-01-01&to=2026-12-31")

# Refusals, on pages and by the interface.
page(worker, "/users", 403)
page(worker, "/r/request/123", 404)
page(worker, "/r/nothing", 404)
page(worker, "/no/such/page", 404)
page(viewer, "/r/request", 403)
request = made["request"]
for move in ("close", "accept", "dispatch"):
    p = worker.try_step("request", request, move)
    english(f"move {move}: {p.status}", p.text)
p = worker.post(worker.page("/r/request/new"), "/r/request", phone="123", received_at="2026-13-40T99:99", content="x")
english("a form with wrong values", p.text)
check("is refused", 422, p.status)
p = worker.post(worker.page("/r/meeting/new"), "/r/meeting", held_at="2026-10-16T09:00", type="theme", branch=unit("QY-B1"), subject="x", expected="3", present="5")
english("a check that fails", p.text)
says("a check that fails", "No more can be present than were expected", p.text)
for status, body in (
        worker.api("POST", "/api/v1/request", {}, Idempotency_Key=str(uuid.uuid4()), Accept_Language="en"),
        worker.api("POST", "/api/v1/request", {"kind": "x", "content": 1, "phone": "1"}, Idempotency_Key=str(uuid.uuid4()), Accept_Language="en"),
        worker.api("POST", "/api/v1/request", {}, Accept_Language="en"),
        worker.api("GET", "/api/v1/request?nothing=eq.1", Accept_Language="en"),
        worker.api("GET", "/api/v1/request?limit=0", Accept_Language="en"),
        worker.api("GET", "/api/v1/nothing", Accept_Language="en"),
        worker.api("PATCH", f"/api/v1/request/{request}", {"content": "y"}, Accept_Language="en"),
        worker.api("PATCH", f"/api/v1/request/{request}", {"content": "y"}, If_Match='"99"', Accept_Language="en"),
        worker.api("POST", f"/api/v1/request/{request}/moves/close", {}, Idempotency_Key=str(uuid.uuid4()), Accept_Language="en"),
        worker.api("DELETE", f"/api/v1/request/{request}", {}, Accept_Language="en"),
        viewer.api("POST", "/api/v1/need", {}, Idempotency_Key=str(uuid.uuid4()), Accept_Language="en")):
    check(f"refused: {status}", True, 400 <= status < 500)
    english(f"refusal {status}", json.dumps(body, ensure_ascii=False))
english("the interface's list", json.dumps(worker.api("GET", "/api/v1", Accept_Language="en")[1], ensure_ascii=False))
described = json.dumps(worker.api("GET", "/api/v1/openapi.json", Accept_Language="en")[1], ensure_ascii=False)
english("the interface's description", described)

# Traditional: every word that has a Traditional form shows it.
hant = Person("worker", lang="zh-Hant")
SIMPLIFIED = re.compile("[记录办结诉调网组织报数统计页码导处单类别级联讯电话务员邻账号满]")
for path in ("/", "/r", "/more", "/figures", "/r/request/new", "/r/dispute/new", "/r/meeting/new", "/r/visit/new", "/import", "/password", "/calendar?month=2026-11"):
    p = hant.page(path)
    text = p.text
    for w in WORDS:
        text = text.replace(w, "")
    at = SIMPLIFIED.search(text)
    check(f"{path} is Traditional", None, text[max(0, at.start() - 20):at.start() + 20] if at else None)
says("office words in Traditional", ["鄰里", "臺帳", "登記", "受理", "辦理", "網格"], hant.page("/").text + hant.page("/r/request/new").text + hant.page("/more").text)
for reg, id in made.items():
    plain.withdraw(reg, id, "只为核对文字")
finish()
