-- What the projects of a county have raised since it was enrolled. Without a project that is known
-- nothing is known of it, and there is no row.
select
    projects.program_id,
    projects.place_code,
    coalesce(sum(gifts.net_cny), 0) as raised_cny,
    count(gifts.order_no) - count(gifts.net_cny) as gifts_of_unknown_net
from {{ ref('int_program_projects') }} as projects
left join {{ ref('fact_donation') }} as gifts
    on
        projects.project_no = gifts.project_no
        and cast(gifts.paid_at as date) >= projects.enrolled_on
group by projects.program_id, projects.place_code
