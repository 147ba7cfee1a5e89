# SPDX-License-Identifier: Apache-2.0
"""The JSON interface: reading, creating, changing, moving, withdrawing; who may, and what a retry does."""
import http.client
import json
import os
import re
import sqlite3
import uuid
from urllib.parse import quote

from lib import PORT, Client, check, finish

admin, worker = Client("admin"), Client("worker")
nobody = Client()


def key():
    return {"Idempotency-Key": uuid.uuid4().hex}


# --- who may
for method, path in (("GET", "/api/v1"), ("GET", "/api/v1/dispute"), ("GET", "/api/v1/openapi.json"), ("POST", "/api/v1/dispute"),
                     ("PATCH", "/api/v1/dispute/1"), ("DELETE", "/api/v1/dispute/1"), ("DELETE", "/api/v1/session")):
    check(f"{method} {path} without login", 401, nobody.call(method, path, None if method == "GET" else {})[0])
code, body, _ = nobody.call("POST", "/api/v1/session", {"login": "worker", "password": "no"})
check("wrong password", 401, code)
check("login without a body", 422, nobody.call("POST", "/api/v1/session", b"")[0])
check("login that is not JSON", 422, nobody.call("POST", "/api/v1/session", b"{\"login\":")[0])
check("login with twice the same key", 422, nobody.call("POST", "/api/v1/session", b'{"login":"a","login":"b","password":"c"}')[0])
check("made-up token", 401, nobody.call("GET", "/api/v1", Authorization="Bearer " + "a" * 32)[0])
check("no such register", 404, worker.call("GET", "/api/v1/no_such")[0])
check("register of a strange name", 404, worker.call("GET", "/api/v1/r_dispute;drop")[0])

# --- what there is
code, regs, _ = worker.call("GET", "/api/v1")
check("registers", True, code == 200 and any(r["name"] == "dispute" for r in regs))
code, api, _ = worker.call("GET", "/api/v1/openapi.json")
check("OpenAPI 3.1", "3.1.0", api["openapi"])
check("OpenAPI names the paths", True, "post" in api["paths"]["/api/v1/dispute"] and "get" in api["paths"]["/api/v1/dispute/{id}"])
refs = set(re.findall(r'"\$ref": ?"(#/[^"]*)"', str(api).replace("'", '"')))


def at(ref):
    node = api
    for part in ref[2:].split("/"):
        node = node[part]
    return node


check("every $ref leads somewhere", True, bool(refs) and all(at(r) is not None for r in refs))

# --- reading
code, rows, h = worker.call("GET", "/api/v1/dispute?limit=5")
check("five rows", (200, 5), (code, len(rows)))
check("ids are strings", True, all(isinstance(r["id"], str) for r in rows))
check("the next page is named", True, 'rel="next"' in (h["Link"] or ""))
seen, url = [], "/api/v1/dispute?limit=7&select=id,happened"
for _ in range(200):
    code, page, h = worker.call("GET", url)
    seen += [r["id"] for r in page]
    if not h["Link"]:
        break
    url = h["Link"].split(">")[0][1:]
code, every, h = worker.call("GET", "/api/v1/dispute?limit=1000&select=id", Prefer="count=exact")
check("paging by key meets every row once, in the same order", [r["id"] for r in every], seen)
check("exact count", f"0-{len(every) - 1}/{len(every)}", h["Content-Range"])
code, part, _ = worker.call("GET", "/api/v1/dispute?limit=3&offset=4&select=id")
check("offset", [r["id"] for r in every][4:7], [r["id"] for r in part])
for field, way in (("found_on", "asc"), ("found_on", "desc"), ("summary", "asc"), ("amount", "desc"), ("state", "asc")):
    paged, url = [], f"/api/v1/dispute?limit=11&order={field}.{way}&select=id,{field}"
    while True:
        code, page, h = worker.call("GET", url)
        if not check(f"order {field}.{way} reads", 200, code):
            break
        paged += page
        if not h["Link"]:
            break
        url = h["Link"].split(">")[0][1:]
    values = [r[field] for r in paged if r[field] is not None]
    good = values == sorted(values, key=lambda v: v.encode() if isinstance(v, str) else v, reverse=way == "desc")
    check(f"order {field}.{way}", (True, len(every)), (good, len({r["id"] for r in paged})))
