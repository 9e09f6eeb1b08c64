"""The listings of the pages. A section for a new mart is one more line here and its two words.

    Listing("villages", "marts.villages", order="-as_of")

A table that has none can be looked at all the same, whole and with every filter: `/tables/<name>`.
"""

from __future__ import annotations

from pages.listings.listing import TABLES, Listing

_PROJECT = {"project_no": "/projects/{project_no}", "project_name": "/projects/{project_no}"}
_BODY = {"uscc": "/organizations/{uscc}", "name": "/organizations/{uscc}"}
_FILE = {"source_file_id": "/tables/load_audit?source_file_id={source_file_id}"}

LISTINGS = {
    listing.id: listing
    for listing in (
        Listing(
            "gaps", "marts.audit_gaps",
            "chain_id subject_id level_no gap_type severity detail_zh detail_en responsible_name"
            " opened_at days_open",
            "chain_id subject_id level_no severity gap_type responsible_uscc days_open>=",
            "-days_open",
            links={
                "subject_id": "/subjects/{chain_id}/{subject_id}",
                "responsible_name": "/organizations/{responsible_uscc}",
            },
        ),
        Listing(
            "reviews", "star.fact_review_event",
            "level_no round_no reviewer_name_public submitted_at decided_at days_taken decision"
            " evidence_count has_opinion is_effective record_no source_file_id source_row",
            "chain_id subject_id level_no reviewer_uscc decision",
            "submitted_at",
            links=_FILE,
        ),
        Listing(
            "duties", "marts.disclosure_compliance",
            "subject_id subject_name duty duty_no rule window_from window_to due_on done_on"
            " days_late status days",
            "subject_type subject_id duty status rule due_on<=",
            "due_on",
        ),
        Listing(
            "disclosures", "star.fact_disclosure",
            "period_from period_to published_at payout_cny management_cost_cny management_share"
            " source_file_id source_row",
            "project_no",
            "period_from",
            links=_FILE,
        ),
        Listing(
            "flags", "marts.giving_red_flags",
            "rule_zh rule_en severity project_name found_on amount_cny evidence_zh evidence_en"
            " why_zh why_en",
            "rule_id severity subject_type project_no campaign_id",
            "severity",
            links=_PROJECT,
        ),
        Listing(
            "raises", "marts.goal_raises",
            "project_no name raised_on from_cny to_cny change_cny raised_before_cny"
            " raised_since_cny is_completed completed_on review_state",
            "project_no review_state",
            "raised_on",
            links=_PROJECT,
        ),
        Listing(
            "campaign_days", "marts.campaign_daily",
            "date_day donation_count donor_count gross_cny refunded_cny net_cny cumulative_cny"
            " gifts_of_unknown_net",
            "campaign_id date_day>= date_day<=",
            "date_day",
        ),
        Listing(
            "campaigns", "marts.campaign_summary",
            "name_zh starts_on ends_on entries admitted admission_rate organizations"
            " prefectures_covered counties_covered donation_count donor_count gross_cny net_cny"
            " matching_cny",
            "campaign_id program_id starts_on>= ends_on<=",
            "-starts_on",
            links={"name_zh": "/?campaign={campaign_id}"},
        ),
        # giving
        Listing(
            "years", "marts.giving_day_yearly",
            "year name_zh donation_count participations donor_count gross_cny refunded_cny net_cny"
            " avg_cny share_10_yuan_or_less matching_cny companies charities projects growth_ratio"
            " growth_rate",
            "campaign_id year program_id",
            "-year",
        ),
        Listing(
            "sizes", "marts.donation_sizes",
            "scope_id band_zh band_en donation_count donor_count gross_cny share"
            " cumulative_share share_of_gross",
            "scope_type scope_id",
            "scope_id",
        ),
        Listing(
            "matching", "marts.matching_summary", order="campaign_id",
        ),
        Listing("circles", "marts.circle_fundraising",
            "campaign_id circle teams projects donation_count participations donor_count gross_cny"
            " goal_cny raised_cny share_of_raised raised_per_team_cny",
            "campaign_id circle",
        ),
        Listing("retention", "marts.donor_retention",
            "cohort_year year cohort_donors donors retained_share donation_count gross_cny",
            "cohort_year year",
        ),
        Listing("regions", "marts.regional_flow",
            "year donor_band project_band donation_count donor_count gross_cny share_of_year"
            " share_of_given share_of_received received_east_to_centre received_east_to_west",
            "year donor_band project_band", "-year",
        ),
        # organisations
        Listing("growth", "marts.org_growth", order="-raised_cny",
            links=_BODY),
        Listing("org_ratio_compliance", "marts.org_ratio_compliance",
            "name year band verdict spending_ratio_last_year spending_ratio_three_years"
            " min_spending_share management_ratio max_management_share charitable_spending_cny"
            " management_cost_cny total_spending_cny reason_zh reason_en",
            "uscc year verdict band", "-year",
            links=_BODY,
        ),
        # programmes and what came of them
        Listing("program_coverage", "marts.program_coverage",
            "program_id county_name province_name is_listed enrolled organizations enrolled_on"
            " seed_grant_cny seed_grant_paid_cny staff_before staff_after first_online raised_cny"
            " listed_counties list_is_complete",
            "program_id is_listed enrolled province_name", "county_code",
        ),
        Listing("project_outputs", "marts.project_outputs",
            "name output_kind period quantity unit unit_cost_cny raised_cny raised_per_unit_cny"
            " quantity_so_far is_overlapping",
            "project_no output_kind", "project_no",
            links={"name": "/projects/{project_no}"},
        ),
        Listing("claim_check", "marts.claim_check",
            "publisher published_on title metric printed_value computed_value difference unit"
            " verdict check_kind note_zh note_en",
            "verdict publisher check_kind metric", "verdict",
        ),
        # the warehouse itself
        Listing("sources", "ops.source_health", order="-hours_stale",
            links={
                "source": "/tables/files?source={source}",
                "open_quarantine": "/tables/refused_rows?source={source}&state=open",
                "refused_files": "/tables/files?source={source}&status=refused",
            },
        ),
        Listing("gates", "ops.gate_results",
            "rule_id severity status observed failing_rows description_zh description_en sample",
            "layer severity status table_name rule_id", "status",
            where="status <> 'pass'",
        ),
        Listing("files", "ops.load_audit",
            "source partition file_name status reason rows_read rows_loaded rows_quarantined"
            " rows_duplicate rows_superseded amount_loaded_cny received_at source_file_id",
            "source status partition>= source_file_id", "-received_at",
            links={"source_file_id": "/tables/quarantine?source_file_id={source_file_id}"},
        ),
        Listing("refused_rows", "ops.quarantine",
            "source file_name source_row rule_ids reasons_zh reasons_en raw_text first_seen state"
            " state_reason decided_by",
            "source state rule_ids source_file_id", "source",
        ),
        Listing("corrections", "ops.corrections",
            "quarantine_id source file_name corrected_columns state state_reason decided_by"
            " decided_at handed_in",
            "source state quarantine_id source_file_id", "-decided_at",
            links=_FILE,
        ),
        Listing("restated", "ops.restatements",
            "source partition key change changed_columns old_amount_cny new_amount_cny old_file_id"
            " new_file_id received_at",
            "source change partition>= key new_file_id old_file_id", "-received_at",
            links={
                "key": "/search?q={key}",
                "old_file_id": "/tables/load_audit?source_file_id={old_file_id}",
                "new_file_id": "/tables/load_audit?source_file_id={new_file_id}",
            },
        ),
        Listing("settlement", "marts.settlement_reconciliation",
            "bill_source bill_date line_kind match_status line_count order_count bill_cny"
            " export_cny difference_cny late_lines footer_agrees",
            "bill_source line_kind match_status bill_date>= bill_date<=", "bill_date",
        ),
        Listing("unlike_files", "ops.drift", "source file_name kind name value times first_seen",
            "source kind", "source"),
        # rows behind figures
        Listing("gifts", "star.fact_donation",
            "order_no paid_at project_no campaign_id channel_id donor_kind amount_cny refunded_cny"
            " net_cny status export_date source_file_id source_row",
            "order_no project_no campaign_id channel_id initiator_uscc status date_key paid_at>="
            " paid_at<=",
            "paid_at",
            links=_PROJECT | _FILE | {"order_no": "/search?q={order_no}"},
        ),
        Listing("bill_lines", "star.fact_settlement",
            "bill_source bill_date traded_at line_kind match_status order_no amount_cny"
            " exported_cny difference_cny source_file_id source_row",
            "order_no bill_source bill_date line_kind match_status", "traded_at",
            links=_FILE,
        ),
        Listing("statuses", "marts.audit_matrix",
            "chain_id subject_id level_no level_name status round_no reviewer_name_public"
            " submitted_at decided_at days_taken evidence_count gap_types",
            "chain_id subject_id level_no status reviewer_uscc", "subject_id",
            links={"subject_id": "/subjects/{chain_id}/{subject_id}"},
        ),
        Listing("organizations", "star.dim_organization",
            "uscc name kind can_fundraise_publicly registration_authority level region_code"
            " founded_on valid_from is_current",
            "uscc is_current kind can_fundraise_publicly", "name",
            links=_BODY,
        ),
    )
}  # fmt: skip # a table of declarations

_BY_NAME = {table.name: Listing(table.name, table.id) for table in TABLES.values()}


def listing(name: str) -> Listing:
    """A listing by its id, or a whole table by its name. Raises KeyError."""
    return LISTINGS.get(name) or _BY_NAME[name]


def names() -> tuple[str, ...]:
    """Everything that `/tables/…` knows."""
    return (*LISTINGS, *(name for name in _BY_NAME if name not in LISTINGS))
