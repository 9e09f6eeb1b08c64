-- Projects and days of gifts, as far as this build asks what they say of a gift: of all orders as
-- staged, or of those that arrived and those that the last release knew.
-- depends_on: {{ ref('int_arrived_orders') }}
-- depends_on: {{ ref('int_staged_orders') }}
select
    project_no,
    cast(paid_at as date) as paid_on
from {{ ref('int_arrived_orders') if continued() else ref('int_staged_orders') }}
{% if continued() %}
    union all

    select
        project_no,
        paid_on
    from {{ source('base', 'contexts') }}
{% endif %}
