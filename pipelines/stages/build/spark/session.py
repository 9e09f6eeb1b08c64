"""A session of Spark for one build: opened beside dbt in this process, and ended without a trace.

What Spark writes beside results (its log, scratch) lies in the build. What is computed in the
session is others' business.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.settings import Settings
from pipelines.stages.build.nodes import ModelsFailed
from pipelines.stages.build.spark.at_hand import SparkMissing, check_spark, is_local
from pipelines.stages.build.spark.conf import spark_conf

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: Seconds that a cluster has for its first executor.
PATIENCE = 120
_LOG = "spark.log"
_LOGGING = """\
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = {log}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{yyyy-MM-dd HH:mm:ss}} %p %c{{1}}: %m%n
logger.executors.name = org.apache.spark.deploy.client
logger.executors.level = info
logger.again.name = org.apache.spark.sql.SparkSession
logger.again.level = error
logger.window.name = org.apache.spark.sql.execution.window
logger.window.level = error
"""


class SparkFailed(ModelsFailed):
    """Spark could not be opened, or ended; the message says what to do."""


@contextmanager
def spark_session(settings: Settings) -> Iterator[SparkSession]:
    """The open session of this process, or one of its own that ends with the context.

    Raises SparkFailed, and SettingsError for `[spark]`.
    """
    try:
        check_spark(settings)
    except SparkMissing as missing:
        raise SparkFailed(str(missing)) from None
    # of which nothing is used here
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    from pyspark.sql import SparkSession

    if (active := SparkSession.getActiveSession()) is not None:
        yield active
        return
    with ExitStack() as ending:
        session = _opened(settings, ending)
        if not is_local(settings.spark_master):
            _await_executor(session, settings)
            _try_folder(session, settings)
        yield session


def log_file(settings: Settings) -> Path:
    """Where Spark's own log of a build is."""
    return settings.spark / _LOG


def has_ended(session: SparkSession) -> bool:
    """Whether its Java process, or its application on the cluster, no longer answers."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        session.sql("select 1").collect()
    except (Py4JError, PySparkException, OSError):
        return True
    return False


def _opened(settings: Settings, ending: ExitStack) -> SparkSession:
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    settings.spark.mkdir(parents=True, exist_ok=True)
    # what an earlier session wrote: this one's catalogue does not know it
    shutil.rmtree(settings.spark / "warehouse", ignore_errors=True)
    logging, log = settings.spark / "log4j2.properties", log_file(settings)
    logging.write_text(_LOGGING.format(log=log), encoding="utf-8")
    conf = SparkConf(loadDefaults=False)
    for name, value in spark_conf(settings).items():
        conf.set(name, value)
    words = conf.get("spark.driver.extraJavaOptions", "")
    own = f"-Dlog4j2.configurationFile={logging.as_uri()} {words}"
    conf.set("spark.driver.extraJavaOptions", own.strip())
    try:
        with log.open("ab") as said:
            launch: Any = launch_gateway  # its package has types only where it is installed
            with _own_spark(settings):
                gateway = launch(conf, {"stdout": said, "stderr": said})
        ending.callback(_end, gateway)
        context = SparkContext(conf=conf, gateway=gateway)
        ending.callback(_quietly(context.stop))
        session = SparkSession.builder.getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        raise SparkFailed(
            f"Spark 无法启动，详见 {log} / Spark does not start ({_first_line(error)}): the reason "
            f"is in {log}; less `driver.memory` in [spark] of {settings.config} may help"
        ) from None
    ending.callback(_quietly(session.stop))
    return session


@contextmanager
def _own_spark(settings: Settings) -> Iterator[None]:
    """The Spark of this environment, without the defaults of another that the machine may have."""
    import pyspark

    without = settings.spark / "conf"
    without.mkdir(exist_ok=True)
    own = {
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_CONF_DIR": str(without),
        "PYSPARK_SUBMIT_ARGS": "pyspark-shell",
    }
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _end(gateway: object) -> None:
    """Ends the Java process and lets Python forget it, so that the next build has its own."""
    from pyspark import SparkContext

    process: subprocess.Popen[bytes] = gateway.proc  # type: ignore[attr-defined] # set by pyspark
    _quietly(gateway.shutdown)()  # type: ignore[attr-defined] # of py4j, which ships no types
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()  # its sign to end
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    SparkContext._gateway = SparkContext._jvm = None


def _quietly(end: Callable[[], None]) -> Callable[[], None]:
    """What is ended may have died before."""

    def quiet() -> None:
        from py4j.protocol import Py4JError

        with suppress(Py4JError, OSError):
            end()

    return quiet


def _try_folder(session: SparkSession, settings: Settings) -> None:
    """Has every core write a few rows and counts them here: an executor that does not see the
    build's folder would write its rows of every table on a disk of its own, in silence."""
    count = max(session.sparkContext.defaultParallelism * 4, 8)
    folder = settings.spark / "probe"
    session.range(0, count, 1, count).write.mode("overwrite").parquet(f"file:{folder}")
    with duckdb.connect() as db:
        files = str(folder / "*.parquet").replace("'", "''")
        seen = db.execute(f"select count(*) from read_parquet('{files}')").fetchone()
    if seen != (count,):
        raise SparkFailed(
            f"执行器看不到 {settings.spark} / an executor does not see {settings.spark}: of "
            f"{count} rows that executors wrote {seen[0] if seen else 0} are here. Every machine "
            "has to have the warehouse at this path"
        )


def _await_executor(session: SparkSession, settings: Settings) -> None:
    """A job without work: Spark itself would wait for an executor for ever."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    timer = Timer(PATIENCE, session.sparkContext.cancelAllJobs)
    timer.start()
    try:
        session.range(1).count()
    except (PySparkException, Py4JError):
        memory = session.conf.get("spark.executor.memory", "1g")
        raise SparkFailed(
            f"{PATIENCE} 秒内没有执行器 / {settings.spark_master} gave no "
            f"executor within {PATIENCE} s: is there a worker with a free core and {memory} of "
            f"memory? `executor.memory` in [spark] of {settings.config} asks for less; its log: "
            f"{log_file(settings)}"
        ) from None
    finally:
        timer.cancel()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
