"""Juandi (涓滴): HOW rows move, from a landed file to a published release.

Imports run one way: ``definitions``/``cli`` → ``stages`` and ``sample`` → ``reading`` →
``sources``, ``quality``, ``publishing`` → ``cleaning`` → ``settings``. What rows *mean* is SQL
and lives in ``dbt_project/``; what must be *true* lives in ``expectations/``.
"""

__version__ = "0.1.0"
