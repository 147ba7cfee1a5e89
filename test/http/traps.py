# SPDX-License-Identifier: Apache-2.0
"""What offices and attackers upload: hostile files are refused in words with little memory, and a ledger full of traps
shows the same rows as on the command line. The table of traps stands in test/formats/traps.sh."""
import http.client
import os
import re
import uuid

from lib import PORT, Browser, check, finish

FILES = os.path.join("..", "formats", "files")
HOSTILE = {
    "truncated.xlsx": "不完整", "bomb.xlsx": "过大", "entities.xlsx": "实体", "external.xlsx": "DTD", "broken_xml.xlsx": "损坏",
    "bad_string.xlsx": "找不到自己的文字", "no_sheet.xlsx": "缺少部件", "wide.xlsx": "1000列", "cells.xlsx": "单元格超过",
    "sheets.xlsx": "200张", "zip_password.xlsx": "密码", "binary.xlsb": "xlsb", "letter.xlsx": "Word", "page.xls": "网页",
    "xml2003.xls": "2003", "password.xls": "密码", "locked.xlsx": "密码", "letter.xls": "不是 Excel", "truncated.xls": "不完整",
}
worker = Browser("worker")


def upload(name, data):
    """status, page, where it sends to"""
    page = worker.get("/import")[1]
    csrf = re.search(r'name="_csrf" value="([0-9a-f]+)"', page).group(1)
    unit = re.search(r'name="unit" value="([^"]+)"', page).group(1)
    mark = uuid.uuid4().hex
    body = "".join(f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in (("_csrf", csrf), ("unit", unit)))
    body += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    c.request("POST", "/import", body.encode() + data + f"\r\n--{mark}--\r\n".encode(), {
        "Cookie": "; ".join(f"{k}={v}" for k, v in worker.cookies.items()),
        "Content-Type": f"multipart/form-data; boundary={mark}"})
    r = c.getresponse()
    out = r.status, r.read().decode(errors="replace"), r.headers.get("Location")
    c.close()
    return out


def file(name):
    with open(os.path.join(FILES, name), "rb") as f:
        return f.read()


def most_memory():
    """The server's, in MiB, at its highest so far."""
    with open(f"/proc/{os.environ['SERVER_PID']}/status", encoding="utf-8") as f:
        return int(re.search(r"VmHWM:\s+([0-9]+)", f.read()).group(1)) // 1024


with open(os.environ["LINLI"], "rb") as f:
    sanitized = b"__asan_init" in f.read()
before = most_memory()
for name, word in HOSTILE.items():
    code, page, _ = upload(name, file(name))
    check(f"{name} is refused", 415, code)
    check(f"{name}: in words", True, word in page)
if not sanitized:
    check("the server has not grown over it", True, most_memory() - before < 250)

code, _, to = upload("ledger.xlsx", file("ledger.xlsx"))
check("the ledger comes in", 303, code)
page = worker.get(to)[1]
shown = re.sub(r"<[^>]+>", "", page)
check("its days are read", True, all(f"<td>2024-03-{n:02}" in page for n in range(5, 15)))
check("also those of merged cells and of phones that were numbers", True, "19900000002" in page)
check("names come without blanks", True, "<td>张三" in page)
for n, why in ((15, "不是日期"), (16, "2024.2.30"), (17, "#N/A"), (22, "是不是“求助”")):
    check(f"row {n} is named with what is wrong", True, re.search(rf"{why}.*?第[^行]*{n}[^行]*行", shown, re.S) is not None)
check("a lost number is refused", True, "后几位已经丢失" in page)
check("a hidden sheet and one of explanations are left out", True, "隐藏的工作表" in page and "看来不是台账" in page)
check("sums and notes are no records", True, "合计行" in page and "说明或签名" in page)
finish()
