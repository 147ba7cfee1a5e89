# SPDX-License-Identifier: Apache-2.0
"""A session that is over while somebody writes: what was typed goes through the login; and error pages that lead on."""
import re
import uuid
from urllib.parse import urlencode

from lib import Browser, Client, check, finish, password

HERE = {"Sec-Fetch-Site": "same-origin"}
words = "围墙倾斜" + uuid.uuid4().hex[:6]
api, worker = Client("worker"), Browser("worker")
fields = {"content": words, "kind": "help", "received_at": "2026-03-02T10:00", "asker": "<b>水先生</b>", "_once": uuid.uuid4().hex}
kept = lambda page: dict(re.findall(r'name="(k\.[^"]+)" value="([^"]*)"', page))


def sent(b, path, form, headers):
    return b.send("POST", path, urlencode(form), headers)


def count():
    return len([r for r in api.call("GET", "/api/v1/request?limit=100")[1] if r["content"] == words])


gone = Browser(None)
code, page, head = sent(gone, "/r/request", {**fields, "_csrf": "0" * 64}, HERE)
check("a form without a session is asked to log in", 401, code)
check("nothing is saved", 0, count())
check("what was typed is on the page", True, kept(page).get("k.content") == words and "<b>" not in page and "k._csrf" not in page)
check("and whose form it was", True, 'name="to" value="/r/request"' in page)
login = {**{k: fields[k[2:]] for k in kept(page)}, "to": "/r/request", "_csrf": re.search(r'name="_csrf" value="([^"]+)"', page).group(1)}
code, page, _ = sent(gone, "/login", {**login, "login": "worker", "password": "wrong-password"}, HERE)
check("a wrong password loses nothing", (401, words), (code, kept(page).get("k.content")))
login["_csrf"] = re.search(r'name="_csrf" value="([^"]+)"', page).group(1)
code, page, _ = sent(gone, "/login", {**login, "login": "worker", "password": password("worker")}, HERE)
check("logged in: a page that sends it on", (200, True), (code, 'action="/r/request"' in page and words in page))
check("still nothing is saved", 0, count())
form = dict(re.findall(r'type="?hidden"? name="([^"]+)" value="([^"]*)"', page))
form["asker"] = "水先生"
code, _, head = sent(gone, "/r/request", form, HERE)
check("one tap saves it", (303, 1), (code, count()))
code, _, _ = sent(gone, "/r/request", form, HERE)
check("twice saves it once", (303, 1), (code, count()))

# The form as browsers send it where there is a field for photos.
part = lambda name, value: f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
parts = "".join(part(k, v) for k, v in {**fields, "_csrf": "0" * 64}.items()) + '--xx\r\nContent-Disposition: form-data; name="photo"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--xx--\r\n'
other = Browser(None)
code, page, _ = other.send("POST", "/r/request/new", parts.encode(), {**HERE, "Content-Type": "multipart/form-data; boundary=xx"})
check("with a field for photos", (401, words, True), (code, kept(page).get("k.content"), 'name="to" value="/r/request/new"' in page))

# A page of an older session of the same person.
code, page, _ = sent(worker, "/r/request", {**fields, "_once": uuid.uuid4().hex, "_csrf": "0" * 64}, HERE)
check("another session's token: kept, with a fresh one", (403, True), (code, words in page and 'name="content"' in page and "class=places" in page))
# Only for what our own pages sent, and never for passwords.
for name, headers in (("from another site", {"Sec-Fetch-Site": "cross-site"}), ("from a sister site", {"Sec-Fetch-Site": "same-site"}),
                      ("from nobody knows where", {}), ("of another origin", {"Origin": "http://evil.example"})):
    code, page, _ = sent(Browser(None), "/r/request", {**fields, "_csrf": "0" * 64}, headers)
    check(f"{name}: nothing is kept", (303, False), (code, words in page))
    code, page, _ = sent(worker, "/r/request", {**fields, "_csrf": "0" * 64}, headers)
    check(f"{name}: nor with a session", (403, False), (code, words in page))
code, page, _ = sent(Browser(None), "/password", {"old": "alt-geheim", "new": "neu-geheim", "again": "neu-geheim", "_csrf": "0" * 64}, HERE)
check("a password is never kept", (303, False), (code, "geheim" in page))
code, page, _ = sent(Browser(None), "/r/request", {**fields, "content": "长" * 12000, "_csrf": "0" * 64}, HERE)
check("nor what is too large to carry", 303, code)

# Error pages of somebody who is logged in have the bar and the places.
for path, status in (("/nothing-here", 404), ("/users", 403), ("/r/request/1", 404), ("/r/nothing", 404)):
    code, page = worker.get(path)
    check(f"{path} leads on", (status, True, True), (code, "class=places" in page, 'href="/r"' in page))
code, page = Browser(None).get("/nothing-here")
check("nobody's has none", (404, False), (code, "class=places" in page))
check("an API error stays JSON", "missing", api.call("GET", "/api/v1/nothing/here/at/all")[1]["code"])
finish()