state = rows[0]["state"]
code, same, _ = worker.call("GET", f"/api/v1/dispute?state=eq.{state}&limit=1000")
code, other, _ = worker.call("GET", f"/api/v1/dispute?state=neq.{state}&limit=1000")
code, negated, _ = worker.call("GET", f"/api/v1/dispute?state=not.eq.{state}&limit=1000")
check("eq and neq divide", len(every), len(same) + len(other))
check("not.eq", len(other), len(negated))
check("eq holds", [state], sorted({r["state"] for r in same}))
code, one, _ = worker.call("GET", f"/api/v1/dispute?id=in.({rows[0]['id']},{rows[1]['id']})")
check("in", 2, len(one))
day = rows[2]["found_on"]
code, late, _ = worker.call("GET", f"/api/v1/dispute?found_on=gte.{day}&limit=1000")
check("gte", True, bool(late) and all(r["found_on"] >= day for r in late))
code, either, _ = worker.call("GET", f"/api/v1/dispute?or=(state.eq.{state},found_on.gte.{day})&limit=1000")
check("or", len({r["id"] for r in same} | {r["id"] for r in late}), len(either))
for parts, alone in (("state.eq.nothing,id.eq." + rows[0]["id"], 422), ("summary.eq.nothing,amount.gte.100.5", 200), ("type.in.(neighbour,x)", 422),
                     ("type.in.(neighbour)", 200), ("not.state.eq.found", 422), ("state.not.eq.found,closed_on.not.is.null", 200), ("type.gt.a", 422),
                     ("amount.like.*1*", 422), ("entered.gte.2020-01-01T00:00:00Z", 200)):
    check("or=(" + parts + ")", alone, worker.call("GET", f"/api/v1/dispute?or=({parts})&limit=5")[0])
check("no English within a Chinese answer", None, re.search("[a-z]+ [a-z]+ [a-z]+", worker.call("GET", "/api/v1/dispute?or=(id.eq.1)")[1]["message"]))
ids = lambda words: {r["id"] for r in worker.call("GET", f"/api/v1/dispute?{words}&limit=1000")[1]}
day = sorted(r["found_on"] for r in worker.call("GET", "/api/v1/dispute?state=eq.settled&type=eq.neighbour&limit=1000")[1])[1]
A, B, C = ids("state=eq.settled"), ids(f"found_on=gte.{day}"), ids("type=eq.neighbour")
a, b, c = "state.eq.settled", f"found_on.gte.{day}", "type.eq.neighbour"
check("groups have something to tell apart", {6, 7}, len({frozenset(s) for s in (A, B, C, A & B, B & C, A | B, A & B & C)}))
for words, want in ((f"and=({a},{b})", A & B), (f"or=({a},and({b},{c}))", A | (B & C)), (f"and=({a},or({b},{c}))", A & (B | C)),
                    (f"not.or=({a},{b})", ids("limit=1000") - A - B), (f"or=({a},not.and({b},{c}))", A | (ids("limit=1000") - (B & C))),
                    (f"or=({a},{b})&or=({b},{c})", (A | B) & (B | C)), (f"or=(or(or(or({a}))))", A),
                    (f'or=(and(state.in.("settled"),{b}))&type=eq.neighbour', A & B & C), (f"or=({','.join([a] * 30)})", A)):
    check(words[:60], sorted(want), sorted(ids(words)))
for bad in ("or=", "or=()", f"or=({a}", f"or=({a})x", f"or=({a},)", f"or=(and({a},{b})", f"or=(xor({a},{b}))", f"and=({a}))", "or=(" * 3,
            "or=" + "(or" * 9000 + ")", f"or=(or(or(or(or(or({a}))))))", f"or=({','.join([a] * 31)})", f"or=({a})&and=({','.join([b] * 30)})",
            f"nor=({a},{b})", f"or=(summary.like.*x*,{a})", "or=(and())", 'or=(state.in.("x)', "not.not.or=(a.eq.1)"):
    code, body, _ = worker.call("GET", "/api/v1/dispute?" + bad[:7000])
    check("refused with a reason: " + bad[:50], True, code == 422 and len(body["message"]) > 5)
