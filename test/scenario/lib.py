# SPDX-License-Identifier: Apache-2.0
"""What the scenarios share: persons who sign in, fill in forms as a browser would and speak JSON, the numbers of a
unit with what is behind them, and checks that print a line each. Standard library only."""
import html
import http.client
import json
import os
import re
import subprocess
import sys
import urllib.parse
import uuid
from html.parser import HTMLParser

PORT = int(os.environ["PORT"])
LINLI, DATA = os.environ["LINLI"], os.environ["DATA"]
HAN = re.compile("[\u3400-\u9fff]")
failures = checks = 0


# --- checks

def check(name, expected, actual):
    global failures, checks
    checks += 1
    good = actual == expected
    if not good:
        failures += 1
        print(f"not ok - {name}: expected {expected!r}, got {str(actual)[:700]!r}")
    return good


def says(name, words, text):
    """Each of the words stands in the text."""
    for word in [words] if isinstance(words, str) else words:
        check(f"{name}: says {word}", True, word in text or text)


def silent(name, words, text):
    """None of the words stands in the text."""
    for word in [words] if isinstance(words, str) else words:
        at = text.find(word)
        check(f"{name}: does not say {word}", None, text[max(0, at - 80):at + 80] if at >= 0 else None)


def finish():
    print(f"{os.path.basename(sys.argv[0])}: {checks} checks, {failures} failed")
    sys.exit(1 if failures or not checks else 0)


# --- HTTP

def send(method, path, body=None, headers=None):
    """One request: status, text, headers."""
    c = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    c.request(method, path, body, headers or {})
    r = c.getresponse()
    text = r.read()
    c.close()
    return r.status, text, r.headers


class Form:
    def __init__(self, attrs):
        self.action, self.method = attrs.get("action") or "", attrs.get("method", "get")
        self.values, self.options, self.buttons = {}, {}, []
        self.must = set()


