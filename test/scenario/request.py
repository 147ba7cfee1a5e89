# SPDX-License-Identifier: Apache-2.0
"""Residents' requests: from the first word to the visit after the answer, an order sent back, one done again, one
declined; limits in working days; who may do what, who may see whom."""
import re

from lib import Growth, Person, behind, check, finish, grid, nobody_else, says, shown, silent, unit

worker, secretary, net, clerk, viewer = (Person(p) for p in ("worker", "secretary", "grid", "clerk", "viewer"))
year = Growth("QY")
before = Growth("QY", ("2026-03-01", "2026-03-31"))
elsewhere = Growth("LC")

# What is missing is told, field by field, and nothing typed is lost.
p = worker.record("request", content="楼道路灯不亮", phone="1391234567")
check("a form without a kind and with a short phone", 422, p.status)
says("the form", ["请填写", "类型", "联系电话"], p.text)
check("what was typed stands again", "楼道路灯不亮", p.form("/r/request").values["content"][0])
status, e = worker.try_create("request", kind="praise_me", content="x")
check("a kind there is not", (422, "kind"), (status, e["details"][0]["field"]))
status, e = worker.try_create("request", kind="help", content="x", received_at="2026-03-02T09:00", closed_at="2026-03-01T09:00")
check("closed before it came", 422, status)
says("closed before it came", "办结时间不能早于登记时间", e["message"])

# Friday 13 February; Saturday 14 is worked, 15 to 23 are the Spring Festival, Saturday 28 is worked.
for kind, due in (("consult", "2026-02-14"), ("help", "2026-02-27"), ("suggest", "2026-02-27"), ("complaint", "2026-03-05"), ("report", "2026-03-05")):
    one = worker.create("request", kind=kind, content=f"时限：{kind}", received_at="2026-02-13T10:00", grid="QY-G1")
    check(f"{kind} received on 13 February is due", due, worker.row("request", one)["due_on"])
    check(f"{kind}: entered long after: late", True, worker.row("request", one)["late"])
    check(f"{kind} is withdrawn", 204, worker.withdraw("request", one, "只为核对时限")[0])
check("a withdrawn request moves no more", 409, worker.move("request", one, "accept")[0])

# The kind is corrected: the limit follows; a day that was typed stays.
one = worker.create("request", kind="consult", content="时限随类型", received_at="2026-03-02T10:00")
check("a consultation has one day", "2026-03-03", worker.row("request", one)["due_on"])
worker.patch("request", one, 1, kind="complaint")
check("as a complaint ten", "2026-03-16", worker.row("request", one)["due_on"])
worker.patch("request", one, 2, due_on="2026-03-10")
worker.patch("request", one, 3, kind="help")
check("a typed day stays", "2026-03-10", worker.row("request", one)["due_on"])
worker.withdraw("request", one, "核对完毕")

# The whole way, by forms. The grid worker reports, the community worker accepts and sends it out.
p = net.record("request", kind="complaint", content="和塘路窨井盖松动", received_at="2026-03-02T09:00", grid=grid("QY-G1"),
               asker="祝大有", phone="13912345678", address="和塘路1号", source="grid")
