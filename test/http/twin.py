# SPDX-License-Identifier: Apache-2.0
"""A record that is there already, of a unit beyond one's reach: refused without telling which one it is."""
import re
import uuid

from lib import Browser, Client, check, finish

top, all_of_it = Browser("admin"), Client("secretary")
login = "shuji" + uuid.uuid4().hex[:6]
code, _, to = top.post("/users", {"login": login, "name": "支部书记", "role": "secretary", "unit": "HT-B1", "_once": uuid.uuid4().hex})
check("somebody of one branch", 303, code)
word = re.search(r"口令是 (\S+?)。", top.get(to)[1]).group(1)
branch = Client()
branch.token = branch.call("POST", "/api/v1/session", {"login": login, "password": word})[1]["token"]


def grid(who, name, unit, code):
    return who.call("POST", "/api/v1/grid", {"code": code, "name": name, "kind": "building", "unit": unit}, Idempotency_Key=uuid.uuid4().hex)[:2]


(code, far), (code2, near) = grid(all_of_it, "白鹭楼", "HT-B2", "LOU-7"), grid(all_of_it, "苍鹰楼", "HT-B1", "LOU-8")
check("one here and one there", (201, 201), (code, code2))
code, body = grid(branch, "新楼", "HT-B1", "LOU-8")
check("the one of one's own branch is named", (409, True, True), (code, "苍鹰楼" in str(body), near["id"] in str(body)))
code, body = grid(branch, "新楼", "HT-B1", "LOU-7")
check("the other is not", (409, False, False), (code, "白鹭楼" in str(body), far["id"] in str(body)))
finish()
