-- Gifts that lists name a donor of beside the platforms' orders: published notices, registers of a
-- campaign. Lists are few and are read whole each time.
select
    donor_key,
    donor_kind,
    donated_on as given_on
from {{ ref('fact_notice_donation') }}

union all

select
    donor_key,
    donor_kind,
    received_on as given_on
from {{ ref('fact_offline_gift') }}
