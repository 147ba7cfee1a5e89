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
finish()
