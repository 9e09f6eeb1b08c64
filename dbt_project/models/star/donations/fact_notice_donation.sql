-- Never added to platform gifts: a charity may publish here what came in through a platform.
select
    source_file_id,
    source_sheet,
    source_row,
    line_kind,
    printed_no,
    {{ date_key('donated_on') }} as date_key,
    donated_on,
    coalesce(donor_key, 'unknown') as donor_key,
    donor_kind,
    donor_name_public,
    amount_cny,
    cumulative_cny,
    channel_printed,
    recipient_printed,
    export_date
from {{ ref('stg_donation_notices') }}
