-- What 冷静器 shows before a gift. Printed totals and counted orders stand side by side. Where
-- periods overlap, the same spending may be reported more than once and is not added up; a parent's
-- printed total includes its children's while its 财务披露 need not, so no share is computed.
with counties as (
    select
        project_no,
        sum(own_county_cny) as own_county_cny,
        sum(of_known_county_cny) as of_known_county_cny
    from {{ ref('int_gift_counties') }}
    group by project_no
)

select
    projects.project_no,
    projects.project_key,
    projects.name,
    projects.domain,
    projects.initiator_name,
    projects.supporter_name,
    projects.filing_no,
    projects.is_filing_consistent,
    projects.state,
    projects.parent_project_no,
    coalesce(children.child_count, 0) as child_count,
    projects.approved_on,
    projects.starts_on,
    projects.ends_on,
    projects.target_cny,
    totals.raised_cny,
    {{ ratio_of('totals.raised_cny', 'projects.target_cny') }} as raised_to_target,
    totals.participations,
    totals.raised_as_of,
    gifts.donation_count,
    gifts.donor_count,
    cast(gifts.gross_cny as decimal(18, 2)) as gross_cny,
    cast(gifts.refunded_cny as decimal(18, 2)) as refunded_cny,
    cast(gifts.net_cny as decimal(18, 2)) as net_cny,
    gifts.gifts_of_unknown_net,
    cast(gifts.unknown_net_cny as decimal(18, 2)) as unknown_net_cny,
    cast(counties.of_known_county_cny as decimal(18, 2)) as of_known_county_cny,
    {{ share_of('counties.own_county_cny', 'counties.of_known_county_cny') }} as own_county_share,
    cast(publications.progress_reports as bigint) as progress_reports,
    publications.last_progress_on,
    cast(publications.disclosures as bigint) as disclosures,
    publications.last_disclosure_on,
    publications.told_until,
    cast(publications.payout_cny as decimal(18, 2)) as payout_cny,
    cast(publications.management_cost_cny as decimal(18, 2)) as management_cost_cny,
    case
        when children.child_count is null
            then {{ ratio_of('publications.payout_cny', 'totals.raised_cny') }}
    end as spent_share,
    cast(publications.disclosure_gaps as bigint) as disclosure_gaps,
    cast(publications.gap_days as bigint) as gap_days,
    cast(publications.disclosure_overlaps as bigint) as disclosure_overlaps,
    reviews.review_chains,
    cast(reviews.reviews_complete as bigint) as reviews_complete,
    cast(reviews.levels_required as bigint) as levels_required,
    {{ share_of('reviews.levels_passed', 'reviews.levels_required') }} as review_completeness,
    cast(reviews.blocking_gaps as bigint) as blocking_gaps,
    run.as_of
from {{ ref('dim_project') }} as projects
left join {{ ref('int_project_totals') }} as totals
    on projects.project_no = totals.project_no
left join {{ ref('int_project_gifts') }} as gifts
    on projects.project_no = gifts.project_no
left join counties
    on projects.project_no = counties.project_no
left join {{ ref('int_project_publications') }} as publications
    on projects.project_no = publications.project_no
left join {{ ref('int_project_children') }} as children
    on projects.project_no = children.project_no
left join {{ ref('int_project_reviews') }} as reviews
    on projects.project_no = reviews.project_no
cross join {{ source('lake', 'run') }} as run
where projects.is_current and projects.project_key <> '-1'
