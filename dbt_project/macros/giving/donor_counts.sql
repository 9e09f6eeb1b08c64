{#-
  人 (distinct pseudonyms) of every scope that a mart names, as one select over `gifts`, a relation
  of the shape of fact_donation. A scope without a pseudonym has no row: its count is null, not 0.

  Scopes of few members (bands of amounts, flows between bands of regions) are counted together: a
  row a donor, campaign and year has a bit for each that the donor gave in. Only where a campaign
  has several years, or a year several campaigns, are a donor's rows put together once more.
-#}
{% macro donor_counts(gifts) -%}
    {%- set year = "cast(extract(year from gifts.paid_at) as integer)" -%}
    {%- set donor = donor_number('gifts.donor_key') -%}
    {%- set company = "(gifts.donor_kind = 'organization' or gifts.channel_id = 'corporate')" -%}
    with places as (
        -- at most seven bands of regions: a flow between two is one of 49 bits
        select
            region_code,
            band3,
            cast(power(2, dense_rank() over (order by band3) - 1) as bigint) as to_bit,
            cast(power(2, 7 * (dense_rank() over (order by band3) - 1)) as bigint) as from_bit
        from {{ ref('dim_region') }}
        where is_latest_of_code
    ),

    marks as (
        select
            {{ donor }} as donor_number,
            gifts.campaign_id,
            {{ year }} as giving_year,
            bit_or({{ amount_bit('gifts.amount_cny') }}) as bands,
            bit_or(donor_places.from_bit * project_places.to_bit) as flows,
            max(case when {{ company }} then 1 else 0 end) as is_company
        from {{ gifts }} as gifts
        left join places as donor_places
            on gifts.donor_region_code = donor_places.region_code
        left join places as project_places
            on gifts.project_region_code = project_places.region_code
        where gifts.donor_key <> 'unknown'
        group by {{ donor }}, gifts.campaign_id, {{ year }}
    ),

    -- a few hundred rows from here on: how many donors show the same bits
    alike as (
        select
            campaign_id,
            giving_year,
            bands,
            flows,
            is_company,
            count(*) as donors
        from marks
        group by campaign_id, giving_year, bands, flows, is_company
    ),

    long_campaigns as (
        select campaign_id
        from alike
        group by campaign_id
        having count(distinct giving_year) > 1
    ),

    mixed_years as (
        select giving_year
        from alike
        group by giving_year
        having count(distinct coalesce(campaign_id, '')) > 1
    ),

    campaigns as (
        select
            campaign_id,
            bands,
            donors
        from alike
        where
            campaign_id is not null
            and campaign_id not in (select campaign_id from long_campaigns where campaign_id is not null)

        union all

        select
            campaign_id,
            bit_or(bands) as bands,
            1 as donors
        from marks
        where campaign_id in (select campaign_id from long_campaigns)
        group by donor_number, campaign_id
    ),

    years as (
        select
            giving_year,
            bands,
            flows,
            donors
        from alike
        where giving_year not in (select giving_year from mixed_years)

        union all

        select
            giving_year,
            bands,
            flows,
            count(*) as donors
        from (
            select
                giving_year,
                bit_or(bands) as bands,
                bit_or(flows) as flows
            from marks
            where giving_year in (select giving_year from mixed_years)
            group by donor_number, giving_year
        ) as together
        group by giving_year, bands, flows
    ),

    bands as (
        {{ amount_band_rows() }}
    ),

    flows as (
        select distinct
            donor_places.band3 as donor_band,
            project_places.band3 as project_band,
            donor_places.from_bit * project_places.to_bit as flow_bit
        from places as donor_places
        cross join places as project_places
    ),

    counted as (
        select
            'campaign' as scope_type,
            campaign_id as scope_id,
            cast(null as integer) as giving_year,
            cast(null as integer) as date_key,
            cast(null as {{ dbt.type_string() }}) as part,
            sum(donors) as donor_count
        from campaigns
        group by campaign_id

        union all

        select
            'campaign_band' as scope_type,
            campaigns.campaign_id as scope_id,
            cast(null as integer) as giving_year,
            cast(null as integer) as date_key,
            cast(bands.band_no as {{ dbt.type_string() }}) as part,
            sum(campaigns.donors) as donor_count
        from campaigns
        inner join bands
            on {{ has_bit('campaigns.bands', 'bands.band_bit') }}
        group by campaigns.campaign_id, bands.band_no

        union all

        select
            'campaign_year' as scope_type,
            campaign_id as scope_id,
            giving_year as giving_year,
            cast(null as integer) as date_key,
            cast(null as {{ dbt.type_string() }}) as part,
            sum(donors) as donor_count
        from alike
        where campaign_id is not null
        group by campaign_id, giving_year

        union all

        select
            'campaign_year_companies' as scope_type,
            campaign_id as scope_id,
            giving_year as giving_year,
            cast(null as integer) as date_key,
            cast(null as {{ dbt.type_string() }}) as part,
            sum(donors) as donor_count
        from alike
        where campaign_id is not null and is_company = 1
        group by campaign_id, giving_year

        union all

        select
            'year_band' as scope_type,
            cast(null as {{ dbt.type_string() }}) as scope_id,
            years.giving_year as giving_year,
            cast(null as integer) as date_key,
            cast(bands.band_no as {{ dbt.type_string() }}) as part,
            sum(years.donors) as donor_count
        from years
        inner join bands
            on {{ has_bit('years.bands', 'bands.band_bit') }}
        group by years.giving_year, bands.band_no

        union all

        select
            'year_flow' as scope_type,
            flows.donor_band as scope_id,
            years.giving_year as giving_year,
            cast(null as integer) as date_key,
            flows.project_band as part,
            sum(years.donors) as donor_count
        from years
        inner join flows
            on {{ has_bit('years.flows', 'flows.flow_bit') }}
        group by flows.donor_band, years.giving_year, flows.project_band

        union all

        select
            'campaign_day' as scope_type,
            gifts.campaign_id as scope_id,
            cast(null as integer) as giving_year,
            gifts.date_key as date_key,
            cast(null as {{ dbt.type_string() }}) as part,
            count(distinct {{ donor }}) as donor_count
        from {{ gifts }} as gifts
        where gifts.donor_key <> 'unknown' and gifts.campaign_id is not null
        group by gifts.campaign_id, gifts.date_key

        union all

        select
            'organization_year' as scope_type,
            gifts.initiator_uscc as scope_id,
            {{ year }} as giving_year,
            cast(null as integer) as date_key,
            cast(null as {{ dbt.type_string() }}) as part,
            count(distinct {{ donor }}) as donor_count
        from {{ gifts }} as gifts
        where gifts.donor_key <> 'unknown'
        group by gifts.initiator_uscc, {{ year }}

        union all

        select
            'project' as scope_type,
            gifts.project_no as scope_id,
            cast(null as integer) as giving_year,
            cast(null as integer) as date_key,
            cast(null as {{ dbt.type_string() }}) as part,
            count(distinct {{ donor }}) as donor_count
        from {{ gifts }} as gifts
        where gifts.donor_key <> 'unknown'
        group by gifts.project_no
    )

    select
        scope_type,
        scope_id,
        giving_year,
        date_key,
        part,
        cast(donor_count as bigint) as donor_count
    from counted
{%- endmacro %}

{#- Whether `bits` has `bit`, itself one of the powers of two. -#}
{% macro has_bit(bits, bit) -%}
    ({{ bits }} & {{ bit }}) <> 0
{%- endmacro %}

{#-
  A pseudonym as a number, by which millions are counted several times faster than by their
  texts. That no two donors share one is checked on dim_donor every night.
-#}
{% macro donor_number(donor_key) -%}
    {{ return(adapter.dispatch('donor_number', 'juandi')(donor_key)) }}
{%- endmacro %}

{% macro default__donor_number(donor_key) -%}
    {{ donor_key }}
{%- endmacro %}

{% macro duckdb__donor_number(donor_key) -%}
    hash({{ donor_key }})
{%- endmacro %}
