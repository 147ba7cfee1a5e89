# SPDX-License-Identifier: Apache-2.0
"""Members and meetings: the roster with its protected column, meetings with attendance, reasons and quorum, the
meetings that were due and not held, branch by branch."""
from lib import Growth, Person, behind, check, finish, nobody_else, says, shown, silent, unit

worker, secretary, net, clerk, viewer, branch, other = (Person(p) for p in ("worker", "secretary", "grid", "clerk", "viewer", "branch", "other"))
B1, B2 = unit("QY-B1"), unit("QY-B2")
quarter = ("2026-04-01", "2026-06-30")
spring, all_year = Growth("QY", quarter), Growth("QY")
first_branch, second_branch = Growth("QY-B1", quarter), Growth("QY-B2", quarter)

# --- the roster
p = secretary.record("member", name="祝长青", joined_on="2001-07-01", branch=B1, type="full", kind="registered", idno="35010019900307001X", phone="13300001111", retired="1", sex="m", born="1955-03")
check("a member by the form", 200, p.status)
one = p.id()
p = secretary.record("member", name="江小满", joined_on="2026-05-20", branch=B1, type="full", kind="registered", idno="350100199003070011")
check("a wrong identity number", 422, p.status)
says("a wrong identity number", "身份证号码", p.text)
p = secretary.record("member", name="江小满", joined_on="2026-05-20", full_on="2026-05-01", branch=B1, type="full", kind="registered")
check("full before joining", 422, p.status)
says("full before joining", "转正时间不能早于入党时间", p.text)
two = secretary.create("member", name="江小满", joined_on="2026-05-20", branch="QY-B1", type="probationary", kind="registered", idno="350100198506120045")
three = secretary.create("member", name="柳月", joined_on="2010-06-01", branch="QY-B2", type="full", kind="double_report", since="2024-01-01", left_on="2026-05-31")
now = all_year.check(member__all=2, member__admitted=1, member__retired=1)
check("at the end of April three views of the same people", (2, 2, 1), tuple(Growth("QY", ("2026-04-01", "2026-04-30")).was[n]["value"] for n in ("member.all", "member.by_kind", "member.retired")))
check("she has moved away", 0, len([r for r in behind("member.all", "QY") if r["id"] == three]))
check("types add up", {"full": 1, "probationary": 1}, {s["slice"]: s["value"] for s in now["member.all"]["slices"] if s["value"]})

# the protected column: never in lists, masked on its own, shown with a reason that the trail keeps
NUMBER = "35010019900307001X"
for who in (secretary, worker, clerk):
    for path in ("/r/member", f"/r/member/{one}", "/search?q=%E7%A5%9D%E9%95%BF", f"/r/member?branch={B1}"):
        silent(f"{path} for {who.login}", [NUMBER, "sealed:"], who.page(path).html)
    silent(f"the list for {who.login}", [NUMBER, "sealed:"], str(who.list("member")))
    check(f"masked for {who.login}", True, "*" in who.row("member", one)["idno"])
silent("nor in the form", [NUMBER, "sealed:"], secretary.page(f"/r/member/{one}/edit").html)
check("a look needs a reason", 422, secretary.get("member", one, "?reveal=idno")[0])
status, r = secretary.get("member", one, "?reveal=idno&reason=核对转接介绍信")
check("with one it is shown", (200, NUMBER), (status, r.get("idno")))
check("not to the clerk", 403, clerk.get("member", one, "?reveal=idno&reason=核对转接介绍信")[0])
story = secretary.history("member", one)
check("each view stands in the story, once", 1, story.count("查看受保护栏目"))
says("with its reason", "核对转接介绍信", story)
secretary.get("member", one, "?reveal=idno&reason=再核一次介绍信")
check("and the second", 2, secretary.history("member", one).count("查看受保护栏目"))
check("found by its whole number", [one], [r["id"] for r in secretary.list("member", f"?idno=eq.{NUMBER}&reason=%E6%A0%B8%E5%AF%B9%E5%90%8D%E5%86%8C")])
check("not by a part", 422, secretary.api("GET", "/api/v1/member?idno=like.*350100*")[0])
check("the clerk cannot ask by it", 403, clerk.api("GET", f"/api/v1/member?idno=eq.{NUMBER}")[0])
p = secretary.edit("member", one, note="已核对")
check("an edit by the form", 200, p.status)
check("keeps the number", NUMBER, secretary.get("member", one, "?reveal=idno&reason=改后核对一次")[1]["idno"])
p = secretary.edit("member", one, idno="350100198506120045")
check("a new number by the form", "350100198506120045", secretary.get("member", one, "?reveal=idno&reason=改后核对一次")[1]["idno"])
secretary.edit("member", one, idno=NUMBER)
x = secretary.page("/r/member/export.xlsx?unit=QY")
check("exported", 200, x.status)

