# SPDX-License-Identifier: Apache-2.0
"""Totals above a list: as many as the interface counts, with the sums of what the register measures."""
import re
import uuid

from lib import Browser, Client, check, finish

api, worker, clerk = Client("worker"), Browser("worker"), Browser("clerk")


def said(who, path):
    m = re.search(r"<p class=sum>(.*?)</p>", who.get(path)[1])
    return re.sub(r"<[^>]+>| ", "", m.group(1)) if m else None


def rows(words):
    return api.call("GET", f"/api/v1/dispute?limit=1000{words}")[1]


def add(**fields):
    one = {"summary": "合计" + uuid.uuid4().hex[:6], "type": "consumer", "found_on": "2026-03-02", **fields}
    code, made, _ = api.call("POST", "/api/v1/dispute", one, Idempotency_Key=uuid.uuid4().hex)
    assert code == 201, made
    return made["id"]


def money(list_):
    return f"{sum(float(r['amount'] or 0) for r in list_):,.2f}".removesuffix(".00")


n = len(rows(""))
check("all of them", True, (said(worker, "/r/dispute") or "").startswith(f"{n}件涉及金额"))
add(amount="12.50")
check("who has written sees it at once", True, (said(worker, "/r/dispute") or "").startswith(f"{n + 1}件"))
add(amount="1200")
some = rows("&type=eq.consumer&found_on=eq.2026-03-02")
check("of a filter, with its sum", f"{len(some)}件涉及金额{money(some)}元", said(worker, "/r/dispute?type=consumer&from=2026-03-02&to=2026-03-02"))
check("the next page says the same", said(worker, "/r/dispute"), said(worker, "/r/dispute?after=20500.1"))
check("of words, without sums", "2件", said(worker, "/r/dispute?q=%E5%90%88%E8%AE%A1&type=consumer&from=2026-03-02&to=2026-03-02"))
for op in range(10):
    worker.get(f"/r/dispute?q=%0Atype%20{op}%200%20neighbour&late=0")
check("words that look like a filter are not taken for it", (True, said(worker, "/r/dispute?type=neighbour&late=0&q=")),
      (bool(rows("&type=eq.neighbour")), f"{len(rows('&type=eq.neighbour'))}件涉及金额{money(rows('&type=eq.neighbour'))}元"))
check("of nothing, nothing", None, said(worker, "/r/dispute?from=1990-01-01&to=1990-01-02"))
check("person-times are called so", True, "人次" in (said(worker, "/r/volunteering") or ""))
worker.cookies["lang"] = "en"
check("in English no Chinese", None, re.search("[\u3400-\u9fff]", said(worker, "/r/dispute?type=consumer") or "合"))
finish()
