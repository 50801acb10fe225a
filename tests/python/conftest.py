from importlib.resources import files
from pathlib import Path

import duckdb
import pytest
from pyiceberg.catalog.sql import SqlCatalog

from artefacts import TABLES, Artefacts

REPOSITORY = Path(__file__).resolve().parents[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--generated",
        type=Path,
        default=REPOSITORY / "generated",
        help="the folder with the artefacts under test",
    )


@pytest.fixture(scope="session")
def artefacts(request: pytest.FixtureRequest) -> Artefacts:
    return Artefacts(request.config.getoption("--generated"))


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def duck():
    """A DuckDB connection that reads Iceberg tables, with nothing fetched over the network."""
    config = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    with duckdb.connect(config=config) as connection:
        for extension in ("avro", "iceberg"):
            folder = (
                files(f"duckdb_extension_{extension}") / "extensions" / f"v{duckdb.__version__}"
            )
            connection.execute(f"LOAD '{folder / extension}.duckdb_extension'")
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


@pytest.fixture
def catalog(tmp_path: Path):
    catalog = SqlCatalog("tests", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=str(tmp_path))
    catalog.create_namespace("lake")
    yield catalog
    catalog.close()
