# SPDX-License-Identifier: Apache-2.0
"""Household visits: a need raised on a visit becomes a request that can be found from the visit, once; the numbers of
visits and of the requests they made."""
from lib import Growth, Person, check, finish, grid, nobody_else, says, shown, silent

worker, secretary, net, clerk, viewer = (Person(p) for p in ("worker", "secretary", "grid", "clerk", "viewer"))
span = ("2026-05-01", "2026-05-31")
month = Growth("QY", span)
made = Growth("QY")

p = net.record("visit", visitor="", visited_on="2026-05-11", purpose="routine")
check("who visited, and which grid", 422, p.status)
says("who visited, and which grid", ["走访人", "网格"], p.text)

# nothing to do: a visit makes no request
p = net.record("visit", visitor="何田", visited_on="2026-05-11", grid=grid("QY-G1"), purpose="routine", host="祝阿婆", address="和塘路3号", way="home")
check("a plain visit", 200, p.status)
plain = p.id()
check("makes nothing", None, worker.row("visit", plain)["request"])

# a need raised: saved with the visit, in the same breath
p = net.record("visit", visitor="何田", visited_on="2026-05-12", grid=grid("QY-G2"), purpose="opinion", host="江大爷",
               address="和塘路5号", issue="楼道扶手松动", handling="community", **{"raise": "1"})
check("a visit with a need", 200, p.status)
need = p.id()
v = worker.row("visit", need)
check("has its request", True, v["request"] is not None)
r = worker.row("request", v["request"])
check("which says what was asked", ("楼道扶手松动", "江大爷", "和塘路5号", "grid", "help", "received", grid("QY-G2")),
      (r["content"], r["asker"], r["address"], r["source"], r["kind"], r["state"], r["grid"]))
check("with a number of the series", True, r["number"].startswith("诉〔20"))
check("and a limit", True, r["due_on"] is not None)
page = worker.page(f"/r/visit/{need}")
check("the visit's page leads to it", True, f"/r/request/{v['request']}" in page.links)
says("the visit says so", "转办诉求", page.text)
says("the request's story", "走访记录", worker.history("request", v["request"]))
# changed afterwards: still the same request, not a second
check("changed", 200, net.patch("visit", need, v["version"], note="已与物业联系")[0])
check("still the same request", v["request"], worker.row("visit", need)["request"])
# raised later
check("raised later", 200, worker.patch("visit", plain, 1, issue="路灯不亮", handling="upward", **{"raise": True})[0])
later = worker.row("visit", plain)["request"]
check("makes it then", "路灯不亮", worker.row("request", later)["content"])
check("two requests", 2, len({v["request"], later}))
# an issue that is missing cannot become a request: the visit is refused with it
status, e = net.try_create("visit", visitor="何田", visited_on="2026-05-13", grid="QY-G1", purpose="opinion", **{"raise": True})
check("nothing to raise: nothing is kept", 422, status)
says("why", "转为诉求要写明反映的问题", e["message"])

p = net.record("visit", visitor="何田", visited_on="2026-06-02", grid=grid("QY-G1"), purpose="routine", issue="建议加装路灯",
               phone="13900007777", kind="suggest", **{"raise": "1"})
