# SPDX-License-Identifier: Apache-2.0
"""A list on paper is the whole list; menus offer what the role may; gaps open their list; forms are found by hand."""
import re

from lib import Browser, check, finish

admin = Browser("admin")
page = admin.get("/r/request")[1]
total = int(re.search(r"class=\"?sum\"?><span><b class=\"?num\"?>([0-9,]+)", page).group(1).replace(",", ""))
rows = lambda page: page.count('class=row') + page.count('class="row"')
check("there is more than one page", (True, 50), (total > 50, rows(page)))
check("which says on paper that it is not all", True, "本页50条，后面还有" in page)
check("and over which days it goes", True, "全部日期" in page)
way = re.search(r'href="(/r/request\?print=1)"', page)
check("the list offers to be printed", True, way is not None)
whole = admin.get("/r/request?print=1")[1]
check("printed it is all of it", (total, False), (rows(whole), "后面还有" in whole))
some = admin.get("/r/request?print=1&from=2026-01-01&to=2026-12-31")[1]
check("a period asked for stands in its head", (True, False), ("自2026-01-01" in some, "全部日期" in some))

# --- menus
root = re.findall(r'<option value="([^"]+)"', (users := admin.get("/users")[1])[users.index('id="unit"'):])[0]
to = admin.post("/users", {"login": "chayue", "name": "查阅甲", "role": "viewer", "unit": root})[2]
viewer = Browser("chayue", re.search(r"口令是 (\S+?)。", admin.get(to)[1]).group(1))
page = viewer.get("/")[1]
check("who may not issue reports is not sent there", (False, 403), ('href="/reports"' in page, viewer.get("/reports")[0]))
check("who may not read what has time limits is not told that all of it is in hand", False, "都有人承办" in page)
for path in re.findall(r'<a[^>]* href="(/[^"]*)"', page + viewer.get("/more")[1]):
    check(f"what is offered opens: {path}", {200, 303}, viewer.get(path.replace("&amp;", "&"))[0])
check("who may is", True, 'href="/reports"' in admin.get("/")[1])

# --- gaps
gaps = re.findall(r'缺</span><span class="?what"?><a href="([^"]+)"', admin.get("/")[1])
check("a gap opens the list of its unit and month", True, bool(gaps) and "unit=" in gaps[0] and admin.get(gaps[0].replace("&amp;", "&"))[0] == 200)
check("who looks for people is told where", True, "找人请到台账里查找" in admin.get("/search?q=%E6%9F%90%E6%9F%90%E4%BA%BA")[1])
check("the icon is there under the name browsers ask for", (303, 200), (Browser(None).send("GET", "/favicon.ico")[0], Browser(None).get(Browser(None).send("GET", "/favicon.ico")[2])[0]))
finish()
