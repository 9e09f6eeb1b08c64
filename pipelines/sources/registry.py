"""The list of all sources. A source needs an entry here, a suite and a staging model."""

from collections.abc import Mapping

from pipelines.sources.alipay_business_bills import ALIPAY_BUSINESS_BILLS
from pipelines.sources.alipay_gongyi_donations import ALIPAY_GONGYI_DONATIONS
from pipelines.sources.campaign_entries import CAMPAIGN_ENTRIES
from pipelines.sources.campaigns import CAMPAIGNS
from pipelines.sources.claim_checks import CLAIM_CHECKS
from pipelines.sources.community_funds import COMMUNITY_FUNDS
from pipelines.sources.community_org_counts import COMMUNITY_ORG_COUNTS
from pipelines.sources.community_program_applicants import COMMUNITY_PROGRAM_APPLICANTS
from pipelines.sources.contract import Source
from pipelines.sources.county_lists import COUNTY_LISTS
from pipelines.sources.county_org_survey import COUNTY_ORG_SURVEY
from pipelines.sources.donation_notices import DONATION_NOTICES
from pipelines.sources.huoshui_enrollments import HUOSHUI_ENROLLMENTS
from pipelines.sources.incidents import INCIDENTS
from pipelines.sources.observation_points import OBSERVATION_POINTS
from pipelines.sources.offline_gifts import OFFLINE_GIFTS
from pipelines.sources.org_annual_reports import ORG_ANNUAL_REPORTS
from pipelines.sources.organization_renames import ORGANIZATION_RENAMES
from pipelines.sources.organizations import ORGANIZATIONS
from pipelines.sources.project_outputs import PROJECT_OUTPUTS
from pipelines.sources.published_claims import PUBLISHED_CLAIMS
from pipelines.sources.repayments import REPAYMENTS
from pipelines.sources.review_chains import REVIEW_CHAINS
from pipelines.sources.review_records import REVIEW_RECORDS
from pipelines.sources.tencent_behaviors import TENCENT_BEHAVIORS
from pipelines.sources.tencent_disclosures import TENCENT_DISCLOSURES
from pipelines.sources.tencent_donations import TENCENT_DONATIONS
from pipelines.sources.tencent_matching import TENCENT_MATCHING
from pipelines.sources.tencent_progress import TENCENT_PROGRESS
from pipelines.sources.tencent_projects import TENCENT_PROJECTS
from pipelines.sources.tencent_teams import TENCENT_TEAMS
from pipelines.sources.training_attendance import TRAINING_ATTENDANCE
from pipelines.sources.trainings import TRAININGS
from pipelines.sources.villages import VILLAGES
from pipelines.sources.wechat_fundflow_bills import WECHAT_FUNDFLOW_BILLS
from pipelines.sources.wechat_trade_bills import WECHAT_TRADE_BILLS

SOURCES: Mapping[str, Source] = {
    s.name: s
    for s in (
        TENCENT_DONATIONS,
        TENCENT_PROJECTS,
        TENCENT_MATCHING,
        TENCENT_TEAMS,
        TENCENT_BEHAVIORS,
        TENCENT_DISCLOSURES,
        TENCENT_PROGRESS,
        ALIPAY_GONGYI_DONATIONS,
        ORGANIZATIONS,
        ORGANIZATION_RENAMES,
        ORG_ANNUAL_REPORTS,
        TRAININGS,
        TRAINING_ATTENDANCE,
        COUNTY_ORG_SURVEY,
        CAMPAIGNS,
        CAMPAIGN_ENTRIES,
        COUNTY_LISTS,
        REVIEW_CHAINS,
        REVIEW_RECORDS,
        HUOSHUI_ENROLLMENTS,
        COMMUNITY_PROGRAM_APPLICANTS,
        COMMUNITY_FUNDS,
        OBSERVATION_POINTS,
        COMMUNITY_ORG_COUNTS,
        VILLAGES,
        DONATION_NOTICES,
        OFFLINE_GIFTS,
        REPAYMENTS,
        PROJECT_OUTPUTS,
        INCIDENTS,
        PUBLISHED_CLAIMS,
        CLAIM_CHECKS,
        WECHAT_TRADE_BILLS,
        WECHAT_FUNDFLOW_BILLS,
        ALIPAY_BUSINESS_BILLS,
    )
}


def source(name: str) -> Source:
    """The declared source of that name. Raises KeyError naming those that exist."""
    try:
        return SOURCES[name]
    except KeyError:
        raise KeyError(f"no source {name!r}; known: {', '.join(SOURCES)}") from None
