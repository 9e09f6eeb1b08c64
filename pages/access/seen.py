"""Which rows of a table a reviewer sees: decided here, once a table, and kept by the engine.

For a set of campaigns the release is given a second time, as views of these rows (`view`): every
query of every page reads them under the tables' own names, so none can forget the filter. A table
that is not named here does not exist for a reviewer. Neither does a figure that counts over
campaigns of others: it is null.

`{own}` is the schema of the keys below, `{release}` the release.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_NONE = "false"


@dataclass(frozen=True)
class Scope:
    """What somebody sees: all, or what is of `campaigns` (None: no reviewer), or the warehouse's.

    An id among the campaigns may also be that of a review chain that no campaign uses.
    """

    everything: bool = False
    campaigns: frozenset[str] | None = None
    warehouse: bool = False

    def sees(self, table: str) -> bool:
        """Whether any of `schema.table` can be seen."""
        return self.everything or rows_of(table, self) is not None

    def narrows(self, tables: Iterable[str]) -> bool:
        """Whether there may be rows of one of these tables that are not seen."""
        if self.everything:
            return False
        found = [rows_of(table, self) for table in tables]
        return any(seen is None or seen.rows != _ALL.rows for seen in found)

    @property
    def name(self) -> str:
        """A name for a database of it."""
        if self.everything:
            return "release"
        told = repr((None if self.campaigns is None else sorted(self.campaigns), self.warehouse))
        return f"seen_{hashlib.sha256(told.encode('utf-8')).hexdigest()[:32]}"


#: All of the release.
EVERYTHING = Scope(everything=True)


@dataclass(frozen=True)
class Seen:
    """`rows` is the condition of those seen; of them `masked` are null but where `unless` holds."""

    rows: str
    masked: str = ""
    unless: str = _NONE


def _in(column: str, key: str, where: str = "") -> str:
    """Whether a column is among the keys of its own kind."""
    return f"{column} IN (SELECT {key} FROM {{own}}.{key}s{' WHERE ' + where if where else ''})"


_CAMPAIGN = _in("campaign_id", "campaign_id")
_PROJECT = _in("project_no", "project_no")
_SOLE_PROJECT = _in("project_no", "project_no", "is_sole")
_CHAIN = _in("chain_id", "chain_id")
_SOLE_CHAIN = _in("chain_id", "chain_id", "is_sole")
_BODY = _in("uscc", "uscc")
_SUBJECT = "(chain_id, subject_id) IN (SELECT chain_id, subject_id FROM {own}.subject_ids)"
#: Of the campaign; or of none, and of a project of it.
_IN_OR_OUTSIDE = f"{_CAMPAIGN} OR (campaign_id IS NULL AND {_PROJECT})"
_IN_OR_SOLE = f"{_CAMPAIGN} OR (campaign_id IS NULL AND {_SOLE_PROJECT})"

_ALL = Seen("true")
_OF_CAMPAIGN = Seen(_CAMPAIGN)
_OF_PROJECT = Seen(_PROJECT)
#: It counts over all gifts or reviews of a project: those of another's campaign too.
_OF_SOLE_PROJECT = Seen(_SOLE_PROJECT)
_OF_SUBJECT = Seen(_SUBJECT)
_OF_BODY = Seen(_BODY)

#: What a reviewer sees, by `schema.table`.
REVIEWER: Mapping[str, Seen] = {
    # what is the same for everybody
    "star.dim_channel": _ALL,
    "star.dim_date": _ALL,
    "star.dim_platform": _ALL,
    "star.dim_region": _ALL,
    "ops.rules": _ALL,
    # by campaign
    "star.dim_campaign": _OF_CAMPAIGN,
    "star.dim_program": Seen(
        "program_id IN (SELECT c.program_id FROM {release}.star.dim_campaign c"
        " JOIN {own}.campaign_ids o ON o.campaign_id = c.campaign_id)"
    ),
    "star.fact_campaign_entry": Seen(_in("registered_campaign_id", "campaign_id")),
    "star.fact_donation": Seen(_IN_OR_OUTSIDE),
    "star.fact_matching": Seen(_IN_OR_OUTSIDE),
    "star.fact_behavior": Seen(_IN_OR_OUTSIDE),
    "star.fact_offline_gift": Seen(
        _in("registered_campaign_id", "campaign_id")
        + f" OR (registered_campaign_id IS NULL AND {_PROJECT})"
    ),
    "star.fact_incident": Seen(_IN_OR_SOLE),
    "star.fact_settlement": Seen(
        "(platform_id, order_no) IN (SELECT platform_id, order_no FROM"
        f" {{release}}.star.fact_donation WHERE {_IN_OR_OUTSIDE})"
    ),
    # what a team prints of itself is one sum over its campaigns
    "star.fact_team": Seen(f"{_CAMPAIGN} AND campaigns <= 1"),
    "marts.campaign_daily": _OF_CAMPAIGN,
    "marts.campaign_summary": _OF_CAMPAIGN,
    "marts.circle_fundraising": _OF_CAMPAIGN,
    "marts.donation_sizes": Seen(f"scope_type = 'campaign' AND {_in('scope_id', 'campaign_id')}"),
    "marts.giving_day_yearly": Seen(
        _CAMPAIGN,
        "previous_campaign_id previous_gross_cny growth_ratio growth_rate repeat_projects"
        " repeat_projects_share",
        _in("previous_campaign_id", "campaign_id"),
    ),
    "marts.giving_red_flags": Seen(_IN_OR_SOLE),
    "marts.matching_summary": _OF_CAMPAIGN,
    # by project: what it is, shows and publishes is its own, whichever campaigns it is in
    "star.dim_project": _OF_PROJECT,
    "star.fact_disclosure": _OF_PROJECT,
    "star.fact_goal_change": _OF_PROJECT,
    "star.fact_output": _OF_PROJECT,
    "star.fact_progress": _OF_PROJECT,
    "star.fact_project_snapshot": _OF_PROJECT,
    "star.fact_repayment": _OF_SOLE_PROJECT,
    "marts.disclosure_compliance": Seen(
        f"(subject_type = 'project' AND {_in('subject_id', 'project_no')})"
        f" OR (subject_type = 'campaign' AND {_in('subject_id', 'campaign_id')})"
        f" OR (subject_type = 'organization' AND {_in('subject_id', 'uscc')})"
    ),
    "marts.goal_raises": _OF_SOLE_PROJECT,
    "marts.project_card": Seen(
        _PROJECT,
        "donation_count donor_count gross_cny refunded_cny net_cny gifts_of_unknown_net"
        " unknown_net_cny of_known_county_cny own_county_share spent_share review_chains"
        " reviews_complete levels_required review_completeness blocking_gaps",
        _SOLE_PROJECT,
    ),
    "marts.project_outputs": _OF_SOLE_PROJECT,
    # by subject of a review chain
    "star.dim_review_level": Seen(_CHAIN),
    "star.fact_review_event": _OF_SUBJECT,
    "star.fact_review_status": _OF_SUBJECT,
    "marts.audit_completeness": Seen(
        _CHAIN,
        "subjects_in_chain subjects_admitted subjects_judged subjects_eligible subjects_reviewed"
        " subjects_passed coverage_share blocking_gaps blocking_gaps_judged is_satisfied"
        " is_chain_satisfied",
        _SOLE_CHAIN,
    ),
    # a sample that falls short is owed by a level, not by a subject
    "marts.audit_gaps": Seen(f"{_SUBJECT} OR (subject_id IS NULL AND {_SOLE_CHAIN})"),
    "marts.audit_matrix": _OF_SUBJECT,
    "marts.audit_subjects": _OF_SUBJECT,
    # by organisation that has a part in it: what it is and reports by law
    "star.dim_organization": _OF_BODY,
    "star.fact_org_year": _OF_BODY,
    "marts.org_ratio_compliance": _OF_BODY,
    # what its rows were read from; a file's own counts are over all campaigns in it
    "ops.load_audit": Seen(
        _in("source_file_id", "source_file_id"),
        "bytes rows_read rows_loaded rows_quarantined rows_duplicate rows_superseded"
        " amount_read_cny amount_loaded_cny amount_quarantined_cny amount_duplicate_cny"
        " amount_superseded_cny footer_rows footer_amount_cny footer_agrees is_truncated"
        " repeated_headings reason landing_path",
    ),
    "ops.source_health": Seen("true", "open_quarantine refused_files"),
}
#: What a reviewer never sees: it counts over all campaigns, or concerns none.
NOT_REVIEWER = frozenset(
    [
        "star.bridge_county_list",
        "star.dim_county_list",
        "star.dim_donor",
        "star.fact_community_fund",
        "star.fact_enrollment",
        "star.fact_notice_donation",
        "star.fact_observation_point",
        "star.fact_org_count",
        "star.fact_program_application",
        "star.fact_published_claim",
        "star.fact_survey_answer",
        "star.fact_training_attendance",
        "star.fact_village",
        "marts.claim_check",
        "marts.community_funds",
        "marts.donor_retention",
        "marts.observation_points",
        "marts.org_counts",
        "marts.org_growth",
        "marts.program_coverage",
        "marts.regional_flow",
        "marts.settlement_reconciliation",
        "marts.survey_findings",
        "marts.training_summary",
        "marts.villages",
        "ops.archive_faults",
        "ops.let_go",
        "ops.corrections",
        "ops.forgotten",
        "ops.gate_history",
        "ops.drift",
        "ops.file_pairs",
        "ops.gate_results",
        "ops.left_out",
        "ops.pull_faults",
        "ops.quarantine",
        "ops.release_parts",
        "ops.releases",
        "ops.restatements",
    ]
)
#: What an engineer sees: what the warehouse says of itself, and how bills and orders agree.
ENGINEER = frozenset({"marts.settlement_reconciliation"})
_ENGINEERS_LAYER = "ops."


def rows_of(table: str, scope: Scope) -> Seen | None:
    """What of a table is seen in a scope that is not everything; None if nothing."""
    if scope.warehouse and (table in ENGINEER or table.startswith(_ENGINEERS_LAYER)):
        return _ALL
    return REVIEWER.get(table) if scope.campaigns is not None else None


_THEIRS = "SELECT campaign_id FROM {own}.campaign_ids"
#: Facts that may say of a project that it is in a campaign.
_OF_PROJECTS_AND_CAMPAIGNS = (
    "star.fact_donation", "star.fact_matching", "star.fact_behavior", "star.fact_team",
    "star.fact_offline_gift", "star.fact_incident",
)  # fmt: skip # a list
#: Where a reviewer's rows were read from.
_WITH_FILES = (
    "star.fact_review_event", "star.dim_review_level", "star.fact_campaign_entry",
    "star.fact_donation", "star.fact_disclosure", "star.fact_goal_change",
)  # fmt: skip # a list
#: The keys, from what is assigned to what follows from it: name, columns, and the queries that fill
#: it with the table that each needs. Where the release lacks that one the query is left out.
_KEYS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("campaign_ids", "campaign_id VARCHAR", (
        ("star.dim_campaign", """
            SELECT campaign_id FROM {release}.star.dim_campaign
            WHERE campaign_id <> 'unknown' AND campaign_id IN (SELECT id FROM {own}.assigned)"""),
    )),
    # sole: no campaign of others uses the chain
    ("chain_ids", "chain_id VARCHAR, is_sole BOOLEAN", (
        ("star.dim_campaign", f"""
            SELECT chain_id, bool_and(campaign_id IN ({_THEIRS}))
            FROM {{release}}.star.dim_campaign WHERE chain_id IS NOT NULL
            GROUP BY chain_id HAVING bool_or(campaign_id IN ({_THEIRS}))"""),
        ("star.dim_review_level", """
            SELECT DISTINCT chain_id, true FROM {release}.star.dim_review_level
            WHERE chain_id IN (SELECT id FROM {own}.assigned) AND chain_id NOT IN (
                SELECT chain_id FROM {release}.star.dim_campaign WHERE chain_id IS NOT NULL)"""),
    )),
    ("entered", "chain_id VARCHAR, project_no VARCHAR", (
        ("star.fact_campaign_entry", """
            SELECT DISTINCT c.chain_id, e.project_no FROM {release}.star.fact_campaign_entry e
            JOIN {own}.campaign_ids o ON o.campaign_id = e.registered_campaign_id
            JOIN {release}.star.dim_campaign c ON c.campaign_id = o.campaign_id"""),
    )),
    ("subject_ids", "chain_id VARCHAR, subject_id VARCHAR", (
        ("marts.audit_subjects", """
            SELECT s.chain_id, s.subject_id FROM {release}.marts.audit_subjects s
            JOIN {own}.chain_ids c ON c.chain_id = s.chain_id
            WHERE c.is_sole OR (s.chain_id, s.subject_id) IN (
                SELECT chain_id, project_no FROM {own}.entered)"""),
    )),
    # also of a campaign, or of a chain, that is not theirs
    ("shared_projects", "project_no VARCHAR", (
        ("star.fact_campaign_entry", f"""
            SELECT DISTINCT project_no FROM {{release}}.star.fact_campaign_entry
            WHERE registered_campaign_id NOT IN ({_THEIRS})"""),
        ("marts.audit_subjects", """
            SELECT DISTINCT subject_id FROM {release}.marts.audit_subjects
            WHERE subject_type = 'project'
                AND chain_id NOT IN (SELECT chain_id FROM {own}.chain_ids)"""),
        *((table, f"""
            SELECT DISTINCT project_no FROM {{release}}.{table}
            WHERE campaign_id NOT IN ({_THEIRS})""") for table in _OF_PROJECTS_AND_CAMPAIGNS),
    )),
    ("found_projects", "project_no VARCHAR", (
        ("star.fact_campaign_entry", "SELECT project_no FROM {own}.entered"),
        *((table, f"SELECT DISTINCT project_no FROM {{release}}.{table} WHERE {_CAMPAIGN}")
          for table in ("star.fact_donation", "star.fact_matching")),
    )),
    ("project_nos", "project_no VARCHAR, is_sole BOOLEAN", (
        ("star.fact_campaign_entry", """
            SELECT DISTINCT project_no, project_no NOT IN (
                SELECT project_no FROM {own}.shared_projects WHERE project_no IS NOT NULL)
            FROM {own}.found_projects WHERE project_no IS NOT NULL"""),
    )),
    ("usccs", "uscc VARCHAR", (
        ("star.dim_campaign", f"""
            SELECT host_uscc FROM {{release}}.star.dim_campaign WHERE {_CAMPAIGN}"""),
        ("star.fact_campaign_entry", f"""
            SELECT DISTINCT applicant_uscc FROM {{release}}.star.fact_campaign_entry
            WHERE registered_campaign_id IN ({_THEIRS})"""),
        ("star.dim_project", f"""
            SELECT DISTINCT unnest([initiator_uscc, supporter_uscc])
            FROM {{release}}.star.dim_project WHERE {_PROJECT}"""),
        *((table, f"SELECT DISTINCT {column} FROM {{release}}.{table} WHERE {_SUBJECT}")
          for table, column in (("marts.audit_subjects", "initiator_uscc"),
                                ("marts.audit_gaps", "responsible_uscc"),
                                ("star.fact_review_event", "reviewer_uscc"))),
    )),
    ("source_file_ids", "source_file_id VARCHAR", tuple(
        (table, f"""
            SELECT DISTINCT source_file_id FROM {{release}}.{table}
            WHERE {REVIEWER[table].rows}""") for table in _WITH_FILES
    )),
)  # fmt: skip # a table of queries


def keys(there: frozenset[str], own: str, release: str) -> Iterator[str]:
    """Statements that make a reviewer's keys in the schema `own`, of the tables that are there.

    They begin with the table `assigned`, which holds the ids of what is assigned.
    """
    for name, columns, parts in _KEYS:
        yield f"CREATE TABLE {own}.{name} ({columns})"
        for table, sql in parts:
            if table in there:
                yield f"INSERT INTO {own}.{name} {sql.format(own=own, release=release)}"


def view(table: str, columns: list[str], scope: Scope, database: str, release: str) -> str | None:
    """The statement that makes a table's view in `database`; None if nothing of it is seen."""
    seen = rows_of(table, scope)
    if seen is None:
        return None
    own = f"{database}.own"
    masked = seen.masked.split()
    unless = seen.unless.format(own=own, release=release)
    names = ", ".join(
        f'CASE WHEN {unless} THEN "{name}" END AS "{name}"' if name in masked else f'"{name}"'
        for name in columns
    )
    rows = seen.rows.format(own=own, release=release)
    return f"CREATE VIEW {database}.{table} AS SELECT {names} FROM {release}.{table} WHERE {rows}"