class Reader(HTMLParser):
    """The forms of a page, with what would be sent untouched and what may be chosen; and the text one sees."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.seen, self.select, self.area, self.form, self.skip = [], [], None, None, None, 0
        self.links = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        name = a.get("name")
        if tag in ("script", "style", "title"):
            self.skip += 1
        if tag == "a" and a.get("href"):
            self.links.append(a["href"])
        for word in ("placeholder", "aria-label", "title", "alt"):
            if a.get(word):
                self.seen.append(a[word])
        if tag == "form":
            self.form = Form(a)
            self.forms.append(self.form)
        if not self.form or not name:
            if tag == "option" and self.select:
                self.option(a)
            return
        if tag == "input" and a.get("type") in ("radio", "checkbox"):
            self.form.options.setdefault(name, []).append(a.get("value", "on"))
            if "checked" in a:
                self.form.values.setdefault(name, []).append(a.get("value", "on"))
        elif tag == "input" and a.get("type") != "file":
            self.form.values.setdefault(name, []).append(a.get("value") or "")
        elif tag == "textarea":
            self.area = name
            self.form.values[name] = [""]
        elif tag == "select":
            self.select = name
            self.form.options[name] = []
        elif tag == "button":
            self.form.buttons.append((name, a.get("value") or ""))

    def option(self, a):
        self.form.options[self.select].append(a.get("value", ""))
        if "selected" in a:
            self.form.values[self.select] = [a.get("value", "")]

    def handle_endtag(self, tag):
        if tag in ("script", "style", "title"):
            self.skip -= 1
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area:
            # the line break after <textarea> belongs to the tag
            self.form.values[self.area][0] = re.sub(r"\A\n", "", self.form.values[self.area][0])
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.form.values[self.area][0] += data
        elif not self.skip:
            self.seen.append(data)


class Page:
    def __init__(self, status, text, path):
        self.status, self.html, self.path = status, text, path
        reader = Reader(text)
        self.forms, self.links = reader.forms, reader.links
        self.text = re.sub(r"\s+", " ", " ".join(reader.seen))

    def form(self, action):
        """The form whose address ends so."""
        for f in self.forms:
            if f.action.endswith((action, action + "/new", action + "/edit")):  # the latter take files too
                return f
        raise AssertionError(f"{self.path} has no form {action}: {[f.action for f in self.forms]}: {self.text[:400]}")

    def part(self, start, end="</ol>"):
        """The text between two pieces of the source."""
        at = self.html.find(start)
        return re.sub("<[^>]*>", " ", self.html[at:self.html.find(end, at)]) if at >= 0 else ""

    def id(self):
        m = re.search(r"/r/\w+/(\d+)", self.path)
        return m.group(1) if m else None


class Person:
    """Somebody with an account: a browser (cookies, forms) and a program (bearer token)."""

    def __init__(self, login, lang=None):
        with open(os.environ["LOGINS"], encoding="utf-8") as f:
            self.password = json.load(f)[login]
        self.login, self.cookies, self.token = login, {}, None
        if lang:
            self.cookies["lang"] = lang

    # pages
    def fetch(self, method, path, form=None, follow=True, headers=None):
        h = {"Accept": "text/html", **(headers or {})}
        if self.cookies:
            h["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            h["Content-Type"] = "application/x-www-form-urlencoded"
        status, text, got = send(method, path, body, h)
        for line in got.get_all("Set-Cookie") or []:
            k, _, v = line.split(";")[0].partition("=")
            self.cookies[k] = v
        if status == 303 and follow:
            return self.fetch("GET", got["Location"])
        return Page(status, text.decode(errors="replace"), path)

    def page(self, path):
        if "linli" not in self.cookies:
            self.sign_in()
        return self.fetch("GET", path)

    def sign_in(self):
        at = self.fetch("GET", "/login")
        done = self.post(at, "/login", login=self.login, password=self.password)
        assert done.status == 200 and "linli" in self.cookies, (self.login, done.status, done.text[:300])

    def post(self, at, action, _button=None, **fields):
        """Fill in a form of the page and send it: only fields it has, only choices it offers."""
        form = at.form(action)
        values = {k: list(v) for k, v in form.values.items()}
        for name, v in fields.items():
            name = name.replace("__", ".")
            if name not in form.values and name not in form.options:
                raise AssertionError(f"{at.path}: the form {action} has no field {name}: {sorted(form.values)}")
            v = [str(x) for x in v] if isinstance(v, (list, tuple)) else [str(v)]
            if name in form.options and not set(v) <= set(form.options[name]) | {""}:
                raise AssertionError(f"{at.path}: {name} offers {form.options[name]}, not {v}")
            values[name] = v
        pairs = [(k, x) for k, v in values.items() for x in v]
        if _button:
            pairs.append(_button)
        return self.fetch("POST", form.action or at.path, pairs)

    def record(self, reg, **fields):
        """A new record by its form: the page that follows."""
        return self.post(self.page(f"/r/{reg}/new"), f"/r/{reg}", **fields)

    def edit(self, reg, id, **fields):
        return self.post(self.page(f"/r/{reg}/{id}/edit"), f"/r/{reg}/{id}", **fields)

    def step(self, reg, id, move, **fields):
        """A move by its button or its form."""
        at = self.page(f"/r/{reg}/{id}")
        action = f"/r/{reg}/{id}/move/{move}"
        if action in at.links or (fields and at.status == 200 and any(f.action.endswith(action) for f in at.forms)):
            at = self.page(action)  # also where it is one tap: its day may be another than today
        return self.post(at, action, **fields)

    def try_step(self, reg, id, move, **fields):
        """A move sent although no button offers it."""
        csrf = self.page("/password").form("/password").values["_csrf"][0]
        version = self.get(reg, id)[1].get("version", 1)
        return self.fetch("POST", f"/r/{reg}/{id}/move/{move}", {"_csrf": csrf, "_version": version, **fields})

    def offers(self, reg, id):
        """The moves that the record's page offers."""
        at = self.page(f"/r/{reg}/{id}")
        found = [f.action for f in at.forms] + at.links
        return {m.group(1) for a in found for m in [re.search(r"/move/(\w+)$", a)] if m}

    def history(self, reg, id):
        return self.page(f"/r/{reg}/{id}").part("<ol class=history")

    # JSON
    def api(self, method, path, body=None, **headers):
        if not self.token:
            status, text, _ = send("POST", "/api/v1/session",
                                   json.dumps({"login": self.login, "password": self.password}),
                                   {"Content-Type": "application/json"})
            assert status == 201, (self.login, status, text)
            self.token = json.loads(text)["token"]
        h = {"Authorization": "Bearer " + self.token, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if body is not None:
            h["Content-Type"] = "application/json"
            body = json.dumps(body)
        status, text, self.headers = send(method, urllib.parse.quote(path, safe="/?&=%.,()*:+-_!\"{}"), body, h)
        return status, json.loads(text) if text else {}

    def create(self, reg, **fields):
        """A new record by the interface: its id."""
        status, r = self.try_create(reg, **fields)
        assert status == 201, (reg, fields, status, r)
        return r["id"]

    def try_create(self, reg, **fields):
        return self.api("POST", f"/api/v1/{reg}", fields, Idempotency_Key=str(uuid.uuid4()))

    def get(self, reg, id, query=""):
        return self.api("GET", f"/api/v1/{reg}/{id}{query}")

    def row(self, reg, id):
        status, r = self.get(reg, id)
        assert status == 200, (self.login, reg, id, status, r)
        return r

    def list(self, reg, query=""):
        status, rows = self.api("GET", f"/api/v1/{reg}{query}")
        assert status == 200, (self.login, reg, query, status, rows)
        return rows

    def patch(self, reg, id, version, **fields):
        return self.api("PATCH", f"/api/v1/{reg}/{id}", fields, If_Match=f'"{version}"')

    def move(self, reg, id, move, **fields):
        return self.api("POST", f"/api/v1/{reg}/{id}/moves/{move}", fields, Idempotency_Key=str(uuid.uuid4()))

    def moved(self, reg, id, move, **fields):
        status, r = self.move(reg, id, move, **fields)
        check(f"{reg}: {move}", 200, status)
        return r.get("state", r)

    def withdraw(self, reg, id, reason):
        version = self.get(reg, id)[1].get("version", 1)
        return self.api("DELETE", f"/api/v1/{reg}/{id}", {"reason": reason}, If_Match=f'"{version}"')


# --- numbers

YEAR = ("2026-01-01", "2026-12-31")


def command(*args):
    p = subprocess.run([LINLI, *args, "--data", DATA, "--json"], capture_output=True, text=True)
    assert p.returncode == 0, (args, p.returncode, p.stdout, p.stderr)
    return json.loads(p.stdout)


def figures(unit, span=YEAR):
    """All figures of a unit, by name."""
    got = command("figures", "--unit", unit, "--from", span[0], "--to", span[1])["figures"]
    return {f["name"]: f for f in got}


def behind(name, unit, span=YEAR, slice=None):
    """The records behind a number."""
    more = ["--slice", slice] if slice else []
    return command("records", "--figure", name, "--unit", unit, "--from", span[0], "--to", span[1], *more)


def value(f):
    return None if f["value"] is None else float(f["value"])


def expected_of(f, rows, all):
    """What a number must be, counted from the rows that it opens."""
    kind = f["kind"]
    if kind in ("persons", "distinct"):
        return len({r["key"] for r in rows})
    if kind in ("times", "hours", "amount"):
        return round(sum(r["amount"] for r in rows), 2)
    if kind == "ratio":
        return None
    if kind == "stock" and f["name"] == "unit.households":
        return sum(r["amount"] for r in rows)
    return len(rows)


def opens(names, unit, span=YEAR):
    """Each of these numbers is what its records say, on the command line and on its page; slices add up to it."""
    now = figures(unit, span)
    for name in names:
        f = now[name]
        rows = behind(name, unit, span)
        want = expected_of(f, rows, now)
        if want is not None and f["value"] is not None:
            check(f"{name} at {unit} is what its records say", float(want), value(f))
        if f["value"] is None:
            check(f"{name} at {unit}: a gap opens nothing", 0, len(rows))
        for s in f.get("slices", []):
            check(f"{name} at {unit}, slice {s['slice']}: its records", s["records"],
                  len(behind(name, unit, span, s["slice"])))
        if f.get("slices") and f["kind"] in ("records", "times", "stock"):
            check(f"{name} at {unit}: slices add up", value(f), float(sum(s["value"] for s in f["slices"])))


def shown(person, name, unit, span=YEAR):
    """The number as its page shows it, and how many rows stand beneath it."""
    p = person.page(f"/figures/{name}/records?unit={unit}&from={span[0]}&to={span[1]}")
    assert p.status == 200, (name, p.status, p.text[:300])
    m = re.search(r"<b class=num>([^<]*)</b>", p.html)
    body = p.html[p.html.find("<tbody>"):]
    return html.unescape(m.group(1)), len(re.findall(r"<tr>", body))


class Growth:
    """What changed in the numbers of a unit since now."""

    def __init__(self, unit, span=YEAR):
        self.unit, self.span, self.was = unit, span, figures(unit, span)

    def check(self, **more):
        """name__part=amount: by how much each has grown; ratios say what they are now."""
        now = figures(self.unit, self.span)
        for name, want in more.items():
            name = name.replace("__", ".")
            got = (value(now[name]) or 0) - (value(self.was[name]) or 0)
            check(f"{name} at {self.unit} has grown", float(want), round(got, 6))
        opens([n.replace("__", ".") for n in more], self.unit, self.span)
        return now


# --- the place: who is who, and what things are called

_codes = {}


def unit(code):
    if not _codes:
        for r in Person("admin").list("unit", "?limit=1000"):
            _codes[r["code"]] = r["id"]
    return _codes[code]


_grids = {}


def grid(code):
    if code not in _grids:
        for r in Person("admin").list("grid", "?limit=1000"):
            _grids[r["code"]] = r["id"]
    return _grids[code]


def nobody_else(reg, id, title, mine="QY"):
    """The other community's worker neither sees, lists, finds, changes nor moves a record."""
    other = Person("other")
    check(f"{reg}: the other community does not see it", 404, other.get(reg, id)[0])
    check(f"{reg}: nor its page", 404, other.page(f"/r/{reg}/{id}").status)
    check(f"{reg}: nor its form", 404, other.page(f"/r/{reg}/{id}/edit").status)
    check(f"{reg}: nor changes it", 404, other.patch(reg, id, 1)[0])
    check(f"{reg}: nor withdraws it", 404, other.withdraw(reg, id, "不是我们的")[0])
    silent(f"{reg}: nor lists it", title, other.page(f"/r/{reg}?unit={mine}").text)
    silent(f"{reg}: nor finds it", title, other.page(f"/search?q={urllib.parse.quote(title[:4])}").text)
    check(f"{reg}: nor lists it by the interface", [], [r for r in other.list(reg) if r["id"] == id])
    check(f"{reg}: nor beneath our unit", [], other.list(reg, f"?under={mine}"))
