"""What `juandi metric` answers is what marts say, and a join multiplies nothing.

Two releases: a generated sample, and the small landing of `figures`, whose project has two
versions, whose counties have old, new and split codes, and whose refunds are odd.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import pytest
from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
from typer.testing import CliRunner

from pipelines.cli.main import app
from pipelines.metrics.declared import declared
from pipelines.metrics.queries import _engine
from pipelines.settings import Settings
from pipelines.stages.build.project import semantic_manifest
from tests.flow.conftest import Released, published

Row = dict[str, Any]
Ask = Callable[..., list[Row]]

#: Metric, what it is grouped by, and the mart's answer: the group's columns, then the figure.
AGREE = (
    ("gross_cny", "campaign", "campaign_id, gross_cny from marts.campaign_summary"),
    ("refunded_cny", "campaign", "campaign_id, refunded_cny from marts.campaign_summary"),
    ("net_cny", "campaign", "campaign_id, net_cny from marts.campaign_summary"),
    ("unknown_net_cny", "campaign", "campaign_id, unknown_net_cny from marts.campaign_summary"),
    ("gifts", "campaign", "campaign_id, donation_count from marts.campaign_summary"),
    ("donors", "campaign", "campaign_id, donor_count from marts.campaign_summary"),
    ("mean_gift_cny", "campaign", "campaign_id, avg_cny from marts.campaign_summary"),
    ("matching_cny", "campaign", "campaign_id, matching_cny from marts.campaign_summary"),
    ("offline_cny", "campaign", "campaign_id, offline_cny from marts.campaign_summary"),
    ("spending_ratio", "organization,year",
        "uscc, year, spending_ratio_last_year from marts.org_ratio_compliance"
        " where basis is not null"),
    ("management_ratio", "organization,year",
        "uscc, year, management_ratio from marts.org_ratio_compliance"),
    ("entries", "campaign", "campaign_id, entries from marts.campaign_summary"),
    ("admission_rate", "campaign", "campaign_id, admission_rate from marts.campaign_summary"),
    ("counties_covered", "campaign", "campaign_id, counties_covered from marts.campaign_summary"),
    ("admitted_organizations", "campaign",
        "campaign_id, organizations from marts.campaign_summary"),
    ("known_county_cny", "campaign",
        "campaign_id, of_known_county_cny from marts.campaign_summary"),
    ("own_county_share", "campaign", "campaign_id, own_county_share from marts.campaign_summary"),
    ("small_gift_share", "campaign,year",
        "campaign_id, year, share_10_yuan_or_less from marts.giving_day_yearly"),
    ("companies", "campaign,year", "campaign_id, year, companies from marts.giving_day_yearly"),
    ("projects_with_gifts", "campaign,year",
        "campaign_id, year, projects from marts.giving_day_yearly"),
    ("organizations_with_gifts", "campaign,year",
        "campaign_id, year, charities from marts.giving_day_yearly"),
    ("net_cny", "campaign,day", "campaign_id, date_day, net_cny from marts.campaign_daily"),
    ("donors", "campaign,day", "campaign_id, date_day, donor_count from marts.campaign_daily"),
    ("gross_cny", "year,donor_band,band",
        "year, donor_band, project_band, gross_cny from marts.regional_flow"),
    ("donors", "year,donor_band,band",
        "year, donor_band, project_band, donor_count from marts.regional_flow"),
    ("small_gifts", "campaign",
        "scope_id, donation_count from marts.donation_sizes where scope_type = 'campaign' and "
        "up_to_cny = 10"),
    ("large_gifts_cny", "campaign",
        "scope_id, gross_cny from marts.donation_sizes where scope_type = 'campaign' and "
        "above_cny = 100000"),
    ("company_matching_cny", "campaign",
        "campaign_id, sum(corporate_cny) from marts.matching_summary group by campaign_id"),
    ("net_cny", "organization,year", "uscc, year, raised_cny from marts.org_growth"),
    ("donors", "organization,year", "uscc, year, donor_count from marts.org_growth"),
    ("donors_of_earlier_years", "year",
        "year, sum(donors) from marts.donor_retention where years_since > 0 group by year"),
    ("net_cny", "project", "project_no, net_cny from marts.project_card"),
    ("participations", "project",
        "project_no, participations from marts.project_card where parent_project_no is null"),
    ("raised_of_target", "project",
        "project_no, raised_to_target from marts.project_card where parent_project_no is null"),
    ("review_completeness", "project", "project_no, review_completeness from marts.project_card"),
    ("blocking_gaps", "chain,level",
        "chain_id, level_no, blocking_gaps from marts.audit_completeness where blocking_gaps > 0"),
    ("complete_subject_share", "chain",
        "chain_id, round(avg(is_complete::int), 6)::decimal(9, 6) from marts.audit_subjects "
        "where is_judged group by chain_id"),
    ("gap_days", "gap_type", "gap_type, sum(days_open) from marts.audit_gaps group by gap_type"),
    ("duties_on_time", "duty",
        "duty, count(*) filter (status = 'done') from marts.disclosure_compliance where duty "
        "not like 'period%' group by duty"),
    ("settlement_difference_cny", "bill_source,bill_family,day,bill_line_kind,match_status",
        "bill_source, bill_family, bill_date, line_kind, match_status, difference_cny from "
        "marts.settlement_reconciliation"),
    ("settlement_lines", "bill_source,bill_family,day,bill_line_kind,match_status",
        "bill_source, bill_family, bill_date, line_kind, match_status, line_count from "
        "marts.settlement_reconciliation"),
)  # fmt: skip # a table
LEFT_OUT = {"campaign": "campaign!=none", "project": "project_name!=unknown"}
#: Figures that add up over whatever they are grouped by.
ADDITIVE = (
    *("gifts", "gross_cny", "matching_cny", "behavior_participations", "notice_cny", "entries"),
    *("levels_required", "open_gaps", "reviews", "duties_due", "settlement_lines"),
    *("offline_cny", "total_spending_cny"),
)


@pytest.fixture(scope="module", params=["sample", "figures"])
def settings(
    request: pytest.FixtureRequest, released: Callable[[str], Released], figures: Settings
) -> Settings:
    return figures if request.param == "figures" else released("some").settings


@pytest.fixture(scope="module")
def release(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with published(settings) as connection:
        yield connection


@pytest.fixture(scope="module")
def ask(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """The rows that the command prints as JSON, of a copy that nobody in this process has open."""
    alone = tmp_path_factory.mktemp("alone")
    shutil.copy(settings.published, alone)

    @cache
    def get(names: str, by: str = "", *where: str) -> list[Row]:
        conditions = [word for one in where for word in ("--where", one)]
        done = CliRunner().invoke(
            app,
            ["metric", names, "--by", by, *conditions, "--json"],
            env={"JUANDI_WAREHOUSE": str(alone)},
            catch_exceptions=False,
        )
        assert done.exit_code == 0, done.output
        rows: list[Row] = json.loads(done.stdout)["rows"]
        return rows

    return get


@pytest.mark.parametrize(("name", "groups", "mart"), AGREE, ids=str)
def test_a_metric_is_what_its_mart_says(
    name: str, groups: str, mart: str, ask: Ask, release: duckdb.DuckDBPyConnection
) -> None:
    """In every group that either of them has a figure for."""
    by = groups.split(",")
    # marts have no row for gifts in no campaign, nor for projects that no export has
    where = [LEFT_OUT[part] for part in by if part in LEFT_OUT]
    answered = {
        tuple(str(row[part]) for part in by): None if row[name] is None else Decimal(row[name])
        for row in ask(name, groups, *where)
    }
    said = {
        tuple(map(str, row[:-1])): None if row[-1] is None else Decimal(row[-1])
        for row in release.execute(f"select {mart}").fetchall()
    }
    differing = {
        group: (answered.get(group), said.get(group))
        for group in answered.keys() | said.keys()
        # where only one has the group, nothing was counted in it
        if (answered[group] != said[group] if group in answered and group in said
            else answered.get(group) or said.get(group))
    }  # fmt: skip # a condition as one reads it
    assert not differing


def test_enough_of_them_were_compared_on_figures(
    ask: Ask, release: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    """Two empty answers agree too: most of the above have figures in each release."""
    compared = [
        metric
        for metric, groups, _ in AGREE
        if any(Decimal(row[metric] or 0) for row in ask(metric, groups))
    ]
    assert len(compared) > 20


def test_a_ratio_is_what_metricflow_divides(
    ask: Ask, release: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    """To the digits of a float: exact division changes nothing else."""
    ratios = [metric for metric in declared().metrics.values() if metric.denominator]
    with semantic_manifest(settings) as manifest:
        asked = MetricFlowQueryRequest.create(metric_names=[ratio.name for ratio in ratios])
        sql = _engine(manifest).explain(asked).sql_statement.sql
    answer = release.execute(sql)
    names = [column[0] for column in answer.description or ()]
    [floats] = answer.fetchall()
    for name, value in zip(names, floats, strict=True):
        [exact] = ask(name)
        if value is None:
            assert exact[name] is None, name
        else:
            assert float(exact[name]) == pytest.approx(value, abs=0.005), name


@pytest.mark.parametrize("metric", ADDITIVE)
def test_no_dimension_multiplies_rows(metric: str, ask: Ask) -> None:
    """Old versions of projects, old names of regions: grouped by anything, the sum is the same."""
    known = declared()
    [whole] = ask(metric)
    for name in known.dimensions([known.metric(metric)]):
        rows = ask(metric, name)
        assert sum(Decimal(row[metric]) for row in rows if row[metric] is not None) == Decimal(
            whole[metric] or 0
        ), name
        assert len({row[name] for row in rows}) == len(rows), name
