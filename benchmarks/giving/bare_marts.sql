-- dim_donor and the marts that these files feed; only columns that can hold something here.
-- The gifts are gone through four times: sums by day, band and flow; sums by project; a row per
-- donor with bits for the days, bands and flows they gave in; distinct pairs of project and
-- donor. Only one campaign has gifts, so a bit can say what a donor gave in it.
create temp table places as
select region_code, level, band3,
    case band3 when '东部' then 1 when '中部' then 2 when '西部' then 3 else 0 end as place
from regions;

create temp table organizations as
select o.uscc, o.name, p.region_code as county_code, row_number() over ()::integer as org
from star.dim_organization as o
left join places as p on o.region_code = p.region_code and p.level = 'county'
where o.is_current;

create temp table numbers as
select p.project_key, p.project_no, o.uscc, o.org, o.county_code,
    dense_rank() over (order by p.project_no)::integer as project
from star.dim_project as p
join organizations as o on p.initiator_uscc = o.uscc;

create temp view gifts as
select
    f.donor_key, f.donor_kind, f.channel_id, f.project_key, f.campaign_id, f.donor_region_code,
    f.paid_at::date as paid_on, year(f.paid_at)::integer as year, f.amount_cny, f.refunded_cny,
    f.net_cny,
    case
        when amount_cny <= 10 then 1 when amount_cny <= 50 then 2 when amount_cny <= 100 then 3
        when amount_cny <= 500 then 4 when amount_cny <= 1000 then 5 when amount_cny <= 10000 then 6
        when amount_cny <= 100000 then 7 else 8
    end as band_no,
    coalesce(d.place, 0) * 4 + coalesce(p.place, 0) as flow_no, d.level as donor_level
from star.fact_donation as f
left join places as d on f.donor_region_code = d.region_code
left join places as p on f.project_region_code = p.region_code;

create temp table sums as
select
    campaign_id, paid_on, year, band_no, flow_no, count(*) as donation_count,
    sum(amount_cny) as gross_cny, sum(refunded_cny) as refunded_cny, sum(net_cny) as net_cny,
    count(net_cny) as gifts_of_known_net, count(*) filter (amount_cny <= 10) as small
from gifts group by all;

create temp table projects as
select
    project_key, year, count(*) as donation_count, count(campaign_id) as of_campaign,
    sum(amount_cny) as gross_cny, sum(net_cny) as net_cny,
    sum(case when n.county_code = donor_region_code then amount_cny else 0 end) as own_cny,
    sum(case when n.county_code is not null and donor_level = 'county' then amount_cny end)
        as of_known_cny
from gifts join numbers as n using (project_key) group by project_key, year;

create temp table donors as
select
    donor_key, year,
    max(case donor_kind when 'organization' then 2 when 'person' then 1 else 0 end) as kind,
    min(paid_on) as first_gift_on, count(*) as donation_count, sum(amount_cny) as gross_cny,
    bit_or(1 << band_no) as bands, bit_or(1 << flow_no) as flows,
    bit_or(1 << band_no) filter (campaign_id is not null) as campaign_bands,
    bit_or(1 << (paid_on - date '2020-09-01')) filter (campaign_id is not null) as campaign_days,
    coalesce(bool_or(donor_kind = 'organization' or channel_id = 'corporate')
        filter (campaign_id is not null), false) as is_company
from gifts where donor_key <> 'unknown' group by donor_key, year;

create temp table pairs as
select distinct n.project, n.org, year(paid_at)::integer as year, hash(donor_key) as donor
from star.fact_donation
join numbers as n using (project_key)
where donor_key <> 'unknown';

create table star.dim_donor as
select donor_key, case max(kind) when 2 then 'organization' else 'person' end as donor_kind,
    min(first_gift_on) as first_gift_on
from donors where (select count(distinct year) from donors) > 1 group by donor_key
union all
-- one year: a row per donor already
select donor_key, case kind when 2 then 'organization' else 'person' end, first_gift_on
from donors where (select count(distinct year) from donors) = 1
union all
select 'unknown', 'anonymous', null;

