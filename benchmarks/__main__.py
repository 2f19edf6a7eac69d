"""``python -m benchmarks``: prepare the environment, measure everything once, write the report."""

import subprocess
import sys

from benchmarks.environment import ROOT, prepare


def main() -> int:
    """Run ``benchmarks.run`` with the peers' interpreter, handing every argument on."""
    try:
        python = prepare()
    except subprocess.CalledProcessError as failure:
        print(f"the benchmark environment could not be installed: {failure}", file=sys.stderr)
        return 2
    command = [str(python), "-m", "benchmarks.run", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