check("the grid worker reports", 200, p.status)
says("saved", "已保存", p.text)
first = p.id()
r = worker.row("request", first)
check("begins as received", "received", r["state"])
check("due after ten working days", "2026-03-16", r["due_on"])
check("numbers come from the series", r["number"], f"诉〔2026〕{int(r['number'][7:-1])}号")
check("the grid worker cannot accept", False, "accept" in net.offers("request", first))
check("nor by sending the move anyway", 403, net.try_step("request", first, "accept").status)
status, e = net.move("request", first, "accept")
check("nor by the interface", 403, status)
says("refusal of roles", ["受理", "书记", "社区工作者"], e["message"])
check("moves out of order are not offered", {"accept", "decline"}, worker.offers("request", first))
p = worker.try_step("request", first, "close")
check("nor taken", 409, p.status)
says("a move out of order", ["办结", "已登记"], p.text)
p = worker.step("request", first, "accept")
says("accepted", "已受理", p.text)
p = worker.step("request", first, "dispatch", handler="江小舟")
check("sent out without a channel", 422, p.status)
says("sent out without a channel", "办理渠道", p.text)
p = worker.step("request", first, "dispatch", handler="江小舟", channel="self")
says("sent out", "已派单", p.text)
# returned with a reason, sent again
p = net.step("request", first, "return")
check("a return needs a reason", 422, p.status)
says("a return needs a reason", "退回原因", p.text)
p = net.step("request", first, "return", return_reason="不在本网格")
says("back at the desk", ["已受理", "不在本网格"], p.text)
worker.step("request", first, "dispatch", handler="何田", channel="self")
says("signed for", "办理中", net.step("request", first, "sign").text)
p = net.step("request", first, "answer")
check("an answer needs words", 422, p.status)
says("answered", "已答复", net.step("request", first, "answer", answer="已更换井盖").text)
check("the grid worker does not close", set(), net.offers("request", first))
# not good enough: done again
p = worker.step("request", first, "redo", return_reason="井盖仍响")
says("again in hand", "办理中", p.text)
net.step("request", first, "answer", answer="已加胶垫")
p = worker.step("request", first, "revisit", revisited_on="2026-03-09")
check("a visit needs the resident's word", 422, p.status)
says("a visit needs the resident's word", "是否满意", p.text)
p = worker.step("request", first, "revisit", satisfied="1", revisited_on="2026-03-09")
says("still answered after the visit", "已答复", p.text)
p = worker.step("request", first, "close", closed_at="2026-03-09T16:00")
says("closed", "已办结", p.text)
check("only the visit is left", {"revisit"}, worker.offers("request", first))
check("closed is closed", 409, worker.move("request", first, "redo", return_reason="x")[0])

# Its story, step by step and with names.
story = worker.history("request", first)
order = ["登记", "受理", "派单", "退回", "派单", "签收", "答复", "重办", "答复", "回访", "办结"]
at = 0
for word in order:
    found = story.find(" " + word, at)
    check(f"the story tells {word}", True, found >= 0)
    at = max(found, at) + 1
says("the story", ["grid", "worker"], story)

# By the interface: one overdue, one declined, one in hand.
late = worker.create("request", kind="consult", content="医保缴费怎么办", received_at="2026-03-03T10:00", source="visit", grid="QY-G2", asker="江先生")
check("limits", "2026-03-04", worker.row("request", late)["due_on"])
for move, asks in (("accept", {}), ("dispatch", {"handler": "江小舟", "channel": "self"}), ("sign", {}),
                   ("answer", {"answer": "已告知"}), ("revisit", {"satisfied": False}),
                   ("close", {"closed_at": "2026-03-06T10:00"})):
    worker.moved("request", late, move, **asks)
check("a move takes only what it asks for", 422, worker.move("request", late, "revisit", content="改写")[0])
no = worker.create("request", kind="report", content="外区事项", received_at="2026-03-04T10:00", source="phone")
status, e = worker.move("request", no, "decline")
check("a refusal needs its reason", (422, "answer"), (status, e["details"][0]["field"]))
check("declined", "declined", worker.moved("request", no, "decline", answer="不属本社区，已告知向属地反映"))
check("declined stays declined", 409, worker.move("request", no, "accept")[0])
on = worker.create("request", kind="suggest", content="增设晾衣架", received_at="2026-03-05T10:00", source="wechat", grid="QY-G1")
worker.moved("request", on, "accept")

# Numbers before and after; each opens its records.
year.check(request__received=3, request__closed=2, request__open=1, request__overdue=2, request__in_time=1,
           request__answered=2, request__satisfied=1)