check("grid workers have no roster", 403, net.page("/r/member").status)
check("nor by the interface", 403, net.api("GET", "/api/v1/member")[0])
check("nor one of it", 404, net.get("member", one)[0])
check("nor its numbers", 403, net.page("/figures/member.all/records?unit=QY").status)
check("nor a viewer", 403, viewer.page("/r/member").status)
check("workers read", 200, worker.page(f"/r/member/{one}").status)
check("and do not write", 403, worker.try_create("member", name="x", joined_on="2020-01-01", branch="QY-B1", type="full", kind="registered")[0])
r = clerk.row("member", one)
check("the clerk sees columns masked", True, "*" in r["name"] and r["phone"] == "133****1111" and "*" in str(r["born"]))
for path in (f"/r/member/{one}", "/r/member?unit=QY", "/search?q=%E7%A5%9D%E9%95%BF", "/figures/member.all/records?unit=QY"):
    silent(f"{path}: the clerk sees no name", ["祝长青", "13300001111"], clerk.page(path).html)
nobody_else("member", one, "祝长青")

# --- meetings
def meeting(**more):
    return {"held_at": "2026-04-15T09:00", "type": "general", "branch": "QY-B1", "subject": "学习与表决", "expected": 9, "present": 7, **more}


status, e = worker.try_create("meeting", **meeting(present=10))
check("more than should have come", 422, status)
says("more than should have come", "实到人数不能多于应到人数", e["message"])
branches = sorted(u["id"] for u in worker.list("unit", "?kind=eq.branch") if u["code"].startswith("QY-"))
status, e = worker.try_create("meeting", **meeting(branch="QY"))
check("a community is no branch", 422, status)
f = worker.page("/r/meeting/new").form("/r/meeting")
check("branches are offered, nothing else, none of several chosen", ({"", *branches}, [""]), (set(f.options["branch"]), f.values.get("branch", [""])))
check("who works in a branch has it chosen", [B1], Person("branch").page("/r/meeting/new").form("/r/meeting").values["branch"])
p = worker.record("meeting", held_at="2026-04-15T09:00", type="general", branch=B1, subject="学习与表决", place="会议室", host="陆秀兰", recorder="江小舟",
                  expected="9", present="7", absentees="江小满（请假）", decision="通过年度计划",
                  **{"attendance.1.name": "祝长青", "attendance.1.status": "present",
                     "attendance.2.name": "江小满", "attendance.2.status": "leave", "attendance.2.reason": "住院陪护"})
check("a meeting by the form", 200, p.status)
held = p.id()
r = worker.row("meeting", held)
check("where there are rows the numbers are counted from them, whatever was typed", (2, 1), (r["expected"], r["present"]))
check("absent and quorum are computed", (1, True), (r["absent"], r["quorate"]))
check("attendance with its reason", [("present", None), ("leave", "住院陪护")], [(a["status"], a["reason"]) for a in r["attendance"]])
says("its page", ["达到半数", "是", "住院陪护"], p.text)
p = worker.edit("meeting", held, **{"attendance.2.reason": ""})
check("leave without a reason is refused", 422, p.status)
says("leave", "请假要写明原因", p.text)
p = worker.edit("meeting", held, **{"attendance.2.status": "absent", "attendance.2.reason": ""})
check("who stayed away without leave has none", (200, 2, 1), (p.status, worker.row("meeting", held)["expected"], worker.row("meeting", held)["present"]))
check("and is one of those expected", 200, worker.edit("meeting", held, **{"attendance.2.status": "leave", "attendance.2.reason": "住院陪护"}).status)
at = secretary.page("/r/meeting/new")
p = secretary.post(at, "/r/meeting", ("_bring", "attendance"), held_at="2026-06-10", type="theme", branch=B1, subject="名册")
brought = {v[0]: p.form("/r/meeting").values[k.replace("name", "status")] for k, v in p.form("/r/meeting").values.items() if k.startswith("attendance.") and k.endswith(".name") and v[0]}
check("the roster brings the branch's members of that day, as present", {"祝长青": ["present"], "江小满": ["present"]}, brought)
p = secretary.post(at, "/r/meeting", ("_bring", "attendance"), held_at="2026-05-01", type="theme", branch=B1, subject="名册")
silent("who joined later is not among them", ["江小满"], p.html)
p = secretary.post(at, "/r/meeting", ("_bring", "attendance"), held_at="2026-05-01", type="theme", branch=B2, subject="名册")
silent("nor who only reports to the community", ["柳月"], p.html)
check("without a day it brings nobody", 422, secretary.post(at, "/r/meeting", ("_bring", "attendance"), branch=B1, subject="名册").status)
thin = worker.create("meeting", **meeting(held_at="2026-04-20T09:00", type="committee", subject="支委碰头", expected=5, present=2))
check("not half: flagged", False, worker.row("meeting", thin)["quorate"])
half = worker.create("meeting", **meeting(held_at="2026-05-18T09:00", type="committee", subject="支委例会", expected=4, present=2))
check("half of them is enough", True, worker.row("meeting", half)["quorate"])
check("neither computed field is typed", 422, worker.patch("meeting", half, 1, quorate=False)[0])
lesson = secretary.create("meeting", **meeting(held_at="2026-05-20T09:00", type="lesson", branch="QY-B2", subject="专题党课", expected=6, present=6))
status, e = worker.try_create("meeting", **meeting(type="party"))
check("a kind there is not", (422, "type"), (status, e["details"][0]["field"]))

