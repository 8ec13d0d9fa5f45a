"""A process that has loaded what a crawl needs, and forks one of its own for each crawl; several may run at once.

Most of the time of a short crawl goes into loading Scrapy and Twisted. Each crawl is the command line as it is, in a
fresh process: nothing has run in it but imports, and neither settings nor reactor are among them.
"""

import json
import os
import pkgutil
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import scrapy.cmdline
from scrapy.settings import default_settings

import newscrawl

TIMEOUT = 120  # seconds for one crawl
NOT_YET = {"newscrawl.settings", "newscrawl.demo.__main__"}  # settings read the environment, and each crawl has its own


def load() -> None:
    """Load what a crawl would load."""
    components = (
        *default_settings.DOWNLOADER_MIDDLEWARES_BASE,
        *default_settings.EXTENSIONS_BASE,
        *default_settings.SPIDER_MIDDLEWARES_BASE,
        default_settings.DOWNLOAD_HANDLERS_BASE["http"],
    )
    others = ("scrapy.commands.crawl", "scrapy.core.engine", "aiohttp", "rich.live", "rich.table")
    drivers = [name for name in ("psycopg",) if find_spec(name)]  # a ledger loads the one that it needs
    for name in (*others, *drivers, *(path.rpartition(".")[0] for path in components)):
        import_module(name)
    for module in pkgutil.walk_packages(newscrawl.__path__, "newscrawl."):
        if module.name not in NOT_YET:
            import_module(module.name)
    if "twisted.internet.reactor" in sys.modules or "newscrawl.settings" in sys.modules:
        raise RuntimeError("a crawl has to choose its reactor and read its settings by itself")


def crawl(arguments: list[str], folder: str, environment: dict[str, str], stderr: str) -> None:
    """Become `scrapy` with these *arguments*; does not return."""
    signal.alarm(TIMEOUT)
    for number, path in ((0, os.devnull), (1, os.devnull), (2, stderr)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["scrapy", *arguments]
    scrapy.cmdline.execute()


def attend(arguments: list[str], folder: str, environment: dict[str, str], stderr: str, answer: str) -> None:
    """Fork a crawl. Tell *answer*, a named pipe, its process id, and at its end its exit code, a line each."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        return crawl(arguments, folder, environment, stderr)
    with Path(answer).open("w") as pipe:
        print(pid, file=pipe, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), file=pipe)
    return None


def main() -> None:
    """Read a line of JSON for each crawl."""
    sys.path[0] = str(Path(__file__).parent.parent)
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who attend
    for line in sys.stdin:
        if os.fork() == 0:
            return attend(**json.loads(line))
    return None


if __name__ == "__main__":
    main()
