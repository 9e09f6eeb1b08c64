"""How a run that Dagster starts writes to stderr: as Dagster does, or as lines of `pipelines.logs`.

Of Dagster's own records only warnings and errors become lines, and not their words: an error may
quote a row. The words are in Dagster's record of the run.
"""

from __future__ import annotations

import logging

import dagster as dg

from pipelines.logs import is_json, log


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """A line for a warning or an error."""
        meta = getattr(record, "dagster_meta", {})
        event = meta.get("dagster_event")
        log(
            "dagster",
            "error" if record.levelno >= logging.ERROR else "warning",
            run=meta.get("run_id"),
            step=meta.get("step_key"),
            status=event.event_type_value if event else None,
        )


@dg.logger(
    config_schema={"log_level": dg.Field(str, default_value="DEBUG", is_required=False)},
    description="Dagster's own words on a terminal, lines of JSON with JUANDI_LOG=json.",
)
def run_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """The logger `console` of every job."""
    if not is_json():
        level = context.logger_config["log_level"]
        plain = dg.colored_console_logger.logger_fn
        return plain(dg.build_init_logger_context({"log_level": level, "name": "dagster"}))
    found = logging.Logger("juandi.runs", logging.WARNING)
    found.addHandler(_Lines())
    return found
