select
    'tencent' as platform_id,
    team_id,
    donor_key as leader_key,
    project_no,
    {{ fen_to_cny('goal_fen') }} as goal_cny,
    {{ fen_to_cny('raised_fen') }} as raised_cny,
    gifts as participations,
    circle,
    region_code,
    created_at,
    {{ lake_line() }},
    not_told
from {{ source('lake', 'tencent_teams') }}
