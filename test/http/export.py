# SPDX-License-Identifier: Apache-2.0
"""An exported list: its records on the first sheet, each child table on a sheet of its own, masked as on the pages."""
import http.client
import io
import json
import os
import re
import sqlite3
import uuid
import zipfile
from html import unescape

from lib import PORT, Browser, Client, check, finish

api, worker, clerk = Client("worker"), Browser("worker"), Browser("clerk")
what = "导出" + uuid.uuid4().hex[:6]
code, made, _ = api.call("POST", "/api/v1/dispute", {"summary": what, "type": "neighbour", "found_on": "2026-03-02",
                         "parties": [{"name": "祝大有", "role": "a", "phone": "13912345678"}, {"name": "=1+1", "role": "b"}]},
                         Idempotency_Key=uuid.uuid4().hex)
check("a dispute with two parties", 201, code)


def sheets(who):
    """Name → rows of texts of the exported workbook."""
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    c.request("GET", "/r/dispute/export.xlsx?from=2026-03-02&to=2026-03-02", None, {"Cookie": "; ".join(f"{k}={v}" for k, v in who.cookies.items())})
    r = c.getresponse()
    z = zipfile.ZipFile(io.BytesIO(r.read()))
    names = re.findall(r'<sheet name="([^"]+)"', z.read("xl/workbook.xml").decode())
    out = {}
    for i, name in enumerate(names):
        text = z.read(f"xl/worksheets/sheet{i + 1}.xml").decode()
        out[name] = [[unescape("".join(re.findall(r"<t[^>]*>([^<]*)</t>", cell))) for cell in re.findall(r"<c .*?(?:/>|</c>)", row)]
                     for row in re.findall(r"<row .*?</row>", text, re.S)]
    return out


book = sheets(worker)
check("two sheets", ["矛盾纠纷", "当事人"], list(book))
check("the record", True, any(what in row for row in book["矛盾纠纷"]))
check("its head", ["矛盾纠纷", "称谓", "姓名", "电话"], book["当事人"][0])
mine = [row for row in book["当事人"] if row and row[0] == what]
check("its parties", [[what, "甲方", "祝大有", "13912345678"], [what, "乙方", "=1+1"]], [[x for x in row if x] for row in mine])
hers = [row for row in sheets(clerk)["当事人"] if row and row[0] == what]
check("masked where personal columns are", (2, False), (len(hers), any("祝大有" in x or "13912345678" in x for row in hers for x in row)))

# --- the trail says what was taken
file = os.environ["WORK"] + "/data/linli.db"
if os.path.exists(file):
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    told = json.loads(db.execute("SELECT detail FROM s_trail WHERE act = 'export' AND register = 'dispute' ORDER BY at DESC").fetchone()[0])
    check("of which unit, and of which list", ({"from": "2026-03-02", "to": "2026-03-02"}, True), (told.get("query"), bool(told.get("unit"))))
finish()
