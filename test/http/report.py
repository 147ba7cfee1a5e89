# SPDX-License-Identifier: Apache-2.0
"""Reports: who may take one away, and what keeps it in the house."""
import re

from lib import Browser, check, finish

worker = Browser("worker")
page = worker.get("/reports")[1]
name = re.search(r'href="/reports/([a-z_0-9]+)"', page).group(1)
page = worker.get(f"/reports/{name}")[1]
unit = re.search(r'name="unit" value="([^"]+)"', page).group(1)
form = {"unit": unit, "from": "2024-01-01", "to": "2024-12-31", "as": "docx"}
texts = re.findall(r'name="(text\.[a-z_0-9]+)"', page)
check("the report asks for texts", True, len(texts) > 0)
check("a report is taken away", 200, worker.post(f"/reports/{name}", form)[0])
form[texts[0]] = "经办人身份证号11010519491231002X"
for way in ("docx", "pdf"):
    code, body, _ = worker.post(f"/reports/{name}", {**form, "as": way})
    check(f"with an identity number it is not: {way}", (422, True), (code, "请删去后再印发" in body))
check("a unit that is none", 403, worker.post(f"/reports/{name}", {**form, "unit": "NO-SUCH"})[0])

# What is written is kept for the unit and the period, for everybody who makes this report.
span = {"unit": unit, "from": "2024-01-01", "to": "2024-12-31"}
where = f"/reports/{name}?unit={unit}&from=2024-01-01&to=2024-12-31"
hidden = lambda page: dict(re.findall(r'name="((?:base|was)\.[a-z_0-9]+)" value="([^"]*)"', page))
check("an identity number is not kept", False, "11010519491231002X" in worker.get(where)[1])
mine = worker.get(where)[1]
other = Browser("secretary")
theirs = other.get(where)[1]
code, _, to = worker.post(f"/reports/{name}", {**span, **hidden(mine), texts[0]: "第一段\r\n第二段", "as": "html"})
check("after keeping, the address has unit and period", (303, where), (code, to))
body = worker.get(to)[1]
check("a text is kept and stands in the report", (303, True), (code, "<p>第一段" in body or ">第一段<" in body))
check("another sees it, and who wrote it", (True, True), ("第一段\n第二段</textarea>" in other.get(where)[1], "江小舟" in other.get(where)[1]))
later = worker.get(where.replace("2024-12-31", "2025-01-31"))[1]
check("of a later day it is offered, and does not stand in the report", (True, False), ("第一段\n第二段</textarea>" in later, ">第一段<" in later))
check("of another period it is not", False, "第一段" in worker.get(where.replace("2024", "2023"))[1])
code, body, _ = other.post(f"/reports/{name}", {**span, **hidden(theirs), texts[0]: "另一个人写的", "as": "docx"})
check("who wrote meanwhile is not overwritten", (409, True, True), (code, "第一段" in body, "另一个人写的</textarea>" in body))
check("nothing of it is kept", False, "另一个人写的" in worker.get(where)[1])
code, _, to = other.post(f"/reports/{name}", {**span, **hidden(body), texts[0]: "两人合写的", "as": "html"})
body = other.get(to)[1]
check("put together it is", (303, True), (code, "两人合写的</textarea>" in body))
code, _, to = worker.post(f"/reports/{name}", {**span, **hidden(mine), texts[0]: "", "as": "html"})
body = worker.get(to)[1]
check("what was not touched takes no text away", (303, True), (code, "两人合写的</textarea>" in body))
code, _, to = worker.post(f"/reports/{name}", {**span, **hidden(body), texts[0]: "", "as": "html"})
body = worker.get(to)[1]
check("emptied by purpose it is empty", (303, False), (code, "两人合写的" in body))

# Counting anew, for another period too, loses nothing of what is typed, and keeps nothing.
page = worker.get(where)[1]
of = {"of": re.search(r'name="of" value="([^"]*)"', page).group(1)}
typed = {**span, **of, **hidden(page), texts[0]: "还没有保存的话", "as": "again"}
code, body, _ = worker.post(f"/reports/{name}", typed)
check("counted anew the text is still there", (200, True), (code, "还没有保存的话</textarea>" in body))
code, body, _ = worker.post(f"/reports/{name}", {**typed, "from": "2024-04-01", "to": "2024-06-30"})
check("and goes along to another period", (200, True, True), (code, "还没有保存的话</textarea>" in body, 'value="2024-04-01"' in body))
code, body, _ = worker.post(f"/reports/{name}", {k: v for k, v in {**typed, "span": "2024-Q3"}.items() if k != "as"})
check("also by one of the periods offered", (200, True, True), (code, "还没有保存的话</textarea>" in body, 'value="2024-09-30"' in body))
check("it is not kept", False, "还没有保存的话" in worker.get(where)[1])
code, _, to = worker.post(f"/reports/{name}", {**typed, texts[0]: "", "from": "2024-04-01", "to": "2024-06-30"})
check("with nothing typed it is an address", (303, where.replace("01-01", "04-01").replace("12-31", "06-30")), (code, to))
worker.post(f"/reports/{name}", {**span, **hidden(page), texts[0]: "全年已有的话", "as": "html"})
other_period = {**span, "of": "2024-Q2", texts[0]: "二季度写的话", f"base.{texts[0][5:]}": "0", f"was.{texts[0][5:]}": "x", "as": "html"}
code, body, _ = worker.post(f"/reports/{name}", other_period)
check("over what is kept for that period it does not go unseen", (409, True, True), (code, "全年已有的话" in body, "二季度写的话</textarea>" in body))

# A period that is none is said, not replaced.
for path in ("/figures?", f"/reports/{name}?", "/r/request?"):
    code, body = worker.get(path + "from=2024-12-31&to=2024-01-01")
    check(f"an end before the beginning: {path}", (422, True), (code, "2024-12-31 晚于结束日期 2024-01-01" in body))
    code, body = worker.get(path + "from=2024-13-01&to=2024-12-31")
    check(f"a day that is none: {path}", (422, True), (code, "2024-13-01" in body))
check("each report says what it is for", True, "供年终总结" in worker.get("/reports")[1])

# Whose register one may not read: the page says which it is and whom to ask, instead of leaving it out.
grid = Browser("grid")
page = grid.get("/figures")[1]
check("a register that is not one's own is named", True, re.search("“[^”]+”只能由[^<]+来查看", page) is not None)
finish()