create table marts.campaign_summary as
with given as (
    select
        campaign_id, sum(donation_count)::bigint as donation_count,
        (select nullif(count(*) filter (campaign_days > 0), 0) from donors) as donor_count,
        sum(gross_cny)::decimal(18, 2) as gross_cny,
        sum(refunded_cny)::decimal(18, 2) as refunded_cny, sum(net_cny)::decimal(18, 2) as net_cny,
        sum(gifts_of_known_net)::bigint as gifts_of_known_net
    from sums where campaign_id is not null group by all
)
select
    c.campaign_id, c.name_zh, c.program_id, c.starts_on, c.ends_on, g.donation_count, g.donor_count,
    g.gross_cny, g.refunded_cny, g.net_cny,
    ((2 * (net_cny * 100)::bigint + gifts_of_known_net) // (2 * gifts_of_known_net) * 0.01)
        ::decimal(18, 2) as avg_cny,
    g.donation_count - g.gifts_of_known_net as gifts_of_unknown_net,
    (select max(export_date) from files) as as_of
from star.dim_campaign as c
left join given as g using (campaign_id)
where c.is_registered or g.campaign_id is not null;

create table marts.campaign_daily as
with days as (
    select
        campaign_id, paid_on as date_day, sum(donation_count)::bigint as donation_count,
        sum(gross_cny)::decimal(18, 2) as gross_cny,
        sum(refunded_cny)::decimal(18, 2) as refunded_cny, sum(net_cny)::decimal(18, 2) as net_cny
    from sums where campaign_id is not null group by all
)
select
    campaign_id, date_day,
    (year(date_day) * 10000 + month(date_day) * 100 + day(date_day))::integer as date_key,
    donation_count,
    (select nullif(count(*), 0) from donors
        where (campaign_days >> (date_day - date '2020-09-01')) & 1 = 1) as donor_count,
    gross_cny, refunded_cny, net_cny,
    sum(net_cny) over (partition by campaign_id order by date_day)::decimal(18, 2) as cumulative_cny,
    (select max(export_date) from files) as as_of
from days;

create table marts.donation_sizes as
with bands as (
    select * from (values
        (1, 0, 10, '10元以下', 'up to 10 yuan'),
        (2, 10, 50, '超过10元至50元', 'over 10 to 50 yuan'),
        (3, 50, 100, '超过50元至100元', 'over 50 to 100 yuan'),
        (4, 100, 500, '超过100元至500元', 'over 100 to 500 yuan'),
        (5, 500, 1000, '超过500元至1000元', 'over 500 to 1,000 yuan'),
        (6, 1000, 10000, '超过1000元至1万元', 'over 1,000 to 10,000 yuan'),
        (7, 10000, 100000, '超过1万元至10万元', 'over 10,000 to 100,000 yuan'),
        (8, 100000, null, '超过10万元', 'over 100,000 yuan')
    ) as b (band_no, above_cny, up_to_cny, band_zh, band_en)
),
counted as (
    select
        'campaign' as scope_type, campaign_id as scope_id, band_no,
        sum(donation_count) as donation_count, sum(gross_cny) as gross_cny
    from sums where campaign_id is not null group by all
    union all
    select 'year', year::varchar, band_no, sum(donation_count), sum(gross_cny) from sums group by all
),
given as (
    select 'campaign' as scope_type, band_no, null as year, count(*) as donor_count
    from donors, bands where (campaign_bands >> band_no) & 1 = 1 group by all
    union all
    select 'year', band_no, year, count(*) from donors, bands
    where (bands >> band_no) & 1 = 1 group by all
),
sizes as (
    select c.*, g.donor_count from counted as c
    left join given as g on c.scope_type = g.scope_type and c.band_no = g.band_no
        and (g.year is null or g.year::varchar = c.scope_id)
),
totals as (
    select scope_type, scope_id, sum(donation_count) as of_donations, sum(gross_cny) as of_gross,
        max(donor_count) as most
    from sizes group by all
)
select
    t.scope_type, t.scope_id, b.band_no, b.band_zh, b.band_en,
    b.above_cny::decimal(18, 2) as above_cny, b.up_to_cny::decimal(18, 2) as up_to_cny,
    coalesce(s.donation_count, 0)::bigint as donation_count,
    case when s.donation_count is not null then s.donor_count when most is not null then 0 end
        as donor_count,
    coalesce(s.gross_cny, 0)::decimal(18, 2) as gross_cny, t.of_donations::bigint as of_donations,
    round(coalesce(s.donation_count, 0)::double / nullif(t.of_donations, 0), 6)::decimal(9, 6)
        as share,
    round(sum(coalesce(s.donation_count, 0)) over (
        partition by t.scope_type, t.scope_id order by b.band_no
    )::double / nullif(t.of_donations, 0), 6)::decimal(9, 6) as cumulative_share,
    round(coalesce(s.gross_cny, 0)::double / nullif(t.of_gross, 0), 6)::decimal(9, 6)
        as share_of_gross,
    (select max(export_date) from files) as as_of
from totals as t
cross join bands as b
left join sizes as s
    on t.scope_type = s.scope_type and t.scope_id = s.scope_id and b.band_no = s.band_no;

create table marts.donor_retention as
with years as (
    select *, min(year) over (partition by donor_key) as cohort_year from donors
    where (select count(distinct year) from donors) > 1
    union all
    -- one year: every donor is of it
    select *, year from donors where (select count(distinct year) from donors) = 1
),
active as (
    select cohort_year, year, count(*) as donors, sum(donation_count) as donation_count,
        sum(gross_cny) as gross_cny
    from years group by all
),
cohorts as (select cohort_year, donors as cohort_donors from active where year = cohort_year)
select
    c.cohort_year, y.year, y.year - c.cohort_year as years_since, c.cohort_donors,
    coalesce(a.donors, 0) as donors,
    round(coalesce(a.donors, 0)::double / c.cohort_donors, 6)::decimal(9, 6) as retained_share,
    coalesce(a.donation_count, 0)::bigint as donation_count,
    coalesce(a.gross_cny, 0)::decimal(18, 2) as gross_cny,
    (select max(export_date) from files) as as_of
from cohorts as c
join (select distinct year from active) as y on c.cohort_year <= y.year
left join active as a on c.cohort_year = a.cohort_year and y.year = a.year;

create table marts.org_growth as
with years as (
    select
        o.uscc, o.name, o.org, p.year, sum(donation_count)::bigint as donation_count,
        sum(gross_cny) as gross_cny, sum(net_cny) as net_cny, sum(own_cny) as own,
        sum(of_known_cny) as of_known
    from projects as p
    join numbers as n using (project_key)
    join organizations as o using (org)
    group by all
),
given as (select org, year, count(distinct donor) as donor_count from pairs group by all),
summed as (
    select *, min(year) over (partition by uscc) as first_year,
        case when uscc <> 'unknown' and lag(year) over w = year - 1 then lag(net_cny) over w end
            as previous
    from years left join given using (org, year)
    window w as (partition by uscc order by year)
)
select
    uscc, year, name, donation_count, donor_count, gross_cny::decimal(18, 2) as gross_cny,
    net_cny::decimal(18, 2) as raised_cny, previous::decimal(18, 2) as previous_raised_cny,
    round(net_cny::double / nullif(previous, 0), 6)::decimal(18, 6) as growth_ratio,
    of_known::decimal(18, 2) as of_known_county_cny,
    round(own::double / nullif(of_known, 0), 6)::decimal(9, 6) as own_county_share,
    case when uscc <> 'unknown' then first_year end as first_online_year,
    case when uscc <> 'unknown' then net_cny <= 300000 end as below_300k,
    (select max(export_date) from files) as as_of
from summed;

create table marts.regional_flow as
with flows as (
    select year, flow_no, sum(donation_count)::bigint as donation_count, sum(gross_cny) as gross,
        ['未知', '东部', '中部', '西部'][flow_no // 4 + 1] as donor_band,
        ['未知', '东部', '中部', '西部'][flow_no % 4 + 1] as project_band
    from sums group by year, flow_no
),
given as (
    select year, flow_no, count(*) as donor_count
    from donors, (select unnest(range(16)) as flow_no) where (flows >> flow_no) & 1 = 1 group by all
),
summed as (
    select *, sum(gross) over (partition by year) as of_year,
        sum(gross) over (partition by year, donor_band) as given,
        sum(gross) over (partition by year, project_band) as received,
        sum(gross) filter (project_band = '东部') over (partition by year) as east,
        sum(gross) filter (project_band = '中部') over (partition by year) as centre,
        sum(gross) filter (project_band = '西部') over (partition by year) as west
    from flows left join given using (year, flow_no)
)
select
    year, donor_band, project_band, donation_count, donor_count,
    gross::decimal(18, 2) as gross_cny, of_year::decimal(18, 2) as year_gross_cny,
    given::decimal(18, 2) as given_by_band_cny, received::decimal(18, 2) as received_by_band_cny,
    round(gross::double / nullif(of_year, 0), 6)::decimal(9, 6) as share_of_year,
    round(gross::double / nullif(given, 0), 6)::decimal(9, 6) as share_of_given,
    round(gross::double / nullif(received, 0), 6)::decimal(9, 6) as share_of_received,
    round(east::double / nullif(centre, 0), 6)::decimal(18, 6) as received_east_to_centre,
    round(east::double / nullif(west, 0), 6)::decimal(18, 6) as received_east_to_west,
    (select max(export_date) from files) as as_of
from summed;

create table marts.project_card as
with totals as (
    select project_no, arg_max(raised_cny, export_date) as raised_cny,
        arg_max(row(participations), export_date)[1] as participations,
        max(export_date) as raised_as_of
    from star.fact_project_snapshot where raised_cny is not null group by all
),
given as (
    select project_no, sum(donation_count)::bigint as donation_count,
        sum(net_cny)::decimal(18, 2) as net_cny
    from projects join numbers using (project_key) group by all
),
by_whom as (select project, count(distinct donor) as donor_count from pairs group by all)
select
    p.project_no, p.project_key, p.name, p.domain, p.initiator_name, p.supporter_name, p.filing_no,
    p.is_filing_consistent, p.state, p.approved_on, p.starts_on, p.ends_on, p.target_cny,
    t.raised_cny,
    -- half of the last place away from zero, in whole numbers
    (((t.raised_cny * 100)::hugeint * 2000000 + (p.target_cny * 100)::hugeint)
        // nullif((p.target_cny * 100)::hugeint * 2, 0))::decimal(18, 0)
        * 0.000001::decimal(6, 6) as raised_to_target,
    t.participations, t.raised_as_of, g.donation_count, w.donor_count, g.net_cny,
    (select max(export_date) from files) as as_of
from star.dim_project as p
left join totals as t using (project_no)
left join numbers as n using (project_key)
left join given as g on p.project_no = g.project_no
left join by_whom as w using (project)
where p.is_current and p.project_key <> '-1';

create table marts.giving_day_yearly as
with years as (
    select
        campaign_id, year, sum(donation_count)::bigint as donation_count,
        sum(gross_cny)::decimal(18, 2) as gross_cny,
        sum(refunded_cny)::decimal(18, 2) as refunded_cny, sum(net_cny)::decimal(18, 2) as net_cny,
        sum(gifts_of_known_net)::bigint as gifts_of_known_net,
        sum(small)::bigint as gifts_10_yuan_or_less
    from sums where campaign_id is not null group by all
),
given as (
    select year, count(*) as donor_count, count(*) filter (is_company) as companies
    from donors where campaign_days > 0 group by all
),
reached as (
    select year, nullif(count(distinct uscc) filter (uscc <> 'unknown'), 0) as charities,
        count(distinct project) as projects
    from projects join numbers using (project_key) where of_campaign > 0 group by all
)
select
    y.campaign_id, y.year, c.name_zh, c.program_id, y.donation_count, g.donor_count,
    y.gross_cny, y.refunded_cny, y.net_cny, y.gifts_of_known_net,
    ((2 * (y.net_cny * 100)::bigint + y.gifts_of_known_net) // (2 * y.gifts_of_known_net) * 0.01)
        ::decimal(18, 2) as avg_cny,
    y.gifts_10_yuan_or_less,
    round(y.gifts_10_yuan_or_less::double / y.donation_count, 6)::decimal(9, 6)
        as share_10_yuan_or_less,
    g.companies, r.charities, r.projects,
    (select max(export_date) from files) as as_of
from years as y
join star.dim_campaign as c using (campaign_id)
left join given as g using (year)
left join reached as r using (year);