now = spring.check(meeting__held=4, meeting__expected=17, meeting__attendance=11, meeting__absence=6, meeting__inquorate=1)
check("came of should have come", (64.7, 11, 17), (now["meeting.attendance_rate"]["value"], now["meeting.attendance_rate"]["numerator"], now["meeting.attendance_rate"]["denominator"]))
check("the thin one is opened", [thin], [r["id"] for r in behind("meeting.inquorate", "QY", quarter)])
first_branch.check(meeting__held=3)
second_branch.check(meeting__held=1)
# due in a quarter, a branch: 1 general, 3 committee, 3 group, 1 lesson, 3 theme days = 11
gaps = [g for b in ("QY-B1", "QY-B2") for g in behind("meeting.missed", b, quarter)]
for b, held_there in (("QY-B1", 3), ("QY-B2", 1)):
    f = Growth(b, quarter).was
    check(f"{b}: kept of due", (held_there, 11), (f["meeting.kept"]["numerator"], f["meeting.kept"]["denominator"]))
    check(f"{b}: missed", (11 - held_there, 11 - held_there), (f["meeting.missed"]["value"], len([g for g in gaps if g["unit"] == b])))
check("the first branch held its general meeting, the second did not", ["QY-B2"], [g["unit"] for g in gaps if g["key"] == "党员大会"])
check("committee: the first missed June, the second all", ["QY-B1", "QY-B2", "QY-B2", "QY-B2"], sorted(g["unit"] for g in gaps if g["key"] == "支委会"))
# the missing one is held after all, and withdrawn again
late = worker.create("meeting", **meeting(held_at="2026-06-22T09:00", type="committee", subject="六月支委会", expected=5, present=5))
check("one gap less", 7, Growth("QY-B1", quarter).was["meeting.missed"]["value"])
worker.withdraw("meeting", late, "日期有误")
check("one more again", 8, Growth("QY-B1", quarter).was["meeting.missed"]["value"])
check("the page", ("4", 4), shown(worker, "meeting.held", "QY", quarter))
says("the calendar", "专题党课", worker.page("/calendar?month=2026-05").text)

# the secretary of one branch: own branch, nothing beside it
check("reads own", 200, branch.page(f"/r/meeting/{held}").status)
check("not the other branch's", 404, branch.page(f"/r/meeting/{lesson}").status)
check("nor by the interface", 404, branch.get("meeting", lesson)[0])
check("lists own", {held, thin, half}, {r["id"] for r in branch.list("meeting")})
silent("nor finds it", "专题党课", branch.page("/search?q=%E4%B8%93%E9%A2%98").text)
silent("nor in the calendar", "专题党课", branch.page("/calendar?month=2026-05").text)
check("writes own", 201, branch.try_create("meeting", **meeting(held_at="2026-06-01T09:00", type="theme", subject="主题党日"))[0])
check("not the other's", 403, branch.try_create("meeting", **meeting(held_at="2026-06-01T09:00", type="theme", branch="QY-B2", subject="越权"))[0])
check("nor moves a meeting there", True, branch.patch("meeting", held, 1, branch="QY-B2")[0] in (403, 409))
check("nor looks at the community's requests", 0, len(branch.list("request")))
nobody_else("meeting", held, "学习与表决")
check("a viewer reads", 200, viewer.page(f"/r/meeting/{held}").status)
silent("without reasons and names", ["住院陪护", "江小满", "祝长青"], viewer.page(f"/r/meeting/{held}").html)
check("and does not write", 403, viewer.try_create("meeting", **meeting())[0])
check("nor the grid worker", 403, net.try_create("meeting", **meeting())[0])
check("nor the clerk", 403, clerk.patch("meeting", held, 1, subject="x")[0])
finish()
