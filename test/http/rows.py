# SPDX-License-Identifier: Apache-2.0
"""Child rows in a stale form: what somebody else added since is told, and stays."""
import re
import uuid

from lib import Browser, Client, check, finish

api, worker = Client("worker"), Browser("worker")
row = next(r for r in api.call("GET", "/api/v1/dispute?limit=50")[1] if r["state"] == "found")
path = f"/api/v1/dispute/{row['id']}"
names = lambda: sorted(p["name"] for p in api.call("GET", path)[1]["parties"])


def patch(parties):
    v = re.sub(r"\D", "", api.call("GET", path)[2]["ETag"])
    return api.call("PATCH", path, {"parties": parties}, If_Match=v)[0]


check("one party to begin with", 200, patch([{"name": "甲某", "role": "a"}]))
page = worker.get(f"/r/dispute/{row['id']}/edit")[1]
fields = {k: v for k, v in re.findall(r'<input type="(?:text|tel|hidden)"[^>]*? name="([^"]+)" value="([^"]*)"', page)}
hidden = dict(re.findall(r'name="(parties\.\d+\.id)" value="(\d+)"', page))
check("the form says which row is which", True, hidden.get("parties.1.id", "0") != "0" and hidden.get("parties.2.id") == "0")
form = {"_version": re.search(r'name="_version" value="(\d+)"', page).group(1), "parties.1.name": "甲某改", **hidden}
for n in range(2, len(hidden) + 1):
    form[f"parties.{n}.name"] = ""
mine = api.call("GET", path)[1]["parties"]
check("somebody adds a party", 200, patch(mine + [{"name": "乙某", "role": "b"}]))
code, page, _ = worker.post(f"/r/dispute/{row['id']}", {**form, "_once": uuid.uuid4().hex})
check("the stale form is refused", 409, code)
check("with the row that differs", True, "甲某改" in page and page.count("甲某") >= 2)
form["_version"] = re.search(r'name="_version" value="(\d+)"', page).group(1)
code, page, _ = worker.post(f"/r/dispute/{row['id']}", {**form, "_once": uuid.uuid4().hex})
check("saved again", 303, code)
check("the other's party is still there", ["乙某", "甲某改"], names())
form["_version"] = str(int(form["_version"]) + 1)
form["parties.1.name"] = ""
form["parties.1.role"] = ""
code, page, _ = worker.post(f"/r/dispute/{row['id']}", {**form, "_once": uuid.uuid4().hex})
check("a row that was emptied goes", (303, ["乙某"]), (code, names()))
finish()
