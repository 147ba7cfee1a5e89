# SPDX-License-Identifier: Apache-2.0
"""Each cell of a list says what its record holds, also where the same value comes again and again."""
import re

from lib import Browser, Client, check, finish

api, worker = Client("secretary"), Browser("secretary")
page = worker.get("/r/visit")[1]


def options(name):
    """What the filter above the list calls each value."""
    select = re.search(rf'<select name="{name}">(.*?)</select>', page).group(1)
    return dict(re.findall(r'<option value="([^"]+)">([^<]*)</option>', select))


def cells(row):
    return {k: re.sub(r" <span class=late>.*?</span>|<[^>]*>", "", v).strip() for k, v in re.findall(r'data-label="([^"]*)">(.*?)</td>', row)}


purposes, grids, handlings = options("purpose"), options("grid"), options("handling")
rows = re.findall(r'<tr>(<td[^>]*><a class=row href="/r/visit/(\d+)">.*?)</tr>', page)
kept = {r["id"]: r for r in api.call("GET", "/api/v1/visit?limit=1000")[1]}
check("a page of visits", True, len(rows) >= 20)
check("all as the records say", [], [
    (id, got, want) for html, id in rows for got, want in [(
        [cells(html)[k] for k in ("走访日期", "走访人", "网格", "走访事由", "处理方式")],
        [kept[id]["visited_on"], kept[id]["visitor"], grids[str(kept[id]["grid"])],
         purposes[kept[id]["purpose"]], handlings.get(kept[id]["handling"], "")])]
    if got != want])
check("several values among them", True, len({cells(html)["走访事由"] for html, _ in rows}) > 2)
finish()