code, empty, _ = worker.call("GET", "/api/v1/dispute?closed_on=is.null&limit=1000")
check("is.null", True, all(r["closed_on"] is None for r in empty))
piece = rows[0]["summary"][2:5]
code, like, _ = worker.call("GET", f"/api/v1/dispute?summary=ilike.*{quote(piece)}*&limit=1000")
check("ilike", True, bool(like) and all(piece in r["summary"] for r in like))
for bad in ("limit=0", "limit=1001", "limit=x", "offset=10001", "offset=-1", "order=nonsense", "order=found_on.up", "order=a,b", "state=open",
            "state=xx.open", "nonsense=eq.1", "found_on=eq.2026-02-30", "select=id,nonsense", "after=zzz", "after=i1.1x", "after=i9223372036854775808.1", "after=i12x.1", "after=i.1", "after=n.99999999999999999999", "or=state.eq.x",
            "or=(state)", "amount=like.*1*", "summary=like.a*b*c", "id=in.1,2", "closed_on=is.maybe", "under=NOSUCH",
            "found_on=eq.1'%20or%201=1", "amount=eq.1;drop%20table%20s_user"):
    code, body, _ = worker.call("GET", "/api/v1/dispute?" + bad)
    good = code == 422 and set(body) >= {"code", "message", "details", "hint"} and len(body["message"]) > 5
    check("refused with a reason: " + bad, True, good)
code, one, h = worker.call("GET", f"/api/v1/dispute/{rows[0]['id']}")
check("one row", (200, rows[0]["id"], f'"{one["version"]}"'), (code, one["id"], h["ETag"]))
for bad in ("0", "-1", "x", "1", "99999999999999999999", "9223372036854775807", "1%20or%201"):
    check("no such row: " + bad, 404, worker.call("GET", "/api/v1/dispute/" + bad)[0])

# --- figures
code, figures, _ = worker.call("GET", "/api/v1/figures")
check("figures", True, code == 200 and any(f["name"] == "dispute.found" for f in figures))
span = "?from=2000-01-01&to=2099-12-31"
code, found, _ = worker.call("GET", "/api/v1/figures/dispute.found" + span)
check("a figure counts what the list shows", len([r for r in worker.call("GET", "/api/v1/dispute?limit=1000&happened=gte.2000-01-01")[1]]), found["value"])
check("its parts add up", found["value"], sum(s["value"] for s in found["slices"]) if "slices" in found else found["value"])
code, behind, _ = worker.call("GET", "/api/v1/figures/dispute.found/records" + span + "&limit=1000")
check("as many records stand behind it as it says", (200, found["records"]), (code, len(behind)))
check("each can be opened", 200, worker.call("GET", f"/api/v1/dispute/{behind[0]['id']}")[0])
for bad, code in (("no.such", 404), ("dispute.found?from=2026-02-30", 422), ("dispute.found?from=2026-03-01&to=2026-02-01", 422),
                  ("dispute.found?unit=NOSUCH", 422), ("dispute.found/records?limit=0", 422), ("dispute.found/records?limit=1001", 422)):
    check("refused: " + bad, code, worker.call("GET", "/api/v1/figures/" + bad)[0])
check("not of a unit above one's own", 403, worker.call("GET", "/api/v1/figures/dispute.found?unit=YL")[0])

