"""The program that `pulumi` starts for this policy pack, and its help for people who start it."""

import gc
import sys

from timestream_policies import __version__

HELP = """\
The policy pack of Timestream policies, as the server that Pulumi asks about each resource.

It is started by Pulumi:

  pulumi preview --policy-pack "$(command -v timestream-policies-pack)"

To judge state files and previews without Pulumi, use `timestream-policies check`.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.
"""


def main() -> None:
    """Answer a question of a person, or else serve the engine. The server is loaded only to serve."""
    asked = sys.argv[1:2]
    if asked in (["-h"], ["--help"]):
        sys.stdout.write(HELP)
    elif asked == ["--version"]:
        sys.stdout.write(f"timestream-policies-pack, version {__version__}\n")
    else:
        # The process ends with one preview or update, and rules leave no rings behind: looking for
        # some in thousands of messages takes a third of the time.
        gc.disable()
        from timestream_policies import server

        server.serve_until_the_engine_is_gone()
