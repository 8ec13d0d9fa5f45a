"""``python -m newscrawl.demo``: the demo edition in a browser."""

from argparse import ArgumentParser

from twisted.internet import reactor
from twisted.internet.error import CannotListenError

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pages import MIXED, Edition, layouts
from newscrawl.demo.server import address, listen


def main() -> None:
    parser = ArgumentParser(prog="python -m newscrawl.demo", description="Serve the demo edition until Ctrl-C.")
    parser.add_argument("--port", type=int, default=8080, help="0 for a free one; default: %(default)s")
    parser.add_argument("--layout", choices=[*layouts(), MIXED], default=MIXED, help="default: %(default)s")
    arguments = parser.parse_args()
    if not 0 <= arguments.port <= 65535:
        parser.error(f"--port: a number from 0 to 65535 is wanted, not {arguments.port}")
    try:
        port = listen(Edition(Newsroom.shipped(), arguments.layout), arguments.port)
    except CannotListenError as error:
        parser.exit(1, f"--port: {arguments.port} cannot be listened on: {error}\n")
    print(address(port), flush=True)
    reactor.run()  # type: ignore[misc]


if __name__ == "__main__":
    main()
