#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Labels from the marked sentences of test/data/quantity, and how well a program reads them.

    tools/quantity_measure.py labels tuned|held OUT          writes OUT/KIND.txt and OUT/KIND.json
    tools/quantity_measure.py score LINLI [tuned|held] [-v]   runs LINLI verify --json on each file and counts

strict: span with an IoU of at least 0.5, value, upper bound and unit equal, one to one. The marks are described in
test/data/quantity/README; every third sentence of a file is held out.
"""
import json, pathlib, re, subprocess, sys, tempfile, unicodedata

DATA = pathlib.Path(__file__).resolve().parent.parent / "test/data/quantity"
MARK = re.compile(r"<(\??)([^<>|]*)\|([^<>]*)>|\{([^{}]*)\}")


def reading(text):
    value, _, unit = text.partition(" ")
    low, _, high = value.partition("~")
    return (None if low == "-" else float(low), float(high) if high else None, unit.strip())


def other_spans(text, start):
    """A rate from 每 on or its number alone; a unit without the reading that follows it."""
    spans, claim = [], text[start:]
    if claim.startswith("每"):
        number = re.search(r"[0-9０-９.]+[^0-9０-９]*$|[一二三四五六七八九十两半百千]+[^一二三四五六七八九十两半百千]*$", claim)
        spans += [[start + number.start(), len(text)]] if number else []
    else:
        each = re.search(r"每[^，。、；]{1,10}$", text[:start])
        spans += [[each.start(), len(text)]] if each else []
    reading = re.search(r"\([^)]*\)$", claim)
    spans += [[start, len(text) - len(reading.group())]] if reading else []
    return spans


def parse(line):
    """A marked line -> (text, claims, not_claims), offsets within the text."""
    line = line.replace("\\n", "\n").replace("\\t", "\t")
    text, claims, traps, at = "", [], [], 0
    for m in MARK.finditer(line):
        text += line[at:m.start()]
        at = m.end()
        start = len(text)
        if m.group(4) is not None:
            text += m.group(4)
            traps.append({"start": start, "end": len(text), "text": m.group(4), "why": "mark"})
            continue
        text += m.group(2)
        ways = [reading(w) for w in re.split(r"/(?=[-\d])", m.group(3))]
        c = {"start": start, "end": len(text), "text": m.group(2), "value": ways[0][0], "upper": ways[0][1],
             "modifier": "exact", "unit": ways[0][2], "counted": "", "kind": "count"}
        if len(ways) > 1:
            c["value_alt"] = [w[0] for w in ways[1:]]
            c["unit_alt"] = [w[2] for w in ways[1:]]
        if m.group(1):
            c["optional"] = "mark"
        c["alt"] = other_spans(text, start)
        claims.append(c)
    return text + line[at:], claims, traps


def sentences(path, half):
    lines = [s for s in path.read_text(encoding="utf-8").split("\n") if s and not s.startswith("#")]
    return [s for i, s in enumerate(lines) if (i % 3 == 2) == (half == "held")]


def document(path, half):
    text, claims, traps = "", [], []
    for s in sentences(path, half):
        t, c, n = parse(s)
        for x in c + n:
            x["start"] += len(text)
            x["end"] += len(text)
            x["alt"] = [[a + len(text), b + len(text)] for a, b in x.get("alt", [])]
        text += t.rstrip("\n") + "\n\n"
        claims += c
        traps += n
    return text, {"type": path.stem, "source": path.stem + ".txt", "claims": claims, "not_claims": traps}


def write(out, half):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted(DATA.glob("*.txt")):
        text, labels = document(path, half)
        (out / path.name).write_bytes(text.encode())
        (out / (path.stem + ".json")).write_text(json.dumps(labels, ensure_ascii=False, indent=1), encoding="utf-8")


def norm(unit):
    unit = re.sub(r"\s", "", unicodedata.normalize("NFKC", unit or ""))
    for many, times in (("万", 1e4), ("亿", 1e8)):
        if unit.startswith(many):
            return unit[1:], times
    return (unit[1:] if unit.startswith("个") and len(unit) > 1 else unit), 1.0


def near(a, b):
    return (a is None) == (b is None) and (a is None or abs(abs(a) - abs(b)) <= 1e-6 * max(abs(a), abs(b)) + 1e-12)


def right(gold, got):
    if gold["value"] is None:
        return True
    if got["value"] is None:
        return False
    ways = [(gold["value"], gold["upper"], gold["unit"])]
    ways += [(v, None, u) for v, u in zip(gold.get("value_alt", []), gold.get("unit_alt", []))]
    unit, times = norm(got["unit"])
    return any(norm(u)[0] == unit and near(v * norm(u)[1], got["value"] * times) and
               (h is None or near(h * norm(u)[1], (got["upper"] or 0) * times)) for v, h, u in ways)


def overlap(gold, got):
    best = 0
    for start, end in [(gold["start"], gold["end"])] + gold.get("alt", []):
        inter = min(end, got["end"]) - max(start, got["start"])
        best = max(best, inter / (max(end, got["end"]) - min(start, got["start"])))
    return best


def judge(gold, got, say):
    """-> required, found right, predicted (optional ones left out)"""
    pairs = sorted(((right(g, p), overlap(g, p), -i, -j) for i, g in enumerate(gold["claims"])
                    for j, p in enumerate(got) if overlap(g, p) >= 0.5), reverse=True)
    gm, pm = {}, {}
    for ok, _, i, j in pairs:
        if -i not in gm and -j not in pm:
            gm[-i], pm[-j] = ok, -i
    required = [i for i, g in enumerate(gold["claims"]) if "optional" not in g]
    for i in required:
        if not gm.get(i):
            say(("wrong " if i in gm else "missed"), gold["claims"][i]["text"], gold["claims"][i]["start"])
    counted = 0
    for j, p in enumerate(got):
        idle = any("optional" in g and overlap(g, p) > 0 for g in gold["claims"])
        counted += not idle or (j in pm and "optional" not in gold["claims"][pm[j]])
        if j not in pm and not idle:
            say("false ", p["text"], p["start"])
    return len(required), sum(bool(gm.get(i)) for i in required), counted


def score(linli, halves, verbose):
    for half in halves:
        total = [0, 0, 0]
        for path in sorted(DATA.glob("*.txt")):
            text, labels = document(path, half)
            out = subprocess.run([linli, "verify", "--json", "-"], input=text.encode(), capture_output=True)
            if out.returncode not in (0, 3):
                sys.exit(out.stderr.decode())
            say = (lambda what, t, at: print(f"  {path.stem} {what} {t!r}: {text[max(0, at - 12):at + 16]!r}")) \
                if verbose else (lambda *_: None)
            row = judge(labels, json.loads(out.stdout)["claims"], say)
            total = [a + b for a, b in zip(total, row)]
            print(f"{half:6} {path.stem:12} {row[0]:4} recall {row[1] / max(1, row[0]):.3f} precision {row[1] / max(1, row[2]):.3f}")
        print(f"{half:6} {'total':12} {total[0]:4} recall {total[1] / max(1, total[0]):.4f} precision {total[1] / max(1, total[2]):.4f}")


def main():
    args = [a for a in sys.argv[1:] if a != "-v"]
    if len(args) == 3 and args[0] == "labels":
        write(args[2], args[1])
    elif len(args) >= 2 and args[0] == "score":
        score(args[1], args[2:] or ["tuned", "held"], "-v" in sys.argv)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
