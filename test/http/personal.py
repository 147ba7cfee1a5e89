# SPDX-License-Identifier: Apache-2.0
"""What somebody who sees personal columns masked cannot find out by sorting, filtering, paging or searching."""
import re
import uuid
from urllib.parse import quote

from lib import Client, check, finish

clerk, secretary = Client("clerk"), Client("secretary")


def page(who, path):
    """A page by the same login that the token stands for: status and text."""
    code, text, _ = who.call("GET", path, Cookie="linli=" + who.token)
    return code, text.decode() if isinstance(text, bytes) else str(text)


def rows(text):
    return [int(x) for x in re.findall(r'<a class=row href="/r/\w+/(\d+)"', text)]


branch = secretary.call("GET", "/api/v1/unit?kind=eq.branch&limit=1")[1][0]["id"]
made = []
for name, phone, day in (("尉迟安平", "19900000007", "1987-05-04"), ("濮阳若溪", "19900000003", "2011-06-02"), ("赫连知夏", "19900000005", "1999-07-01")):
    code, body, _ = secretary.call("POST", "/api/v1/member", {
        "name": name, "phone": phone, "joined_on": day, "type": "full", "kind": "registered", "branch": branch},
        Idempotency_Key=uuid.uuid4().hex)
    check(f"{name} is on the roster", 201, code)
    made.append(int(body["id"]))

# --- a title is made of fields: whoever sees them masked sees it masked
for who, sees in ((clerk, False), (secretary, True)):
    one = who.call("GET", f"/api/v1/member/{made[0]}")[1]
    check(f"a title for whom it is: {sees}", (sees, True), (one["title"] == "尉迟安平", one["title"] == one["name"]))
    check("alone, too", one["title"], who.call("GET", f"/api/v1/member/{made[0]}?select=title")[1].get("title"))
    check("and in a list", True, one["title"] in [x["title"] for x in who.call("GET", "/api/v1/member?select=title")[1]])

# --- sorting and ranges
code, text = page(clerk, "/r/member")
shown = rows(text)
check("the clerk reads the roster", True, code == 200 and bool(shown))
check("masked", True, not any(n in text for n in ("尉迟安平", "濮阳若溪", "赫连知夏")))
check("in the order of the ids", sorted(shown, reverse=True), shown)
for sort in ("phone", "-phone", "name", "joined_on", "-joined_on", "idno", "-idno"):
    got = rows(page(clerk, "/r/member?sort=" + sort)[1])
    check(f"a masked column gives no order: {sort}", sorted(got, reverse=sort[0] == "-"), got)
check("nor does a masked day narrow", shown, rows(page(clerk, "/r/member?from=2011-06-02&to=2011-06-02")[1]))
for path in re.findall(r'after=([^"&]*)', text):
    check("the next page's address holds no day", True, path == "" or path.split(".")[0] == path.split(".")[-1])
by_phone = [i for i in rows(page(secretary, "/r/member?sort=phone")[1]) if i in made]
check("who sees them sorts by them", [made[1], made[2], made[0]], by_phone)
check("and narrows by the day", [made[1]], [i for i in rows(page(secretary, "/r/member?from=2011-06-02&to=2011-06-02")[1]) if i in made])

# --- what one is shown, the other is not, however they take turns
first = {who.token: re.findall(r"<tbody>.*</tbody>", page(who, "/r/member")[1])[0] for who in (clerk, secretary)}
check("the two see different pages", True, first[clerk.token] != first[secretary.token])
for turn in range(12):
    who = (clerk, secretary)[turn % 2]
    body = re.findall(r"<tbody>.*</tbody>", page(who, "/r/member")[1])[0]
    check("each his own", (True, who is secretary), (body == first[who.token], "濮阳若溪" in body))

# --- the head of a list says at once what a grid is called now
grid = "/api/v1/grid/" + secretary.call("GET", "/api/v1/grid?kind=eq.grid&limit=1")[1][0]["id"]
for name in ("望春一号格", "望春二号格"):
    code = secretary.call("PATCH", grid, {"name": name}, Idempotency_Key=uuid.uuid4().hex,
                          If_Match=secretary.call("GET", grid)[2]["ETag"])[0]
    check("renamed", True, code in (200, 204))
    for who in (clerk, secretary):
        for _ in range(4):
            check("its name among the filters", True, f">{name}</option>" in page(who, "/r/visit")[1])