# --- creating
new = {"found_on": "2026-03-05", "summary": "花台漏水，楼上楼下各执一词", "type": rows[0]["type"]}
code, body, _ = worker.call("POST", "/api/v1/dispute", new)
check("without a key", (422, True), (code, "Idempotency-Key" in body["message"]))
check("with one that is too long", 422, worker.call("POST", "/api/v1/dispute", new, Idempotency_Key="k" * 201)[0])
k = key()
code, made, h = worker.call("POST", "/api/v1/dispute", new, **k)
check("created", (201, True), (code, h["Location"].startswith("/api/v1/dispute/")))
code2, again, h2 = worker.call("POST", "/api/v1/dispute", new, **k)
check("the same key gives the same answer", (201, made, h["Location"], "true"), (code2, again, h2["Location"], h2["Idempotency-Replayed"]))
code, found, _ = worker.call("GET", f"/api/v1/dispute?summary=eq.{quote(new['summary'])}")
check("and one record", 1, len(found))
check("the same key with another question", 409, worker.call("POST", "/api/v1/dispute?select=summary", new, **k)[0])
check("the same key with other content", 409, worker.call("POST", "/api/v1/dispute", dict(new, summary="别的"), **k)[0])
code, other_user, h = admin.call("POST", "/api/v1/dispute", dict(new, unit="HT"), **k)
check("another user's key is another key", (201, True), (code, other_user.get("id") != made["id"]))
whole = {"Prefer": "return=representation"}
for sent, kept in ((12345678.91, "12345678.91"), (b'12345678901.25', "12345678901.25"), (0.1, "0.1"), (7, "7")):
    raw_new = json.dumps(new)[:-1].encode() + b', "amount": ' + (sent if isinstance(sent, bytes) else repr(sent).encode()) + b"}"
    code, full, _ = worker.call("POST", "/api/v1/dispute", raw_new, **whole, **key())
    check("money as it was sent: " + kept, (201, float(kept)), (code, float(full["amount"]) if code == 201 else full))
raw_new = json.dumps(new)[:-1].encode() + b', "amount": 9007199254740993.25}'
code, body, _ = worker.call("POST", "/api/v1/dispute", raw_new, **key())
check("a number that a double cannot hold is refused", (422, "amount"), (code, body["details"][0]["field"]))
code, full, _ = worker.call("POST", "/api/v1/dispute", new, Prefer="return=representation", **key())
check("the whole row comes back when asked", new["summary"], full["summary"])
code, body, _ = worker.call("POST", "/api/v1/dispute", {"found_on": "2026-02-30", "nonsense": 1, "amount": "很多"}, **key())
fields = {d["field"] for d in body["details"]}
check("every wrong field is named", (422, True), (code, {"found_on", "nonsense", "amount"} <= fields))
check("no half record", 422, worker.call("POST", "/api/v1/dispute", {}, **key())[0])
for bad in (b"", b"[]", b"null", b"{", b'{"a":1,"a":2}', b"\xff", b'{"summary":"\\ud800"}', b"[" * 5000):
    check(f"not an object: {bad[:12]!r}", 422, worker.call("POST", "/api/v1/dispute", bad, **key())[0])
check("a sealed value is not taken from outside", 422, worker.call("POST", "/api/v1/dispute", dict(new, summary="sealed:AAAA"), **key())[0])

# --- changing
path = "/api/v1/dispute/" + made["id"]
check("without a version", 422, worker.call("PATCH", path, {"summary": "甲"})[0])
code, body, h = worker.call("PATCH", path, {"summary": "改过一次"}, If_Match=f'"{made["version"]}"')
check("changed", (200, made["version"] + 1), (code, body["version"]))
code, body, _ = worker.call("PATCH", path, {"summary": "改的是旧版"}, If_Match=f'"{made["version"]}"')
check("a stale change shows both values", (409, "conflict", [{"field": "summary", "yours": "改的是旧版", "theirs": "改过一次"}], made["version"] + 1),
      (code, body["code"], body["details"], body["version"]))
check("and changes nothing", "改过一次", worker.call("GET", path)[1]["summary"])

# --- a cookie session needs the token; a bearer does not
c = http.client.HTTPConnection("127.0.0.1", PORT)
c.request("POST", "/api/v1/dispute", b"{}", {"Cookie": "linli=" + worker.token, "Idempotency-Key": "x"})
check("a cookie without token writes nothing", 403, c.getresponse().status)

