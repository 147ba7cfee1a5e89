# SPDX-License-Identifier: Apache-2.0
"""The examples of doc/api.md, run: every fenced sh block in one shell, each command's output compared with the "# →"
line beneath it, where … stands for anything."""
import os
import re
import subprocess

from lib import PORT, Growth, Person, check, finish

with open(os.path.join(os.path.dirname(__file__), "../../doc/api.md"), encoding="utf-8") as f:
    blocks = re.findall(r"^```sh\n(.*?)^```", f.read(), re.S | re.M)
check("the document has examples", True, len(blocks) >= 5)

# A command ends where its "# →" line stands: there its number is printed.
script, expected = ["set -u"], []
for line in "".join(blocks).splitlines():
    if line.startswith("# → "):
        expected.append(line[4:])
        script.append(f"echo '=={len(expected)}=='")
    else:
        script.append(line)
check("their output is told", True, len(expected) >= 10)
worker = Person("worker")
# the requests of other scenarios of that day do not count
before = Growth("QY", ("2026-03-02", "2026-03-02")).was["request.received"]["value"] or 0
p = subprocess.run(["bash", "-c", "\n".join(script)], capture_output=True, text=True,
                   env={**os.environ, "BASE": f"http://127.0.0.1:{PORT}/api/v1", "UNIT": "QY", "LOGIN": "worker",
                        "PASSWORD": worker.password})
check("they run", (0, ""), (p.returncode, p.stderr))
parts = re.split(r"^==\d+==\n", p.stdout, flags=re.M)
check("each prints", len(expected), len(parts) - 1)
for want, got in zip(expected, parts):
    if '"value":1' in want:
        want = want.replace('"value":1', f'"value":{before + 1}')
    pattern = ".*".join(re.escape(piece) for piece in want.split("…"))
    check(want[:60], True, re.fullmatch(pattern, got.strip(), re.S) is not None or got.strip())
finish()
