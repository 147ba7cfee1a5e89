# SPDX-License-Identifier: Apache-2.0
"""Accounts: an admin of one community decides over the accounts of that community only."""
import re
import uuid

from lib import Browser, check, finish, password

top = Browser("admin")
code, page = top.get("/users")
check("the subdistrict's admin sees the accounts", (200, True), (code, ">admin<" in page and ">worker<" in page))
units = re.findall(r'<option value="([^"]+)"', page[page.index('id="unit"'):])
ids = dict((b, a) for a, b in re.findall(r'href="/users/(\d+)">[^<]*</a></span><span class="?quiet"?>([a-z0-9._-]+)<', page))
check("logins and ids were read", True, {"admin", "worker"} <= set(ids))

# --- an admin of one community
here = re.findall(r"<dd>([^<]*)</dd>", top.get(f"/users/{ids['worker']}")[1])[0]
unit = re.search(r'<option value="([^"]+)"[^>]*>' + re.escape(here) + "<", page).group(1)
once = uuid.uuid4().hex
form = {"login": "shequ", "name": "社区管理", "role": "admin", "unit": unit, "_once": once}
code, _, to = top.post("/users", form)
check("a local admin is made", 303, code)
page = top.get(to)[1]
word = re.search(r"口令是 (\S+?)。", page).group(1)
code, _, again = top.post("/users", form)
check("a retry gives the same answer", (303, to), (code, again))
check("it is not shown to a later reader", False, word in top.get(to.split("?")[0])[1])
local = Browser("shequ", word)
code, page = local.get("/users")
check("a local admin sees only accounts of the community", (200, False, True), (code, ">admin<" in page, ">shequ<" in page))
check("nor opens the others", 404, local.get(f"/users/{ids['admin']}")[0])
for form in ({"act": "off"}, {"act": "password"}, {"act": "grant", "role": "viewer", "unit": unit}, {"act": "drop", "role": "admin", "unit": unit}):
    check(f"nor changes them: {form['act']}", 404, local.post(f"/users/{ids['admin']}", form)[0])
check("the subdistrict's admin is still active", 200, top.get("/users")[0])

# --- a role at another place takes the account out of the local admin's hands
other = next(u for u in units if u != unit and not u.startswith(unit))
check("the local admin opens the worker", 200, local.get(f"/users/{ids['worker']}")[0])
check("who gives no role elsewhere", 403, local.post(f"/users/{ids['worker']}", {"act": "grant", "role": "viewer", "unit": other})[0])
check("a role elsewhere", 303, top.post(f"/users/{ids['worker']}", {"act": "grant", "role": "viewer", "unit": other})[0])
check("the local admin no longer decides", 404, local.post(f"/users/{ids['worker']}", {"act": "off"})[0])
check("the role is taken away again", 303, top.post(f"/users/{ids['worker']}", {"act": "drop", "role": "viewer", "unit": other})[0])
check("the local admin decides again", 200, local.get(f"/users/{ids['worker']}")[0])
check("the last role stays", 409, local.post(f"/users/{ids['worker']}", {"act": "drop", "role": "worker", "unit": unit})[0])
check("no such act", 422, local.post(f"/users/{ids['worker']}", {"act": "delete"})[0])

# --- nobody locks himself, and with him everybody, out
page = top.get(f"/users/{ids['admin']}")[1]
check("one's own account has no button to suspend it", False, "value=off" in page or 'value="off"' in page)
check("one does not suspend oneself", 409, top.post(f"/users/{ids['admin']}", {"act": "off"})[0])
check("a second role for the admin", 303, top.post(f"/users/{ids['admin']}", {"act": "grant", "role": "viewer", "unit": unit})[0])
own = top.get(f"/users/{ids['admin']}")[1]
root = re.search(r'name="?role"? value="?admin"?[^>]*>\s*<input[^>]*name="?unit"? value="([^"]+)"', own).group(1)
code, page, _ = top.post(f"/users/{ids['admin']}", {"act": "drop", "role": "admin", "unit": root})
check("the last admin of everything keeps the role", (409, True), (code, "最后一个能管理全部账号的人" in page))
check("and can still see the accounts", 200, top.get("/users")[0])
check("the second role goes again", 303, top.post(f"/users/{ids['admin']}", {"act": "drop", "role": "viewer", "unit": unit})[0])
check("suspending is asked once more", True, "确定停用" in top.get(f"/users/{ids['worker']}")[1])
check("somebody else is suspended", 303, top.post(f"/users/{ids['worker']}", {"act": "off"})[0])
code, page, _ = top.post("/users", {"login": "worker", "name": "又一个", "role": "worker", "unit": unit})
check("a new account says that the login's account is suspended", (409, True), (code, "现在停用" in page))
check("back again", 303, top.post(f"/users/{ids['worker']}", {"act": "on"})[0])

# --- a new password
mine = re.search(r"/users/(\d+)", to).group(1)
code, _, to = top.post(f"/users/{mine}", {"act": "password", "_once": uuid.uuid4().hex})
check("a new password", 303, code)
new = re.search(r"口令是 (\S+?)。", top.get(to)[1]).group(1)
check("ends the sessions", 303, local.get("/users")[0])
check("and opens the account", 200, Browser("shequ", new).get("/users")[0])
check("somebody else cannot open what was sealed", False, new in Browser("shequ", new).get(to)[1])
check("nor is it guessed", False, new in top.get(f"/users/{mine}?shown=AAAA")[1])
finish()
