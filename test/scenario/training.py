# SPDX-License-Identifier: Apache-2.0
"""Training with attendance per session: people and person-times are told apart, also for two people of one name."""
from lib import Growth, Person, behind, check, finish, nobody_else, says, shown, silent

worker, net, clerk, viewer = (Person(p) for p in ("worker", "grid", "clerk", "viewer"))
span = ("2026-07-01", "2026-07-31")
month = Growth("QY", span)

p = worker.record("training", title="消防", held_on="2026-07-06")
check("the topic is needed", 422, p.status)
says("the topic is needed", "培训内容", p.text)
p = worker.record("training", title="消防", held_on="2026-07-06", topic="灭火器", place="活动室",
                  **{"attendance.1.name": "祝小满", "attendance.1.phone": "13600000001", "attendance.2.phone": "13600000002"})
check("somebody without a name", 422, p.status)
says("is told where", "姓名", p.text)
check("beside the right row", True, 'href="#f.attendance.2.name"' in p.html)
check("what was typed stands again", "13600000001", p.form("/r/training").values["attendance.1.phone"][0])

p = worker.record("training", title="消防", held_on="2026-07-06", topic="灭火器", place="活动室",
                  **{"attendance.1.name": "祝小满", "attendance.1.phone": "13600000001", "attendance.1.compound": "桥头小区",
                     "attendance.2.name": "江平", "attendance.2.phone": "13600000002",
                     "attendance.3.name": "江平", "attendance.3.phone": "13600000003"})
check("a session by its form", 200, p.status)
one = p.id()
check("three came", 3, worker.row("training", one)["attended"])
check("the number is computed", 422, worker.patch("training", one, 1, attended=30)[0])
two = worker.create("training", title="急救", held_on="2026-07-13", topic="心肺复苏",
                    attendance=[{"name": "祝小满", "phone": "13600000001"}, {"name": "江平", "phone": "13600000003"}, {"name": "柳絮"}])
# whoever is on the list and did not come is not counted
three = worker.create("training", title="消防", held_on="2026-07-20", topic="逃生",
                      attendance=[{"name": "祝小满", "phone": "13600000001", "status": "present"}, {"name": "江平", "phone": "13600000003"},
                                  {"name": "柳絮", "status": "absent", "reason": "外出"}, {"name": "陆青", "status": "absent"}])
check("two of four came", 2, worker.row("training", three)["attended"])
absent = worker.create("training", title="防汛", held_on="2026-07-27", topic="沙袋", attendance=[{"name": "陆青", "status": "absent"}])
check("nobody came", 0, worker.row("training", absent)["attended"])
check("rows taken away take the number with them", 200, worker.patch("training", absent, 1, attendance=[{"name": "陆青"}])[0])
check("now he did", 1, worker.row("training", absent)["attended"])
check("all rows gone", 200, worker.patch("training", absent, 2, attendance=[])[0])
check("and nobody", 0, worker.row("training", absent)["attended"])
# one more row, without JavaScript: nothing saved
form = worker.page("/r/training/new")
more = worker.post(form, "/r/training", _button=("_rows", "more"), title="半途", **{"attendance.1.name": "陆某"})
check("one more row", 200, more.status)
check("keeps what was typed", ("半途", "陆某"), (more.form("/r/training").values["title"][0], more.form("/r/training").values["attendance.1.name"][0]))
check("has more rows", True, len([k for k in more.form("/r/training").values if k.endswith(".name")]) > len([k for k in form.form("/r/training").values if k.endswith(".name")]))
check("and nothing was saved", [], worker.list("training", "?title=eq.半途"))

now = month.check(training__sessions=4, training__times=8, training__people=4)
check("two of one name are two", 4, len({r["key"] for r in behind("training.people", "QY", span)}))
check("attendances open each", 8, len(behind("training.times", "QY", span)))
check("the page of people", "4", shown(worker, "training.people", "QY", span)[0])
# a row taken out, a name corrected
rows = worker.row("training", two)["attendance"]
rows[1]["phone"] = "13600000009"
check("corrected", 200, worker.patch("training", two, 1, attendance=rows[:2])[0])
check("two left", 2, worker.row("training", two)["attended"])
month.check(training__sessions=4, training__times=7, training__people=4)
# by the form: a row emptied is taken out
at = worker.page(f"/r/training/{two}/edit")
p = worker.post(at, f"/r/training/{two}", **{"attendance.2.name": "", "attendance.2.phone": ""})
check("emptied", 200, p.status)
month.check(training__sessions=4, training__times=6, training__people=3)

nobody_else("training", one, "消防")
check("grid workers read", 200, net.page(f"/r/training/{one}").status)
check("and do not write", 403, net.page("/r/training/new").status)
silent("the grid worker sees no names", ["祝小满", "13600000001", "桥头小区"], net.page(f"/r/training/{one}").html)
silent("nor behind the number", ["祝小满", "13600000001"], net.page(f"/figures/training.people/records?unit=QY&from={span[0]}&to={span[1]}").html)
silent("nor does a viewer", ["祝小满", "13600000001"], viewer.page(f"/figures/training.times/records?unit=QY&from={span[0]}&to={span[1]}").html)
check("a viewer reads the session", True, "消防" in viewer.page("/r/training").text)
check("a viewer does not write", 403, viewer.patch("training", one, 1, place="x")[0])
check("the clerk does not write", 403, clerk.patch("training", one, 1, place="x")[0])
check("the clerk sees it under the subdistrict", True, any(r["id"] == one for r in clerk.list("training", "?under=ZJ")))
says("the calendar", "消防", worker.page("/calendar?month=2026-07").text)
finish()