check("nobody named: the title is the purpose alone", "日常走访", worker.row("visit", p.id())["title"])
made_of = worker.row("request", worker.row("visit", p.id())["request"])
check("the request is of the kind chosen and says whom to call", ("suggest", "13900007777", "grid"), (made_of["kind"], made_of["phone"], made_of["source"]))
p = net.record("visit", visitor="何田", visited_on="2026-05-12", grid=grid("QY-G1"), purpose="opinion", host="江大爷")
check("the same household, day and purpose: asked about", 409, p.status)
p = net.record("visit", visitor="何田", visited_on="2月30日", grid=grid("QY-G1"), purpose="routine")
check("a day that is none", 422, p.status)
says("no such day", "“2月30日”没有这一天", p.text)
says("while typing, too", "没有这一天", net.page("/understood?as=date&t=2026-2-30").html)
silent("a text that is no day at all", "没有这一天", net.page("/understood?as=date&t=abc").html)
says("a text that is no day at all", "看不出是哪一天", net.page("/understood?as=date&t=abc").html)
status, e = net.try_create("visit", visitor="何田", visited_on="2026-06-03", grid="QY-G1", area="QY-G2-A1", purpose="routine")
check("an area of another grid", 422, status)
says("which", ["石桥片区", "第二网格"], e["message"])
inside = net.create("visit", visitor="何田", visited_on="2026-06-03", area="QY-G2-A1", purpose="routine")
check("the area says the grid", grid("QY-G2"), worker.row("visit", inside)["grid"])
f = net.page("/r/visit/new").form("/r/visit")
check("grids are offered as grids, areas as areas", set(), set(f.options["grid"]) & set(f.options["area"]) - {""})
net.record("visit", visitor="何田", grid=grid("QY-G2"), purpose="policy")
check("the next one is offered in the grid of the last", [grid("QY-G2")], net.page("/r/visit/new").form("/r/visit").values["grid"])
check("which is one's own", [""], secretary.page("/r/visit/new").form("/r/visit").values.get("grid", [""]))
third = net.create("visit", visitor="何田", visited_on="2026-05-14", grid="QY-G1", purpose="opinion", address="和塘路3号", issue="问社保", handling="onspot")
phone = worker.create("visit", visitor="江小舟", visited_on="2026-05-15", grid="QY-G2", purpose="followup", way="phone", host="江大爷", address="和塘路5号")

now = month.check(visit__count=4, visit__by_grid=4, visit__households=2, visit__visitors=2, visit__needs=3)
check("by purpose", {"routine": 1, "opinion": 2, "followup": 1}, {s["slice"]: s["value"] for s in now["visit.count"]["slices"]})
check("by how it was dealt with", {"community": 1, "upward": 1, "onspot": 1}, {s["slice"]: s["value"] for s in now["visit.needs"]["slices"]})
made.check(request__received=3)
check("the page", ("2", 2), shown(worker, "visit.households", "QY", span))
check("requests from the grid", {v["request"], later}, {x["id"] for x in worker.list("request", f"?source=eq.grid&id=in.({v['request']},{later})")})

nobody_else("visit", need, "江大爷")
check("a viewer reads no visits", 403, viewer.page("/r/visit").status)
check("the clerk reads", 200, clerk.page("/r/visit").status)
check("and writes nothing", 403, clerk.patch("visit", need, 1, note="x")[0])
check("nor records", 403, clerk.try_create("visit", visitor="x", visited_on="2026-05-15", grid="QY-G1", purpose="routine", unit="QY")[0])
for path in (f"/r/visit/{need}", "/r/visit?unit=QY", "/search?q=%E6%B1%9F%E5%A4%A7%E7%88%B7", f"/figures/visit.households/records?unit=QY&from={span[0]}&to={span[1]}"):
    silent(f"{path} for the clerk", ["江大爷", "和塘路5号"], clerk.page(path).html.replace('value="江大爷"', ""))
r = net.row("visit", need)
check("the grid worker's program reads the household masked", True, "*" in r["host"] and "*" in r["address"])
check("no title made of it", True, "江大爷" not in str(r))
for path in (f"/r/visit/{need}", f"/r/request/{v['request']}"):
    says(f"{path}: who recorded it can go there again", ["江大爷", "和塘路5号"], net.page(path).text)
check("in its form too", ["和塘路5号"], net.page(f"/r/visit/{need}/edit").form(f"/r/visit/{need}").values["address"])
page = net.page(f"/r/visit/{phone}")
silent("a colleague's visit stays masked", ["江大爷", "和塘路5号"], page.html)
silent("and offers no change", [f"/r/visit/{phone}/edit", f"/r/visit/{phone}/withdraw"], page.html)
check("nor takes one", 403, net.page(f"/r/visit/{phone}/edit").status)
check("from a program either", 403, net.patch("visit", phone, 1, note="x")[0])
check("a community worker changes it", 200, worker.patch("visit", phone, 1, note="已核对")[0])
for path in ("/r/visit", "/", f"/figures/visit.count/records?unit=QY&from={span[0]}&to={span[1]}",
             "/search?q=%E6%89%B6%E6%89%8B"):
    silent(f"{path} for the grid worker", ["江大爷", "和塘路5号"], net.page(path).html)
says("the community worker sees it", ["江大爷", "和塘路5号"], worker.page(f"/r/visit/{need}").text)
finish()
