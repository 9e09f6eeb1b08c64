-- Gifts from which donors are made: all of the fact, or, where donors are only renewed, all gifts of
-- those that changed.
-- depends_on: {{ ref('int_gifts_of_changed_donors') }}
-- depends_on: {{ ref('fact_donation') }}
select
    donor_key,
    donor_kind,
    paid_at
from {{ ref('int_gifts_of_changed_donors') if donors_continued() else ref('fact_donation') }}
