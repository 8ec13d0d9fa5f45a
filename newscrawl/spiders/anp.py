"""The sections of a portal that carry the ANP's national and foreign wire, a spider each."""

from newscrawl.spiders.section import SectionSpider


class AnpBuitenland(SectionSpider):
    """Foreign news."""

    name = "anp_buitenland"
    section = "buitenland"


class AnpBinnenland(SectionSpider):
    """Home news."""

    name = "anp_binnenland"
    section = "binnenland"


class AnpPolitiek(SectionSpider):
    """Politics."""

    name = "anp_politiek"
    section = "politiek"


class AnpFinancieel(SectionSpider):
    """Business."""

    name = "anp_financieel"
    section = "financieel"


class AnpSport(SectionSpider):
    """Sports other than football."""

    name = "anp_sport"
    section = "sport"


class AnpVoetbal(SectionSpider):
    """Football."""

    name = "anp_voetbal"
    section = "voetbal"
