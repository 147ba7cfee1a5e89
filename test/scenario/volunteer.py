# SPDX-License-Identifier: Apache-2.0
"""Volunteer service: events, person-times, hours, people served; teams told apart; who took part."""
from lib import Growth, Person, behind, check, finish, grid, nobody_else, says, shown, silent

worker, net, clerk, viewer = (Person(p) for p in ("worker", "grid", "clerk", "viewer"))
span = ("2026-06-01", "2026-06-30")
month = Growth("QY", span)

p = worker.record("volunteering", served_on="2026-06-03", team="红马甲服务队", title="清扫楼道")
check("kind and number of volunteers are needed", 422, p.status)
says("kind and number of volunteers", ["服务类别", "志愿者人数"], p.text)
status, e = worker.try_create("volunteering", served_on="2026-06-03", team="红马甲服务队", title="清扫楼道", kind="cleanup", volunteers=-1)
check("fewer than none", (422, "volunteers"), (status, e["details"][0]["field"]))

p = worker.record("volunteering", served_on="2026-06-03", team="红马甲服务队", title="清扫楼道", kind="cleanup", volunteers="12",
                  hours_each="1.5", hours="18", benefited="60", place="二号楼", lead="江小舟", grid=grid("QY-G1"),
                  **{"participants.1.name": "祝小满", "participants.1.phone": "13700001111", "participants.1.hours": "1.5",
                     "participants.2.name": "柳如是", "participants.2.hours": "1.5"})
check("an event by its form", 200, p.status)
one = p.id()
two = net.create("volunteering", served_on="2026-06-10", team="红马甲服务队", title="陪聊", kind="elder", volunteers=4, hours="6.25", benefited=9)
three = worker.create("volunteering", served_on="2026-06-10", team="银龄服务队", title="夜间巡逻", kind="patrol", volunteers=7, hours="14")
now = month.check(volunteer__events=3, volunteer__times=23, volunteer__hours=38.25, volunteer__benefited=69, volunteer__teams=2)
check("events by kind", {"cleanup": 1, "elder": 1, "patrol": 1}, {s["slice"]: s["value"] for s in now["volunteer.events"]["slices"]})
check("hours by kind", {"cleanup": 18, "elder": 6.25, "patrol": 14}, {s["slice"]: s["value"] for s in now["volunteer.hours"]["slices"]})
check("volunteers summed over events are person-times", "人次", now["volunteer.times"]["unit"])
check("the page of hours", ("38.25", 3), shown(worker, "volunteer.hours", "QY", span))
check("a line for each team", ["红马甲服务队", "银龄服务队"], sorted(r["key"] for r in behind("volunteer.teams", "QY", span)))

# corrected: old out, new in; withdrawn: out
check("corrected", 200, worker.patch("volunteering", two, 1, volunteers=5, hours="8.5", kind="arts", served_on="2026-06-11")[0])
now = month.check(volunteer__times=24, volunteer__hours=40.5)
check("moved to the other kind", {"cleanup": 1, "arts": 1, "patrol": 1}, {s["slice"]: s["value"] for s in now["volunteer.events"]["slices"] if s["value"]})
check("withdrawn", 204, worker.withdraw("volunteering", three, "与巡逻队重复登记")[0])
month.check(volunteer__events=2, volunteer__times=17, volunteer__hours=26.5, volunteer__benefited=69, volunteer__teams=1)
check("is on no list", [], [r for r in worker.list("volunteering") if r["id"] == three])
check("kept for the trail", 1, len([r for r in worker.list("volunteering", "?gone=is.true") if r["id"] == three]))
says("the day stands in the calendar", "清扫楼道", worker.page("/calendar?month=2026-06").text)

nobody_else("volunteering", one, "清扫楼道")
p = viewer.page(f"/r/volunteering/{one}")
says("a viewer reads the event", "清扫楼道", p.text)
silent("without the volunteers' names", ["祝小满", "柳如是", "13700001111"], p.html)
check("masked by the interface", True, all("*" in x["name"] for x in viewer.row("volunteering", one)["participants"]))
check("a viewer does not write", 403, viewer.page("/r/volunteering/new").status)
check("nor by the interface", 403, viewer.try_create("volunteering", title="x")[0])
check("nor change", 403, viewer.patch("volunteering", one, 1, title="x")[0])
check("nor withdraw", 403, viewer.withdraw("volunteering", one, "不要了")[0])
check("nor is offered 记一笔", False, any(a.endswith("/new") and a.startswith("/r/") for a in viewer.page("/").links))
check("nor the import", 403, viewer.page("/import").status)
check("nor reports", 403, viewer.page("/reports/situation").status)
check("the clerk reads", 200, clerk.page(f"/r/volunteering/{one}").status)
check("and does not write", 403, clerk.patch("volunteering", one, 1, title="x")[0])
says("the story", ["登记"], worker.history("volunteering", one))
says("corrections stand in the story", ["登记", "修改"], worker.history("volunteering", two))
finish()