now = before.check(request__received=3, request__closed=2, request__open=1, request__closed_by_channel=2)
check("in time", (50.0, 1, 2), (now["request.ontime_rate"]["value"], now["request.ontime_rate"]["numerator"], now["request.ontime_rate"]["denominator"]))
check("satisfied", 50.0, now["request.satisfaction"]["value"])
check("closed of received", 66.6, now["request.closing_rate"]["value"])
elsewhere.check(request__received=0, request__closed=0, request__open=0)
check("the page shows the same", ("2", 2), shown(worker, "request.closed", "QY", before.span))
check("each opens its own record", {first, late}, {r["id"] for r in behind("request.closed", "QY", before.span)})
says("where it counts", ["受理诉求", "办结诉求", "按期办结"], worker.page(f"/r/request/{first}").text)

# Lists: filters of the address and of the interface say the same.
check("filter by state", {on}, {r["id"] for r in worker.list("request", f"?state=eq.accepted&id=in.({first},{late},{no},{on})")})
check("not closed or complaint", {first, on}, {r["id"] for r in worker.list("request", f"?or=(kind.eq.complaint,state.eq.accepted)&id=in.({first},{late},{no},{on})")})
page = worker.page(f"/r/request?state=accepted&grid={grid('QY-G1')}")
says("the list reads its filters aloud", ["第一网格", "已受理", "增设晾衣架"], page.text)
silent("filtered", "和塘路窨井盖松动", page.text)
says("found by two characters", "窨井盖松动", worker.page("/search?q=%E7%AA%A8%E4%BA%95").text)
says("today's tasks", "增设晾衣架", worker.page("/").text)

# Whose turn it is: in nobody's hands, with the grid worker, with whoever is secretary, back at the desk.
MINE, NOBODY, OTHERS = "<h2>我的任务", "<h2>还没有人承办", "<h2>各人在办"
title = "绿地护栏倾斜"


def lists(person):
    """Which of the lists of tasks hold it; the count in the bar does not lag behind one's own doing."""
    p = person.page("/")
    return [h for h, end in ((MINE, NOBODY), (NOBODY, "<h2>今年"), (OTHERS, "<h2>今年"))
            if title in p.part(h, OTHERS if h == NOBODY and OTHERS in p.html else end)]


turn = worker.create("request", kind="help", content=title, grid="QY-G1")
check("new: nobody's, for all", [[NOBODY]] * 3, [lists(x) for x in (worker, secretary, net)])
worker.moved("request", turn, "accept")
check("names are offered, and roles", True, all(f'<option value="{x}">' in worker.page(f"/r/request/{turn}/move/dispatch").html for x in ("grid", "secretary", "网格员")))
check("who may not write it is not offered", False, '<option value="clerk">' in worker.page(f"/r/request/{turn}/move/dispatch").html)
p = worker.step("request", turn, "dispatch", handler="grid", channel="self")
silent("a name with an account", "没有这个姓名的账号", p.text)
check("with the grid worker", [MINE], lists(net))
says("what state it is in", "已派单", net.page("/").part(MINE, NOBODY))
check("a leader sees whose it is", [OTHERS], lists(secretary))
says("and the name", "grid", secretary.page("/").part(OTHERS, "<h2>今年"))
check("one count in the bar", True, re.search(r'class=badge>[1-9]', net.page("/r/request").html) is not None)
net.step("request", turn, "return", return_reason="要先报修")
check("returned: with nobody", [NOBODY], lists(net))
p = worker.step("request", turn, "dispatch", handler="水先生", channel="self")
says("a free name is taken, and said to reach nobody", ["已派单", "没有这个姓名的账号"], p.text)
check("nobody's task", [], lists(net))
net.step("request", turn, "return", return_reason="写错了人")
worker.step("request", turn, "dispatch", handler="书记", channel="self")
check("with whoever holds the role", [MINE], lists(secretary))
check("and no one else", [OTHERS], lists(worker))
silent("in the other community", title, Person("other").page("/").text)
worker.withdraw("request", turn, "核对任务")
check("withdrawn: no task", [[], []], [lists(secretary), lists(worker)])

