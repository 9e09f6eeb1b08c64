{#- A name is followed over so many renames, to either side. -#}
{%- set steps = 3 -%}
-- Names and whose they are: present and former names of the register, of organisations that others
-- name by code, and what renames tell of a name that is known. A name of several codes
-- (`codes_of_name`) tells nobody. A table: several models read it.
{{ config(materialized='table') }}

with renames as (
    select distinct
        former_name,
        name,
        uscc
    from {{ ref('stg_organization_renames') }}
),

names_0 as (
    select
        name,
        uscc
    from {{ ref('int_organization_versions') }}

    union

    select
        {{ each_name('former_names') }} as name,
        uscc
    from {{ ref('int_organization_versions') }}
    where former_names is not null

    union

    select
        name,
        uscc
    from {{ ref('int_inferred_organizations') }}
    where name is not null

    union

    select
        name,
        uscc
    from renames
    where uscc is not null
),

{% for step in range(1, steps + 1) %}
    names_{{ step }} as (
        select
            name,
            uscc
        from names_{{ step - 1 }}

        union

        select
            renames.former_name as name,
            known.uscc
        from renames
        inner join names_{{ step - 1 }} as known
            on renames.name = known.name and known.uscc = coalesce(renames.uscc, known.uscc)

        union

        select
            renames.name,
            known.uscc
        from renames
        inner join names_{{ step - 1 }} as known
            on renames.former_name = known.name and known.uscc = coalesce(renames.uscc, known.uscc)
    ),
{% endfor %}

counted as (
    select
        name,
        uscc,
        count(*) over (partition by name) as codes_of_name
    from names_{{ steps }}
)

select * from counted
