-- The remark is left in the lake: people write names, addresses and wishes into it.
select
    seq as printed_no,
    line_kind,
    donated_on,
    donor_key,
    donor_kind,
    donor_name_public,
    {{ fen_to_cny('amount_fen') }} as amount_cny,
    {{ fen_to_cny('cumulative_fen') }} as cumulative_cny,
    channel as channel_printed,
    recipient as recipient_printed,
    {{ lake_line() }}
from {{ source('lake', 'donation_notices') }}
