import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "tests" / "python"))

from moves import Duck, ManagedTables, SparkTables  # noqa: E402
from sessions import duckdb_session, spark_session  # noqa: E402


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="rewrite MATRIX.md and observed.json with what the engines do now",
    )


@pytest.fixture(scope="session")
def duck():
    with duckdb_session() as connection:
        yield connection


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory):
    session = spark_session(tmp_path_factory.mktemp("spark"))
    # The tables are tiny and the statements many: compiling each costs more than it saves.
    session.conf.set("spark.sql.codegen.wholeStage", "false")
    yield session
    session.stop()


@pytest.fixture(params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest, tmp_path: Path):
    """An engine that has no tables; `spark-managed` is one that reads those of the platform."""
    if request.param == "duckdb":
        with duckdb_session() as connection:
            yield Duck(connection)
        return
    session = request.getfixturevalue("spark")
    kind = ManagedTables if request.param == "spark-managed" else SparkTables
    yield kind(session, tmp_path)
    for row in session.sql("SHOW TABLES IN tests.lake").collect():
        session.sql(f"DROP TABLE tests.lake.`{row.tableName}`")