# --- moving
code, rec, _ = worker.call("GET", path)
moves = [p for p in api["paths"] if p.startswith("/api/v1/dispute/{id}/moves/")]
check("moves are in OpenAPI", True, len(moves) > 0)
check("no such move", 404, worker.call("POST", path + "/moves/no_such", {}, **key())[0])
check("a move takes only what it asks for", 422, worker.call("POST", path + "/" + "/".join(moves[0].split("/")[-2:]), {"summary": "x"}, **key())[0])
codes = {m: worker.call("POST", path + "/" + "/".join(m.split("/")[-2:]), {}, **key()) for m in moves}
done = [m for m, (code, _, _) in codes.items() if code == 200]
check("one of the moves goes, the others say why not", True,
      all(c == 200 or (c in (403, 409, 422) and b["message"]) for c, b, _ in codes.values()) and len(done) >= 1)

# --- withdrawing
check("without a reason", 422, worker.call("DELETE", path)[0])
gone = path + "?reason=" + quote("重复登记")
version = re.sub(r"\D", "", worker.call("GET", path)[2]["ETag"])
check("without the version it was decided on", 422, worker.call("DELETE", gone)[0])
check("with an old version", 409, worker.call("DELETE", gone, If_Match=f'"{int(version) - 1}"')[0])
check("withdrawn", 204, worker.call("DELETE", gone, If_Match=f'"{version}"')[0])
code, left, _ = worker.call("GET", f"/api/v1/dispute?id=eq.{made['id']}")
check("gone from the list", [], left)
later = str(int(version) + 1)
check("restored only with the version", 422, worker.call("POST", path + "/restore", {}, **key())[0])
check("nor with an old one", 409, worker.call("POST", path + "/restore", {}, If_Match=version, **key())[0])
check("nor by who may not write", 403, Client("clerk").call("POST", path + "/restore", {}, If_Match=later, **key())[0])
again = key()
code, back, _ = worker.call("POST", path + "/restore", {}, If_Match=later, **again)
check("restored", (200, int(version) + 2), (code, back.get("version")))
check("a retry gives the same answer", (200, back), worker.call("POST", path + "/restore", {}, If_Match=later, **again)[:2])
check("it was restored, there is nothing to restore", 409, worker.call("POST", path + "/restore", {}, If_Match=str(back["version"]), **key())[0])
code, left, _ = worker.call("GET", f"/api/v1/dispute?id=eq.{made['id']}")
check("back in the list", 1, len(left))

# --- what one may not see
clerk = Client("clerk")
code, clear, _ = worker.call("GET", "/api/v1/request?phone=not.is.null&limit=1000&select=id,phone,asker")
clear = {r["id"]: r for r in clear}
code, masked, _ = clerk.call("GET", "/api/v1/request?limit=1000&select=id,phone,asker")
both = [(r, clear[r["id"]]) for r in masked if r["id"] in clear]
check("a role without the permission gets personal columns masked", True,
      bool(both) and all("*" in m["phone"] and m["phone"] != c["phone"] and m["asker"] != c["asker"] for m, c in both))
check("a role with it does not", True, all("*" not in c["phone"] for c in clear.values()))
some = next(iter(clear.values()))["phone"] if clear else "0"
check("nor may it find out by filtering", 403, clerk.call("GET", "/api/v1/request?phone=eq." + some)[0])
check("nor by sorting", 403, clerk.call("GET", "/api/v1/request?order=phone.asc")[0])
check("nor through or", 403, clerk.call("GET", f"/api/v1/request?or=(phone.eq.{some},id.eq.1)")[0])
check("nor deep within groups", 403, clerk.call("GET", f"/api/v1/request?and=(kind.eq.help,or(kind.eq.help,not.and(kind.eq.help,phone.eq.{some})))")[0])
check("who may read may not write", 403, clerk.call("POST", "/api/v1/request", {}, **key())[0])


WHY = "&reason=" + quote("核对名册")


def idno(first17):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first17 + "10X98765432"[sum(int(c) * w for c, w in zip(first17, weights)) % 11]


