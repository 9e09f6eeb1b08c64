-- What a campaign's gifts of a year come to. 以下 includes the bound: 10.00 yuan is small.
select
    campaign_id,
    cast(extract(year from paid_at) as integer) as giving_year,
    count(*) as donation_count,
    {{ count_donors() }} as donor_count,
    sum(amount_cny) as gross_cny,
    sum(refunded_cny) as refunded_cny,
    sum(net_cny) as net_cny,
    count(net_cny) as gifts_of_known_net,
    sum(case when amount_cny <= 10.00 then 1 else 0 end) as gifts_10_yuan_or_less,
    -- without a single pseudonym nobody knows how many companies gave; with some, 0 is true
    case
        when {{ count_donors() }} is not null then count(distinct case
            when donor_kind = 'organization' or channel_id = 'corporate'
                then nullif(donor_key, 'unknown')
        end)
    end as companies,
    nullif(count(distinct nullif(initiator_uscc, 'unknown')), 0) as charities,
    count(distinct project_no) as projects
from {{ ref('fact_donation') }}
where campaign_id is not null
group by campaign_id, cast(extract(year from paid_at) as integer)
