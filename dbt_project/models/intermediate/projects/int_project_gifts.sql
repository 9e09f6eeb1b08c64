select
    project_no,
    count(*) as donation_count,
    {{ count_donors() }} as donor_count,
    sum(net_cny) as net_cny
from {{ ref('fact_donation') }}
group by project_no
