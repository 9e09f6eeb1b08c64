{#-
  人 (distinct pseudonyms) of every scope that a mart names, as one select over `gifts`, a relation
  of the shape of fact_donation. A scope without a pseudonym has no row: its count is null, not 0.
-#}
{% macro donor_counts(gifts) -%}
    {%- set year = "cast(extract(year from gifts.paid_at) as integer)" -%}
    {%- set no_id = "cast(null as " ~ dbt.type_string() ~ ")" -%}
    {%- set no_number = "cast(null as integer)" -%}
    {%- set is_company = "(gifts.donor_kind = 'organization' or gifts.channel_id = 'corporate')" -%}
    {#- scope, its id, year, day, a part of it, which gifts count -#}
    {%- set scopes = [
        ('campaign', 'gifts.campaign_id', no_number, no_number, no_id, 'gifts.campaign_id is not null'),
        ('campaign_day', 'gifts.campaign_id', no_number, 'gifts.date_key', no_id,
            'gifts.campaign_id is not null'),
        ('campaign_year', 'gifts.campaign_id', year, no_number, no_id, 'gifts.campaign_id is not null'),
        ('campaign_year_companies', 'gifts.campaign_id', year, no_number, no_id,
            'gifts.campaign_id is not null and ' ~ is_company),
        ('campaign_band', 'gifts.campaign_id', no_number, no_number, amount_band('gifts.amount_cny'),
            'gifts.campaign_id is not null'),
        ('year_band', no_id, year, no_number, amount_band('gifts.amount_cny'), 'true'),
        ('year_flow', 'donor_bands.band3', year, no_number, 'project_bands.band3', 'true'),
        ('organization_year', 'gifts.initiator_uscc', year, no_number, no_id, 'true'),
        ('project', 'gifts.project_no', no_number, no_number, no_id, 'true'),
    ] -%}
    {% for scope_type, id, giving_year, day_key, part, condition in scopes %}
        {% if not loop.first %}union all{% endif %}
        select
            '{{ scope_type }}' as scope_type,
            {{ id }} as scope_id,
            {{ giving_year }} as giving_year,
            {{ day_key }} as date_key,
            cast({{ part }} as {{ dbt.type_string() }}) as part,
            count(distinct {{ donor_number('gifts.donor_key') }}) as donor_count
        from {{ gifts }} as gifts
        {% if scope_type == 'year_flow' %}
        inner join {{ ref('dim_region') }} as donor_bands
            on gifts.donor_region_code = donor_bands.region_code and donor_bands.is_latest_of_code
        inner join {{ ref('dim_region') }} as project_bands
            on gifts.project_region_code = project_bands.region_code and project_bands.is_latest_of_code
        {% endif %}
        where gifts.donor_key <> 'unknown' and {{ condition }}
        group by {{ [id, giving_year, day_key, part] | reject('in', [no_id, no_number]) | join(', ') }}
    {% endfor %}
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
