"""Check the types of the pages' scripts, as their JSDoc comments state them, with TypeScript.

The checker comes from the npm registry, pinned in ``package-lock.json``, into ``node_modules``.
Without Node there is nothing to check with: on CI that is a failure, elsewhere a remark.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "labeling" / "static" / "labeling"
LOCK = ROOT / "package-lock.json"
INSTALLED = ROOT / "node_modules" / ".package-lock.json"


def checker_is_current() -> bool:
    """Say whether ``node_modules`` was installed from the lock file as it is now."""
    return INSTALLED.exists() and INSTALLED.stat().st_mtime >= LOCK.stat().st_mtime


def main() -> int:
    if not any(SCRIPTS.rglob("*.js")):
        return 0
    if shutil.which("node") is None or shutil.which("npm") is None:
        print("The scripts were not checked: Node.js (node and npm) is not installed.", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    if not checker_is_current():
        subprocess.run(["npm", "ci", "--silent"], cwd=ROOT, check=True)
    return subprocess.run(["npx", "--no-install", "tsc", "--project", str(ROOT)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
