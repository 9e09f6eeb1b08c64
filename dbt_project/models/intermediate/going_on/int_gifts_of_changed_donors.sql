-- Of a build that goes on from the last release: all gifts that the changed donors have now.
{{ config(materialized='table') }}

select gifts.*
from {{ ref('fact_donation') }} as gifts
inner join {{ ref('int_changed_donors') }} as donors
    on gifts.donor_key = donors.donor_key