# --- behind a number
for who, sees in ((clerk, False), (secretary, True)):
    code, text = page(who, "/figures/member.all/records?from=1980-01-01")
    check(f"what stands behind a number: {who is secretary}", (200, True), (code, f"/r/member/{made[1]}" in text))
    check("names and days for whom they are", (sees, sees), ("濮阳若溪" in text, "2011-06-02" in text))

# --- the story of a record names who did what, beyond the first hundred entries on demand
member = f"/api/v1/member/{made[0]}"
for i in range(101):
    code = secretary.call("PATCH", member, {"note": f"第{i}次"}, Idempotency_Key=uuid.uuid4().hex,
                          If_Match=secretary.call("GET", member)[2]["ETag"])[0]
check("changed", True, code in (200, 204))
text = page(secretary, f"/r/member/{made[0]}")[1]
story = re.compile(r"<li><span class=nowrap>[^<]*</span>\u3000社区书记 陆秀兰 ")
check("a hundred entries by name, and more", (100, True), (len(story.findall(text)), "?history=1000" in text))
text = page(secretary, f"/r/member/{made[0]}?history=1000")[1]
check("all of them", (102, False), (len(story.findall(text)), "?history=" in text))

# --- searching
for name, word in (("name", "尉迟安平"), ("part", "安平"), ("character", "濮"), ("telephone", "19900000007")):
    word = quote(word)
    check(f"the clerk finds nobody by {name} in the list", [], rows(page(clerk, "/r/member?q=" + word)[1]))
    check(f"nor through the API by {name}", [], clerk.call("GET", "/api/v1/member?q=" + word)[1])
    for who in (clerk, secretary):
        check(f"searching all registers by {name} gives nobody's roster entry", False,
              "/r/member/" in page(who, "/search?q=" + word)[1])
check("who sees names finds by them in the list", [made[0]], rows(page(secretary, "/r/member?q=" + quote("尉迟安"))[1]))
check("and through the API", [str(made[0])], [r["id"] for r in secretary.call("GET", "/api/v1/member?q=" + quote("安平"))[1]])

# Whoever takes a second call finds the first by the number, in the register; nobody does across registers.
worker = Client("worker")
code, ask, _ = worker.call("POST", "/api/v1/request", {"kind": "help", "content": "再次来电询问", "asker": "令狐某", "phone": "19900000019"},
                           Idempotency_Key=uuid.uuid4().hex)
check("a request with a telephone number", 201, code)
check("found by the whole number", [int(ask["id"])], rows(page(worker, "/r/request?q=19900000019")[1]))
check("not by a part of it", [], rows(page(worker, "/r/request?q=1990000")[1]))
check("not by who sees it masked", [], rows(page(clerk, "/r/request?q=19900000019")[1]))
for who in (worker, clerk):
    check("not across registers", False, ask["id"] in page(who, "/search?q=19900000019")[1])

# --- a list over several communities names what each row refers to
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit(first17):
    total = sum(LETTERS.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return first17 + LETTERS[(31 - total % 31) % 31]


admin = Client("admin")
status, body, _ = admin.call("POST", "/api/v1/unit", {
    "code": "ZW", "name": "榨油坊社区", "kind": "community", "parent": "YL", "since": "2020-01-01"},
    Idempotency_Key=uuid.uuid4().hex)
check("a second community", 201, status)
places = ["HT", "ZW"]
for i, code in enumerate(places):
    status, body, _ = admin.call("POST", "/api/v1/partner", {
        "name": f"第{'一二'[i]}面粉厂", "credit_code": credit(f"9100000000000{i}00X"), "kind": "company", "unit": code},
        Idempotency_Key=uuid.uuid4().hex)
    check("a partner", 201, status)
    status, body, _ = admin.call("POST", "/api/v1/resource", {
        "partner": body["id"], "kind": "venue", "content": "露天放映场", "unit": code}, Idempotency_Key=uuid.uuid4().hex)
    check("what it offers", 201, status)
text = page(admin, "/r/resource?unit=YL")[1]
check("each by its name", (True, True), ("第一面粉厂" in text, "第二面粉厂" in text))
finish()
