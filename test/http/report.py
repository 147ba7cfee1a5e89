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
code, body, _ = worker.post(f"/reports/{name}", {**span, **hidden(mine), texts[0]: "第一段\r\n第二段", "as": "html"})
check("a text is kept and stands in the report", (200, True), (code, "<p>第一段" in body or ">第一段<" in body))
check("another sees it, and who wrote it", (True, True), ("第一段\n第二段</textarea>" in other.get(where)[1], "江小舟" in other.get(where)[1]))
later = worker.get(where.replace("2024-12-31", "2025-01-31"))[1]
check("of a later day it is offered, and does not stand in the report", (True, False), ("第一段\n第二段</textarea>" in later, ">第一段<" in later))
check("of another period it is not", False, "第一段" in worker.get(where.replace("2024", "2023"))[1])
code, body, _ = other.post(f"/reports/{name}", {**span, **hidden(theirs), texts[0]: "另一个人写的", "as": "docx"})
check("who wrote meanwhile is not overwritten", (409, True, True), (code, "第一段" in body, "另一个人写的</textarea>" in body))
check("nothing of it is kept", False, "另一个人写的" in worker.get(where)[1])
code, body, _ = other.post(f"/reports/{name}", {**span, **hidden(body), texts[0]: "两人合写的", "as": "html"})
check("put together it is", (200, True), (code, "两人合写的</textarea>" in body))
code, body, _ = worker.post(f"/reports/{name}", {**span, **hidden(mine), texts[0]: "", "as": "html"})
check("what was not touched takes no text away", (200, True), (code, "两人合写的</textarea>" in body))
code, body, _ = worker.post(f"/reports/{name}", {**span, **hidden(body), texts[0]: "", "as": "html"})
check("emptied by purpose it is empty", (200, False), (code, "两人合写的" in body))

# Whose register one may not read: the page says which it is and whom to ask, instead of leaving it out.
grid = Browser("grid")
page = grid.get("/figures")[1]
check("a register that is not one's own is named", True, re.search("“[^”]+”只能由[^<]+来查看", page) is not None)
finish()
