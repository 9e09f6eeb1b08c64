-- How many projects call a project their parent, in their current version.
select
    parent_project_no as project_no,
    count(*) as child_count
from {{ ref('dim_project') }}
where is_current and parent_project_no <> project_no
group by parent_project_no
