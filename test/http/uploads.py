# SPDX-License-Identifier: Apache-2.0
"""A photo of a form that came back: only who sent it has it, and whoever comes too late is asked for it again."""
import hashlib
import html
import os
import re
import time

from lib import Browser, check, finish

NEW = "/r/request/new"


def send(who, fields, photo=None, to=NEW):
    token = re.search(r'name="?_csrf"? value="([0-9a-f]+)"', who.get("/password")[1]).group(1)
    edge, parts = "x" * 30, []
    for name, value in {"_csrf": token, "kind": "report", "received_at": "今天", **fields}.items():
        parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}')
    if photo:
        parts.append(f'Content-Disposition: form-data; name="photo"; filename="坑洼.png"\r\nContent-Type: image/png\r\n\r\n{photo}')
    body = "".join(f"--{edge}\r\n{p}\r\n" for p in parts) + f"--{edge}--\r\n"
    return who.send("POST", to, body.encode(), {"Content-Type": "multipart/form-data; boundary=" + edge})


def tokens(text):
    return [html.unescape(x) for x in re.findall(r'name=_file checked value="([^"]*)"', text)]


def photos(who, path):
    return re.findall(r'"?(/file/\d+/\d+)', who.get(path.split("?")[0])[1])


def half(photo):
    """A form that comes back because of its phone number: what it says of the photo."""
    code, text, _ = send(worker, {"content": "路面坑洼", "phone": "1990010"}, photo)
    check("it comes back with the photo", (422, 1), (code, len(tokens(text))))
    return tokens(text)[0]


worker, secretary = Browser("worker"), Browser("secretary")
token = half("a photo of a hole")
code, text, to = send(secretary, {"content": "别人的照片", "_file": token})
check("somebody else saves without it", (303, []), (code, photos(secretary, to or "/")))
code, text, to = send(worker, {"content": "路面坑洼", "_file": token})
seen = photos(worker, to or "/")
check("who sent it saves it", (303, True), (code, bool(seen)))
check("and it opens", (200, "a photo of a hole"), worker.get(seen[0]) if seen else None)


# it counts in the form it was chosen in, for its time
token = half("a photo of another matter")
mac, until, rest = token.split("|", 2)
code, text, _ = send(worker, {"content": "改了", "phone": "1", "_file": token, "_version": "1"}, None, to.split("?")[0] + "/edit")
check("another form does not take it", (422, []), (code, tokens(text)))
code, text, _ = send(worker, {"content": "路面坑洼", "phone": "1", "_file": f"{mac}|{int(until) + 1}|{rest}"})
check("its end is not put off", (422, []), (code, tokens(text)))
check("it has an end", True, 0 < int(until) / 1000 - time.time() < 49 * 3600)
code, text, _ = send(worker, {"content": "路面坑洼", "phone": "1", "_file": token})
check("its own form does", (422, 1), (code, len(tokens(text))))

token = half("a photo nobody waited for")
sha = hashlib.sha256(b"a photo nobody waited for").hexdigest()
os.remove(f'{os.environ["WORK"]}/data/files/{sha[:2]}/{sha}')
code, text, _ = send(worker, {"content": "过了好几天", "_file": token})
check("swept meanwhile: it is asked for again", (422, True, []), (code, "坑洼.png" in text and "重新选择" in text, tokens(text)))
check("what was typed is there", True, "过了好几天" in text)
code, _, to = send(worker, {"content": "过了好几天"}, "the same hole again")
check("chosen again, it is saved", (303, True), (code, bool(photos(worker, to or "/"))))
finish()
