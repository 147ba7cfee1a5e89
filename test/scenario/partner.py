# SPDX-License-Identifier: Apache-2.0
"""Partner units and the three lists: a need and a resource are joined by a project; who may do what in them."""
from lib import Growth, Person, behind, check, finish, nobody_else, says, shown, silent

worker, secretary, net, clerk, viewer = (Person(p) for p in ("worker", "secretary", "grid", "clerk", "viewer"))
year = Growth("QY")

# Partners: the code's check digit, once per community.
status, e = worker.try_create("partner", name="某某中学", credit_code="12350100M00010043B", kind="institution", signed_on="2026-03-01")
check("a wrong credit code", (422, "credit_code"), (status, e["details"][0]["field"]))
says("a wrong credit code", "统一社会信用代码", e["message"])
p = worker.record("partner", name="竹径中学", credit_code="12350100M00010043A", kind="institution", committee="1", signed_on="2026-03-01", contact="陆老师", phone="13500001111")
check("a partner by its form", 200, p.status)
school = p.id()
status, e = worker.try_create("partner", name="同码", credit_code="12350100M00010043A", kind="company", signed_on="2026-03-02")
check("a code stands for one partner", True, status in (409, 422))
says("and it is named", "竹径中学", e["message"])
shop = worker.create("partner", name="和塘超市", credit_code="91350100M00020079J", kind="company", committee=False, signed_on="2026-03-05", until="2026-06-30")

# Needs: anybody of the community raises them, also the grid worker.
need1 = net.record("need", proposer="第一网格", content="周末课业辅导", kind="service", raised_on="2026-04-01").id()
need2 = worker.create("need", proposer="江先生", content="普法讲座", kind="law", raised_on="2026-04-02")
need3 = worker.create("need", proposer="祝女士", content="已有同类", kind="other", raised_on="2026-04-03")
numbers = [worker.row("need", n)["number"] for n in (need1, need2, need3)]
check("numbers of two digits, without a gap", [f"XQ-2026-{int(numbers[0][-2:]) + i:02d}" for i in range(3)], numbers)
check("the grid worker does not match", set(), net.offers("need", need1))
check("withdrawing asks why", 422, worker.move("need", need3, "drop")[0])
check("withdrawn", "dropped", worker.moved("need", need3, "drop", note="与需求1相同"))
check("a met need begins with a match", 409, worker.move("need", need2, "meet")[0])

# Resources belong to a partner.
status, e = worker.try_create("resource", kind="people", content="教师十名")
check("whose resource", (422, "partner"), (status, e["details"][0]["field"]))
res1 = worker.create("resource", partner=school, kind="people", content="教师十名", listed_on="2026-04-05")
res2 = worker.create("resource", partner="和塘超市", kind="venue", content="二楼会议室", listed_on="2026-04-06")
check("a partner may be called by name", shop, worker.row("resource", res2)["partner"])
check("a partner there is not", 422, worker.try_create("resource", partner="没有这家", kind="venue", content="x")[0])

# The project joins them.
check("the grid worker makes no project", 403, net.try_create("project", name="x", lead="y")[0])
p = worker.record("project", name="周末课堂", lead="竹径中学", due_on="2026-06-30", listed_on="2026-04-10",
                  **{"needs.1.need": need1, "resources.1.resource": res1, "resources.2.resource": res2})
check("a project by its form", 200, p.status)
says("with needs and resources by their names", ["周末课业辅导", "教师十名", "二楼会议室"], p.text)
one = p.id()
r = worker.row("project", one)
check("joined", ([need1], [res1, res2]), ([x["need"] for x in r["needs"]], [x["resource"] for x in r["resources"]]))
check("they are links", True, {f"/r/need/{need1}", f"/r/resource/{res1}"} <= set(p.links))
two = worker.create("project", name="普法进院", lead="司法所", listed_on="2026-04-11", needs=[{"need": numbers[1]}], resources=[])
check("ninety days unless said", "2026-07-10", worker.row("project", two)["due_on"])
check("a need there is not", 422, worker.try_create("project", name="x", lead="y", needs=[{"need": "XQ-1999-01"}])[0])
for n in (need1, need2):
    check("matched", "matched", worker.moved("need", n, "match"))
check("sought again", "open", worker.moved("need", need2, "reopen"))
check("matched again", "matched", worker.moved("need", need2, "match"))
check("nothing is finished before it began", 409, worker.move("project", one, "finish")[0])
says("under way", "进行中", worker.step("project", one, "start").text)
p = worker.step("project", one, "finish", done_on="2026-06-20")
says("done", "已完成", p.text)
check("a finished project is final", set(), worker.offers("project", one))
check("the need is met", "met", worker.moved("need", need1, "meet"))

now = year.check(need__count=3, resource__count=2, project__count=2, project__done=1)
check("three lists", {"need", "resource", "project"}, {r["key"] for r in behind("partner.lists", "QY")})
check("three, not seven", 3, now["partner.lists"]["value"])
june, july = Growth("QY", ("2026-06-01", "2026-06-30")).was, Growth("QY", ("2026-07-01", "2026-07-31")).was
check("partners at the end of May and of July: the shop's term is over",
      (2, 1), tuple(Growth("QY", s).was["partner.units"]["value"] for s in (("2026-05-01", "2026-05-31"), ("2026-07-01", "2026-07-31"))))
check("of the committee", 1, july["partner.committee"]["value"])
check("the page", ("2", 2), shown(worker, "project.count", "QY"))

nobody_else("project", one, "周末课堂")
nobody_else("partner", school, "竹径中学")
check("what the other community cannot point at", 422, Person("other").try_create("resource", partner=school, kind="venue", content="x")[0])
check("grid workers have no list of partners", 403, net.page("/r/partner").status)
for who in (viewer, clerk):
    check(f"{who.login} reads", 200, who.page(f"/r/project/{one}").status)
    check(f"{who.login} does not write", 403, who.patch("project", one, 1, name="x")[0])
    check(f"{who.login} does not move", 403, who.move("project", two, "start")[0])
    check(f"{who.login} is offered nothing", set(), who.offers("project", two))
says("the story", ["登记", "启动", "完成"], worker.history("project", one))
finish()
