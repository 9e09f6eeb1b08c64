"""The sample's release with a second campaign in it, which shares projects and the chain or not.

A third of the projects are of the sample's campaign alone, a third of the other alone, a third of
both. What the other holds bears the name `HIDDEN`, so that it can be looked for.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from pipelines.settings import Settings, load_settings

OWN, OTHER, CHAIN, OTHERS_CHAIN = "scsl-2024", "99-2024", "scsl-2024-6", "chain-of-others"
HIDDEN = "别人的活动"
_PART = "hash({0}) % 3"  # 0: own, 1: the other's, 2: both
_THEIRS = _PART.format("project_no") + " = 1"
#: Facts of projects with a campaign, and what tells their rows apart.
_FACTS = {"fact_donation": "order_no", "fact_matching": "matching_no", "fact_behavior": "date_day",
          "fact_team": "team_id", "fact_offline_gift": "gift_no"}  # fmt: skip # a table
_REVIEWS = ("marts.audit_subjects", "marts.audit_matrix", "marts.audit_gaps",
            "star.fact_review_event", "star.fact_review_status")  # fmt: skip # a list
#: Marts with a row, or some, of a campaign.
_MARTS = ("marts.campaign_summary", "marts.campaign_daily", "marts.circle_fundraising",
          "marts.matching_summary", "marts.giving_day_yearly")  # fmt: skip # a list


def with_another(some: Settings, folder: Path, chain: str) -> Settings:
    """A copy, in which the other campaign uses `chain`."""
    shutil.copyfile(some.published, folder / "juandi.duckdb")
    with duckdb.connect(str(folder / "juandi.duckdb")) as release:
        statements = [
            f"UPDATE star.dim_campaign SET chain_id = '{chain}', name_zh = '{HIDDEN}'"
            f" WHERE campaign_id = '{OTHER}'",
            "INSERT INTO star.fact_campaign_entry BY NAME SELECT * REPLACE"
            f" ('{OTHER}' AS campaign_id, '{OTHER}' AS registered_campaign_id,"
            f" '{HIDDEN}' AS domain)"
            f" FROM star.fact_campaign_entry WHERE {_PART.format('project_no')} > 0",
            f"DELETE FROM star.fact_campaign_entry WHERE registered_campaign_id = '{OWN}'"
            f" AND {_THEIRS}",
            *(f"UPDATE star.{fact} SET campaign_id = '{OTHER}' WHERE campaign_id = '{OWN}'"
              f" AND ({_THEIRS}"
              f" OR ({_PART.format('project_no')} = 2 AND hash({key}) % 2 = 1))"
              for fact, key in _FACTS.items()),
            f"UPDATE star.fact_offline_gift SET registered_campaign_id = '{OTHER}'"
            f" WHERE campaign_id = '{OTHER}'",
            *(f"INSERT INTO {mart} BY NAME SELECT * REPLACE ('{OTHER}' AS campaign_id) FROM {mart}"
              f" WHERE campaign_id = '{OWN}'" for mart in _MARTS),
            f"UPDATE marts.campaign_summary SET name_zh = '{HIDDEN}' WHERE campaign_id = '{OTHER}'",
            f"UPDATE marts.giving_day_yearly SET previous_campaign_id = '{OTHER}',"
            f" previous_gross_cny = 123456.78, repeat_projects = 4321 WHERE campaign_id = '{OWN}'",
            f"INSERT INTO marts.donation_sizes BY NAME SELECT * REPLACE ('{OTHER}' AS scope_id)"
            f" FROM marts.donation_sizes WHERE scope_type = 'campaign'",
            f"UPDATE marts.giving_red_flags SET campaign_id = '{OTHER}' WHERE campaign_id = '{OWN}'"
            f" AND {_PART.format('project_no')} > 0",
            "INSERT INTO marts.disclosure_compliance BY NAME SELECT * REPLACE"
            f" ('{OTHER}' AS subject_id, '{HIDDEN}' AS subject_name)"
            " FROM marts.disclosure_compliance WHERE subject_type = 'campaign'",
            f"UPDATE marts.project_card SET name = '{HIDDEN}' WHERE {_THEIRS}",
            f"UPDATE marts.audit_subjects SET subject_name = '{HIDDEN}' WHERE chain_id = '{CHAIN}'"
            f" AND {_PART.format('subject_id')} = 1",
        ]  # fmt: skip # statements
        if chain != CHAIN:
            statements += [
                "INSERT INTO star.dim_review_level BY NAME SELECT * REPLACE"
                f" ('{chain}' AS chain_id, '{HIDDEN}' AS chain_name)"
                f" FROM star.dim_review_level WHERE chain_id = '{CHAIN}'",
                "INSERT INTO marts.audit_completeness BY NAME SELECT * REPLACE"
                f" ('{chain}' AS chain_id)"
                f" FROM marts.audit_completeness WHERE chain_id = '{CHAIN}'",
                *(f"UPDATE {table} SET chain_id = '{chain}' WHERE chain_id = '{CHAIN}'"
                  f" AND {_PART.format('subject_id')} = 1" for table in _REVIEWS),
            ]  # fmt: skip # statements
        for statement in statements:
            release.execute(statement)
    return load_settings(folder, env={})


def with_others_changed(settings: Settings, folder: Path) -> Settings:
    """The same, in which everything of the other campaign is another: amounts, rows, counts.

    What says that a project is in both campaigns stays. Tables that count over all campaigns are
    emptied, and so is what belongs to no campaign.
    """
    shutil.copyfile(settings.published, folder / "juandi.duckdb")
    theirs = f"SELECT project_no FROM star.dim_project WHERE {_THEIRS}"
    own_bodies = (
        "SELECT unnest([initiator_uscc, supporter_uscc]) FROM star.dim_project"
        f" WHERE {_PART.format('project_no')} <> 1"
        f" UNION SELECT applicant_uscc FROM star.fact_campaign_entry WHERE campaign_id = '{OWN}'"
        f" UNION SELECT host_uscc FROM star.dim_campaign WHERE campaign_id = '{OWN}'"
        " UNION SELECT reviewer_uscc FROM star.fact_review_event"
        " UNION SELECT responsible_uscc FROM marts.audit_gaps"
        " UNION SELECT initiator_uscc FROM marts.audit_subjects"
    )
    with duckdb.connect(str(folder / "juandi.duckdb")) as release:
        statements = [
            "UPDATE star.fact_donation SET amount_cny = 7, net_cny = 7"
            f" WHERE campaign_id = '{OTHER}'",
            f"DELETE FROM star.fact_donation WHERE project_no IN ({theirs})",
            "DELETE FROM star.fact_settlement WHERE order_no NOT IN"
            " (SELECT order_no FROM star.fact_donation)",
            f"DELETE FROM star.fact_settlement WHERE order_no IN"
            f" (SELECT order_no FROM star.fact_donation WHERE campaign_id = '{OTHER}')",
            *(f"DELETE FROM star.{fact} WHERE campaign_id = '{OTHER}'" for fact in _FACTS
              if fact != "fact_donation"),
            f"UPDATE star.fact_campaign_entry SET domain = 'x', applied_on = applied_on + 9"
            f" WHERE campaign_id = '{OTHER}'",
            f"DELETE FROM star.fact_campaign_entry WHERE project_no IN ({theirs})",
            *(f"DELETE FROM {mart} WHERE campaign_id = '{OTHER}'" for mart in _MARTS),
            "UPDATE marts.giving_day_yearly SET previous_gross_cny = 1, repeat_projects = 1,"
            " growth_ratio = 9, growth_rate = 8",
            f"DELETE FROM marts.donation_sizes WHERE scope_id <> '{OWN}'",
            f"DELETE FROM marts.giving_red_flags WHERE campaign_id = '{OTHER}'"
            " OR project_no IS NULL",
            f"DELETE FROM marts.disclosure_compliance WHERE subject_id = '{OTHER}'"
            f" OR subject_id IN ({theirs})",
            *(f"DELETE FROM {table} WHERE project_no IN ({theirs})" for table in (
                "marts.project_card", "marts.goal_raises", "marts.project_outputs",
                "star.fact_disclosure", "star.fact_goal_change", "star.fact_output",
                "star.fact_progress", "star.fact_project_snapshot", "star.fact_repayment")),
            "UPDATE star.dim_project SET name = 'x', target_cny = 1"
            f" WHERE project_no IN ({theirs})",
            "UPDATE marts.project_card SET gross_cny = 1, net_cny = 1, donation_count = 1,"
            " donor_count = 1, blocking_gaps = 99, review_chains = 9, reviews_complete = 9"
            f" WHERE {_PART.format('project_no')} = 2",
            f"UPDATE star.dim_organization SET name = 'x', kind = 'x' WHERE uscc NOT IN"
            f" (SELECT * FROM ({own_bodies}) b(uscc) WHERE uscc IS NOT NULL)",
            "UPDATE star.dim_campaign SET name_zh = 'x', host_name = 'x'"
            f" WHERE campaign_id <> '{OWN}'",
            *(f"DELETE FROM {table} WHERE chain_id NOT IN ('{CHAIN}', '{OTHERS_CHAIN}')"
              for table in (*_REVIEWS, "marts.audit_completeness", "star.dim_review_level")),
            *(f"DELETE FROM {table} WHERE subject_id IN ({theirs})" for table in _REVIEWS),
            f"UPDATE marts.audit_completeness SET subjects_passed = 1, subjects_in_chain = 1"
            f" WHERE chain_id <> '{CHAIN}'",
            "UPDATE ops.load_audit SET rows_read = 1, rows_loaded = 1, rows_quarantined = 1,"
            " amount_loaded_cny = 1, bytes = 1, reason = 'x'",
            "UPDATE ops.source_health SET open_quarantine = 1, refused_files = 1",
            *(f"DELETE FROM {table}" for table in (
                "ops.gate_results", "ops.quarantine", "ops.restatements", "ops.drift",
                "ops.left_out", "ops.file_pairs", "ops.archive_faults", "star.dim_donor",
                "star.fact_org_count", "star.fact_village", "star.fact_enrollment",
                "marts.donor_retention", "marts.regional_flow", "marts.org_growth",
                "marts.settlement_reconciliation", "marts.claim_check", "marts.program_coverage",
                "marts.villages", "marts.survey_findings", "marts.training_summary",
                "star.fact_survey_answer", "star.fact_training_attendance",
                "star.fact_published_claim", "star.fact_notice_donation")),
        ]  # fmt: skip # statements
        for statement in statements:
            release.execute(statement)
        chain = f"SELECT chain_id FROM star.dim_campaign WHERE campaign_id = '{OTHER}'"
        if release.execute(chain).fetchall() == [(CHAIN,)]:  # its figures are of both campaigns
            release.execute(
                "UPDATE marts.audit_completeness SET subjects_passed = 1, subjects_reviewed = 2,"
                " is_satisfied = true"
            )
    return load_settings(folder, env={})
