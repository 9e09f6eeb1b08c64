{#-
  人 (distinct pseudonyms) of every scope that a mart names, as one select over `gifts`, a relation
  of the shape of fact_donation. A scope without a pseudonym has no row: its count is null, not 0.

  Scopes of few members (bands of amounts, flows between bands of regions) are counted together: a
  row per donor, campaign and year has a bit for each that the donor gave in. Only where a campaign
  has several years, or a year several campaigns, are a donor's rows merged again.
-#}
{% macro donor_counts(gifts) -%}
    {%- set year = "cast(extract(year from gifts.paid_at) as integer)" -%}
    {%- set donor = donor_number('gifts.donor_key') -%}
    {%- set named = gifts ~ " as gifts where gifts.donor_key <> 'unknown'" -%}
    {%- set distinct_donors = 'count(distinct ' ~ donor ~ ')' -%}
    {%- set company = "(gifts.donor_kind = 'organization' or gifts.channel_id = 'corporate')" -%}
    {%- set places -%}
        -- at most seven bands of regions: a flow between two is one of 49 bits
        select
            region_code,
            band3,
            cast(power(2, dense_rank() over (order by band3 nulls last) - 1) as bigint) as to_bit,
            cast(power(2, 7 * (dense_rank() over (order by band3 nulls last) - 1)) as bigint) as from_bit
        from {{ ref('dim_region') }}
        where is_latest_of_code
    {%- endset -%}
    {%- set marks -%}
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
    {%- endset -%}
    {#- a few hundred rows from here on: how many donors show the same bits -#}
    {%- set alike -%}
        select
            campaign_id,
            giving_year,
            bands,
            flows,
            is_company,
            count(*) as donors
        from marks
        group by campaign_id, giving_year, bands, flows, is_company
    {%- endset -%}
    with places as (
        {{ made_once('places', places) }}
    ),

    marks as (
        {{ made_once('marks', marks, reads=['places']) }}
    ),

    alike as (
        {{ made_once('alike', alike, reads=['marks']) }}
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
        {{ scope_counts('campaign', 'campaigns', 'sum(donors)', scope_id='campaign_id') }}
        union all
        {{ scope_counts(
            'campaign_band',
            'campaigns inner join bands on ' ~ has_bit('campaigns.bands', 'bands.band_bit'),
            'sum(campaigns.donors)',
            scope_id='campaigns.campaign_id',
            part='cast(bands.band_no as ' ~ dbt.type_string() ~ ')',
        ) }}
        union all
        {{ scope_counts(
            'campaign_year', 'alike where campaign_id is not null', 'sum(donors)',
            scope_id='campaign_id', giving_year='giving_year',
        ) }}
        union all
        {{ scope_counts(
            'campaign_year_companies', 'alike where campaign_id is not null and is_company = 1',
            'sum(donors)', scope_id='campaign_id', giving_year='giving_year',
        ) }}
        union all
        {{ scope_counts(
            'year_band',
            'years inner join bands on ' ~ has_bit('years.bands', 'bands.band_bit'),
            'sum(years.donors)',
            giving_year='years.giving_year',
            part='cast(bands.band_no as ' ~ dbt.type_string() ~ ')',
        ) }}
        union all
        {{ scope_counts(
            'year_flow',
            'years inner join flows on ' ~ has_bit('years.flows', 'flows.flow_bit'),
            'sum(years.donors)',
            scope_id='flows.donor_band', giving_year='years.giving_year', part='flows.project_band',
        ) }}
        union all
        {{ scope_counts(
            'campaign_day', named ~ ' and gifts.campaign_id is not null', distinct_donors,
            scope_id='gifts.campaign_id', date_key='gifts.date_key',
        ) }}
        union all
        {{ scope_counts(
            'organization_year', named, distinct_donors,
            scope_id='gifts.initiator_uscc', giving_year=year,
        ) }}
        union all
        {{ scope_counts('project', named, distinct_donors, scope_id='gifts.project_no') }}
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

{#- Donors by what is given of a scope's columns; the others are null. -#}
{% macro scope_counts(
    scope_type, relation, donors, scope_id=none, giving_year=none, date_key=none, part=none
) -%}
    {%- set text = 'cast(null as ' ~ dbt.type_string() ~ ')' -%}
    {%- set number = 'cast(null as integer)' -%}
    select
        '{{ scope_type }}' as scope_type,
        {{ scope_id or text }} as scope_id,
        {{ giving_year or number }} as giving_year,
        {{ date_key or number }} as date_key,
        {{ part or text }} as part,
        {{ donors }} as donor_count
    from {{ relation }}
    group by {{ [scope_id, giving_year, date_key, part] | select | join(', ') }}
{%- endmacro %}
