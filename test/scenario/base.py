# SPDX-License-Identifier: Apache-2.0
"""Units, grids and posts: both trees, dated; who may change them; a new grid is used at once; the second community's
own; accounts."""
from lib import Growth, Person, behind, check, finish, grid, says, shown, silent, unit

admin, worker, secretary, net, clerk, viewer, other = (Person(p) for p in ("admin", "worker", "secretary", "grid", "clerk", "viewer", "other"))
year = Growth("QY")

# --- units: only the administrator, dated, unique, no rings
for who in (worker, secretary, net, clerk, viewer):
    check(f"{who.login} reads units", 200, who.page("/r/unit").status)
    check(f"{who.login} makes none", 403, who.try_create("unit", code="QY-X", name="x", kind="branch", parent="QY")[0])
status, e = admin.try_create("unit", code="QY-B1", name="重复", kind="branch", parent="QY")
check("a code is used once", True, status in (409, 422))
says("a code is used once", "代码", e["message"])
p = admin.record("unit", code="QY-B3", name="清源社区第三党支部", kind="branch", parent=unit("QY"), since="2026-03-01")
check("a unit by its form", 200, p.status)
b3 = p.id()
check("an end before its beginning", 422, admin.patch("unit", b3, 1, until="2026-02-01")[0])
year.check(unit__branches=1)
check("used at once", 201, worker.try_create("meeting", held_at="2026-03-10T09:00", type="theme", branch="QY-B3", subject="成立", expected=3, present=3)[0])
check("dissolved", 200, admin.patch("unit", b3, 1, until="2026-08-31")[0])
check("was there in the summer, is not at the end of the year", (1, 0),
      tuple(int(Growth("QY", s).was["unit.branches"]["value"]) - int(year.was["unit.branches"]["value"]) for s in (("2026-06-01", "2026-06-30"), ("2026-01-01", "2026-12-31"))))
check("its past stays", 1, len([r for r in behind("meeting.held", "QY", ("2026-03-01", "2026-03-31")) if r["unit"] == "QY-B3"]))
v = admin.row("unit", unit("QY"))["version"]
status, e = admin.patch("unit", unit("QY"), v, parent="QY-B1")
check("no unit is beneath itself", 422, status)
says("no unit is beneath itself", "下级", e["message"])

# --- grids
p = worker.record("grid", code="QY-G3", name="第三网格", kind="grid", unit=unit("QY"), households="320", since="2026-01-01", lead="何田", phone="13912340000")
check("a grid by its form", 200, p.status)
g3 = p.id()
area = worker.create("grid", code="QY-A9", name="塘边片区", kind="area", unit="QY", parent="QY-G3", compound="塘边小区", since="2026-01-01")
year.check(unit__grids=1, unit__areas=1, unit__households=320)
check("fewer than no households", 422, worker.patch("grid", g3, 1, households=-1)[0])
check("more households", 200, worker.patch("grid", g3, 1, households=350)[0])
year.check(unit__households=350)
check("used at once", g3, worker.row("dispute", worker.create("dispute", found_on="2026-03-03", type="other", summary="新网格首件", grid="QY-G3"))["grid"])
check("offered in forms", True, g3 in worker.page("/r/request/new").form("/r/request").options["grid"])
check("not the other community's", False, g3 in other.page("/r/request/new").form("/r/request").options["grid"])
lc = other.create("grid", code="LC-G1", name="柳川一网格", kind="grid", unit="LC", since="2026-02-01")
check("the other community has its own", [lc], [r["id"] for r in other.list("grid")])
check("and cannot use ours", 422, other.try_create("request", kind="help", content="x", grid="QY-G3")[0])
check("nor put one into us", True, other.try_create("grid", code="LC-G9", name="越界", kind="grid", unit="QY")[0] in (403, 422))
check("two communities may not share a code unnoticed", True, other.try_create("grid", code="QY-G3", name="同码", kind="grid", unit="LC")[0] in (201, 409, 422))
check("grid workers do not draw grids", 403, net.try_create("grid", code="x", name="x", kind="grid", unit="QY")[0])
check("the grid is dissolved", 200, worker.patch("grid", g3, 2, until="2026-09-30")[0])
year.check(unit__grids=0)

# --- posts: one person, several posts
before = Growth("QY", ("2026-06-30", "2026-06-30"))
p = secretary.record("post", name="陆秀兰", unit=unit("QY"), post="secretary", since="2026-01-01", phone="13012345678")
check("a post by its form", 200, p.status)
one = p.id()
two = secretary.create("post", name="陆秀兰", unit="QY-B1", post="secretary", since="2026-02-01", until="2026-05-31")
three = secretary.create("post", name="何田", unit="QY", post="grid", since="2026-03-01")
now = before.check(post__holders=2)
check("the post that ended counts no more", {one, three}, {r["id"] for r in behind("post.holders", "QY", ("2026-06-30", "2026-06-30"))} & {one, two, three})
check("left before coming", 422, secretary.patch("post", three, 1, until="2026-02-01")[0])
check("workers do not appoint", 403, worker.try_create("post", name="x", unit="QY", post="worker", since="2026-01-01")[0])
check("nor does the other community see", 404, other.get("post", one)[0])
check("a viewer sees the phone masked", "130****5678", viewer.row("post", one)["phone"])
silent("on the page too", "13012345678", viewer.page(f"/r/post/{one}").html)

# --- accounts: only the administrator
for who in (worker, secretary, net, clerk, viewer, other):
    check(f"{who.login} does not see accounts", 403, who.page("/users").status)
check("the administrator does", 200, admin.page("/users").status)
p = admin.page("/users")
form = next(f for f in p.forms if f.action.endswith("/users") and f.method == "post")
check("role and unit are chosen from what there is", True, {"worker", "viewer"} <= set(form.options.get("role", [])))
# the place menu offers one's own only
check("the worker's places", set(), {c for c in worker.page("/").forms[0].options.get("unit", []) if c.startswith("LC") or c == "ZJ"})
check("the clerk's places", True, {"ZJ", "QY", "LC"} <= set(clerk.page("/").forms[0].options.get("unit", [])))
silent("a place that is not one's own", ["柳川一网格"], worker.page("/r/grid?unit=LC").text)
check("no figures of others either", True, "柳川社区" not in worker.page("/figures?unit=LC").text)
check("nor reports", True, "柳川社区" not in worker.page("/reports/situation?unit=LC").text)
check("nobody without a login", {303}, {Person("worker").fetch("GET", p, follow=False).status for p in ("/", "/r/request", "/figures", "/users", "/import")})
finish()
