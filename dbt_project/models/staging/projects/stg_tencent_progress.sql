select
    progress_id,
    project_no,
    published_at,
    title,
    {{ lake_line() }}
from {{ source('lake', 'tencent_progress') }}