secretary = Client("secretary")
branches = secretary.call("GET", "/api/v1/unit?kind=eq.branch&limit=1")[1]
MEMBER = {"name": "单志敏", "joined_on": "2001-07-01", "type": "full", "kind": "registered", "branch": branches[0]["id"] if branches else None}
number = next(n for n in (idno(f"99010119800101{i:03d}") for i in range(3, 999, 2)) if n.endswith("X"))
code, body, _ = secretary.call("POST", "/api/v1/member", MEMBER | {"idno": number}, **key())
if check("a member with an identity number", 201, code):
    path = "/api/v1/member/" + body["id"]
    row = secretary.call("GET", path)[1]
    check("a protected column is masked for everybody", True, "*" in row["idno"] and number not in str(row))
    check("found by the whole number", [body["id"]], [r["id"] for r in secretary.call("GET", "/api/v1/member?idno=eq." + number + WHY)[1]])
    check("also when it is typed in small letters", [body["id"]], [r["id"] for r in secretary.call("GET", "/api/v1/member?idno=eq." + number.lower() + WHY)[1]])
    check("not without a reason", 422, secretary.call("GET", "/api/v1/member?select=name&idno=eq." + number)[0])
    check("nor within a group", 422, secretary.call("GET", "/api/v1/member?or=(idno.eq." + number + ")" + WHY)[0])
    check("who has none may be asked without", 200, secretary.call("GET", "/api/v1/member?idno=is.null&limit=1")[0])
    check("a number that is none is said to be so", 422, secretary.call("GET", "/api/v1/member?idno=eq.12345" + WHY)[0])
    many = secretary.call("GET", "/api/v1/member?limit=1000&select=id,phone")[1]
    bulk = (len(many), "api", {"limit": "1000", "select": "id,phone"})
    check("enough for one list", True, len(many) >= 50)
    check("few, or without personal columns, are no export", [200, 200], [secretary.call("GET", "/api/v1/member?" + w)[0] for w in ("limit=20", "limit=1000&select=id")])
    check("not by a part", 422, secretary.call("GET", "/api/v1/member?idno=like.*9901*")[0])
    check("shown only with a reason", 422, secretary.call("GET", path + "?reveal=idno")[0])
    check("only protected columns are revealed", 422, secretary.call("GET", path + "?reveal=name&reason=" + quote("核对名册"))[0])
    code, row, _ = secretary.call("GET", path + "?reveal=idno&reason=" + quote("核对名册"))
    check("shown with one", (200, number), (code, row["idno"]))
    once = {"Idempotency-Key": "same-view"}
    for _ in range(2):
        secretary.call("GET", path + "?reveal=idno&reason=" + quote("核对名册"), **once)
    secretary.call("HEAD", path + "?reveal=idno&reason=" + quote("核对名册"), **once)
    check("not to whom it is not", 403, clerk.call("GET", path + "?reveal=idno&reason=" + quote("核对名册"))[0])
if os.path.exists(os.environ["WORK"] + "/data/linli.db"):
    db = sqlite3.connect("file:" + os.environ["WORK"] + "/data/linli.db?mode=ro", uri=True)
    views = db.execute("SELECT detail FROM s_trail WHERE act = 'view' AND record = ?", (int(body["id"]),)).fetchall()
    check("and each view stands in the trail, once", True, len(views) == 6 and "核对名册" in views[0][0] and "idno" in views[0][0])
    kept = db.execute("SELECT f_idno FROM r_member WHERE id = ?", (int(body["id"]),)).fetchone()[0]
    taken = [v[0] for v in db.execute("SELECT detail FROM s_trail WHERE act = 'export' AND register = 'member'").fetchall()]
    check("who takes many at once stands there with what was asked for", [bulk],
          [(d["rows"], d["by"], d["query"]) for d in map(json.loads, taken)])
    check("who is found by it, too", 2, len([v for v in views if '"found":1' in v[0].replace(" ", "")]))
    check("the database does not hold it in the clear", False, number in kept)
    check("nor do the answers kept for retries", 0, db.execute("SELECT count(*) FROM s_idem WHERE answer LIKE '%' || ? || '%'", (number,)).fetchone()[0])
    check("nor does the trail", 0, db.execute("SELECT count(*) FROM s_trail WHERE detail LIKE '%' || ? || '%'", (number,)).fetchone()[0])
    db.close()

# --- out
check("logout", 204, worker.call("DELETE", "/api/v1/session")[0])
check("the token is dead", 401, worker.call("GET", "/api/v1")[0])
finish()
