-- Of a build that goes on from the last release: all gifts that the changed donors had there.
-- Donors share no gift: what these add to any count of donors is taken out whole, and what the
-- same donors add now is put in.
{{ config(materialized='table') }}

select gifts.*
from {{ source('base', 'gifts') }} as gifts
inner join {{ ref('int_changed_donors') }} as donors
    on gifts.donor_key = donors.donor_key