# Whom it concerns and nobody else.
nobody_else("request", first, "和塘路窨井盖松动")
check("a viewer has no requests", 403, viewer.page("/r/request").status)
check("nor by the interface", 403, viewer.api("GET", "/api/v1/request")[0])
check("nor one of them", 404, viewer.get("request", first)[0])
r = net.row("request", first)
check("the grid worker sees the phone masked", "139****5678", r["phone"])
check("and the name", True, r["asker"] != "祝大有" and "*" in r["asker"])
p = net.page(f"/r/request/{first}")
says("who recorded it can go there", ["祝大有", "13912345678", "和塘路1号"], p.text)
p = net.page(f"/r/request/{first}/edit")
says("and sees it in the form", ["祝大有", "13912345678", "和塘路1号"], p.html)
# sent to somebody else's request: open while it is with him, by the account's name or the role's
sent = worker.create("request", kind="consult", content="问居住证怎么办", asker="祝小满", phone="13900001234", address="和塘路9号", grid="QY-G1")
hers = ["祝小满", "13900001234", "和塘路9号"]
silent("not yet his", hers, net.page(f"/r/request/{sent}").html)
check("nor his to change", 403, net.page(f"/r/request/{sent}/edit").status)
check("nor to withdraw", 403, net.withdraw("request", sent, "重复登记")[0])
worker.move("request", sent, "accept")
for who in ("grid", "网格员"):
    check("sent to him", 200, worker.move("request", sent, "dispatch", handler=who, channel="self")[0])
    says(f"as {who}: he can go there", hers, net.page(f"/r/request/{sent}").text)
    silent("lists are masked all the same", hers, net.page("/r/request?unit=QY").html)
    check("and he may put right what was written", 200, net.page(f"/r/request/{sent}/edit").status)
    check("sent back", 200, net.move("request", sent, "return", return_reason="不是我的网格")[0])
    silent("no longer his", hers, net.page(f"/r/request/{sent}").html)
check("withdrawn by whoever recorded it", 204, worker.withdraw("request", sent, "试验")[0])
check("nor found by it", 403, net.api("GET", "/api/v1/request?phone=eq.13912345678")[0])
p = net.edit("request", first, return_reason="无")
check("a change that leaves masked fields alone", 200, p.status)
r = worker.row("request", first)
check("keeps what was masked", ("祝大有", "13912345678", "和塘路1号", "无"), (r["asker"], r["phone"], r["address"], r["return_reason"]))
r = clerk.row("request", first)
check("the clerk sees it, masked", ("closed", "139****5678"), (r["state"], r["phone"]))
check("the clerk does not write", 403, clerk.try_create("request", kind="help", content="x", unit="QY")[0])
check("nor change", 403, clerk.patch("request", first, r["version"], content="x")[0])
check("nor move", 403, clerk.move("request", on, "dispatch", handler="x", channel="self")[0])
check("and is offered nothing", set(), clerk.offers("request", on))
check("the worker sees all", "13912345678", worker.row("request", first)["phone"])

# Two people at once: the second is told both.
v = worker.row("request", on)["version"]
check("the first saves", 200, worker.patch("request", on, v, content="增设晾衣架两处")[0])
status, e = secretary.patch("request", on, v, content="增设晾衣架三处")
check("the second does not overwrite", 409, status)
check("and sees both", {"field": "content", "yours": "增设晾衣架三处", "theirs": "增设晾衣架两处"}, e["details"][0])
# A lost answer: the same key is the same request.
key = "scenario-request-once"
a = worker.api("POST", "/api/v1/request", {"kind": "praise", "content": "谢谢"}, Idempotency_Key=key)
b = worker.api("POST", "/api/v1/request", {"kind": "praise", "content": "谢谢"}, Idempotency_Key=key)
check("sent twice, kept once", (201, a[1]["id"]), (b[0], b[1]["id"]))
check("one record", 1, len(worker.list("request", "?content=eq.谢谢")))
worker.withdraw("request", a[1]["id"], "重复登记")
finish()
