"""Every knob, with the reason for its value. Nothing else reads the environment."""

import os

from newscrawl.version import VERSION

BOT_NAME = "newscrawl"
SPIDER_MODULES = ["newscrawl.spiders"]
NEWSPIDER_MODULE = "newscrawl.spiders"
COMMANDS_MODULE = "newscrawl.commands"  # `crawl` checks arguments first, and its exit code follows the verdict

# --- Identity ---------------------------------------------------------------------------------------------------------

# An address or page at which the site can reach whoever runs this crawl; it becomes part of the user agent.
NEWSCRAWL_CONTACT = os.getenv("NEWSCRAWL_CONTACT", "")
USER_AGENT = f"newscrawl/{VERSION}" + (f" (+{NEWSCRAWL_CONTACT})" if NEWSCRAWL_CONTACT else "")

# --- Politeness -------------------------------------------------------------------------------------------------------

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newscrawl"  # the name a robots.txt would use, whatever the contact
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # we are guests; and pages come in the order they were asked for
CONCURRENT_REQUESTS = 1  # one site a crawl; more would only fetch pages ahead of those that matter more
DOWNLOAD_DELAY = 2  # seconds; the index changes about once a minute
DOWNLOAD_DELAY_JITTER = 0.5  # of the delay, either way: no beat that the server's other guests would feel
AUTOTHROTTLE_ENABLED = True  # a server that gets slow is asked less often
AUTOTHROTTLE_START_DELAY = 2  # seconds
AUTOTHROTTLE_MAX_DELAY = 60  # seconds
NEWSCRAWL_MAX_WAIT = 300  # seconds; a server that wants to be left alone for longer is, until the next crawl
RETRY_TIMES = 2  # a page that fails three times can wait for the next crawl
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the walk says in a line of its own what could not be fetched
COOKIES_ENABLED = False  # nothing here needs a session
METAREFRESH_ENABLED = False  # portals refresh their pages for readers; a crawl would never get past the first
REDIRECT_MAX_TIMES = 5  # an address that leads on more often leads nowhere

# --- Safety -----------------------------------------------------------------------------------------------------------

DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default in Scrapy: anybody on the way could write the news
DOWNLOAD_TIMEOUT = 30  # seconds
DOWNLOAD_MAXSIZE = 20 * 1024 * 1024  # bytes; the largest page of the site is far below one megabyte
DOWNLOAD_WARNSIZE = 5 * 1024 * 1024  # bytes
REMOTE_CONTROL_ENABLED = False  # Scrapy 2.19 opens an HTTP server that executes code unless told not to
TELNETCONSOLE_ENABLED = False  # a console on an open port has no place on a server
MEMUSAGE_LIMIT_MB = 1024  # a crawl that needs more is broken, and ends before the machine does

# --- The road ---------------------------------------------------------------------------------------------------------

DOWNLOADER_MIDDLEWARES = {
    "newscrawl.middlewares.stay_on_site.StayOnSite": 50,  # before robots.txt is asked for: not even that, elsewhere
    "newscrawl.demo.server.ServeDemo": 90,
    "newscrawl.middlewares.honour_retry_after.HonourRetryAfter": 560,  # sees an answer before Scrapy's own retries do
    "newscrawl.middlewares.ask_nothing_more.AskNothingMore": 950,  # last: what waited for anything before it is met too
}
ITEM_PIPELINES = {
    "newscrawl.pipelines.require_fields.RequireFields": 100,  # first: what is invalid must not claim a name or a time
    "newscrawl.pipelines.resolve_times.ResolveTimes": 200,  # from here on nothing may wait: the ledger is locked
    "newscrawl.pipelines.dedupe.Dedupe": 300,  # behind ResolveTimes: what is dropped has told its time
    "newscrawl.pipelines.write_json_lines.WriteJsonLines": 400,
}
EXTENSIONS = {
    "newscrawl.extensions.run_report.WriteRunReport": 100,
    "newscrawl.extensions.progress.ShowProgress": 200,  # behind the report, which it shows at the end
}
CONCURRENT_ITEMS = 8  # Scrapy starts this many tasks for every page, however few items it gives
FEED_EXPORT_ENCODING = "utf-8"  # for whoever adds `-o`

# --- Logs -------------------------------------------------------------------------------------------------------------

LOG_LEVEL = "INFO"
STATS_DUMP = False  # the run report has the figures, and a line of the log the most telling of them
LOG_FORMATTER = "newscrawl.extensions.quiet_log.QuietLogFormatter"  # no article text in logs

# --- Ours -------------------------------------------------------------------------------------------------------------

# Where everything is written; absolute on a server: Scrapyd's working directory is not ours.
NEWSCRAWL_OUTPUT_DIR = os.getenv("NEWSCRAWL_OUTPUT_DIR", "output")
# Where the ledger is: empty for ledger.sqlite3 in the output folder, or postgresql://USER:PASSWORD@HOST/DATABASE for
# several machines that share one memory.
NEWSCRAWL_LEDGER = os.getenv("NEWSCRAWL_LEDGER", "")
NEWSCRAWL_ARCHIVE = os.getenv("NEWSCRAWL_ARCHIVE") or "0"  # 1 keeps every page of a crawl as a WARC, to be read again
NEWSCRAWL_MAX_FAILED_SHARE = 0.2  # of all requests; a crawl that lost more is degraded
NEWSCRAWL_MAX_UNREAD_SHARE = 0.2  # of all times shown, and of all pages; a crawl that could not read more is degraded
