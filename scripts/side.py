"""Prints which side `make site` needs, `build` or `run`, and says on standard error why."""

import json
import subprocess
import sys

status = [sys.executable, "-m", "bifolio", "status", "--profile", "cpu", "--json"]
asked = subprocess.run(status, stdout=subprocess.PIPE, text=True)
if not asked.stdout:
    sys.exit(asked.returncode)  # it has said why
rows = json.loads(asked.stdout)
for row in (row for row in rows if row["state"] == "broken"):
    print("{experiment} is broken: {reason}".format(**row), file=sys.stderr)
waiting = [row for row in rows if row["state"] not in ("fresh", "broken")]
if waiting:
    first = "{experiment} is {state}: {reason}".format(**waiting[0])
    print(f"what measures is needed too, for {len(waiting)} of {len(rows)} experiments: {first}", file=sys.stderr)
    print("run")
else:
    print("no result is stale or missing: only what builds the site is needed", file=sys.stderr)
    print("build")
