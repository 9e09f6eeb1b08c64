select
    uscc,
    is_uscc_valid,
    name,
    former_names,
    kind,
    can_fundraise_publicly,
    registered_at as registration_authority,
    level,
    region_code,
    founded_on,
    {{ fen_to_cny('net_assets_fen') }} as net_assets_cny,
    {{ lake_line() }},
    not_told
from {{ source('lake', 'organizations') }}
