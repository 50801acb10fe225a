from pathlib import Path

import pytest
from pyiceberg.catalog.sql import SqlCatalog

from artefacts import TABLES, Artefacts
from sessions import duckdb_session

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
    with duckdb_session() as connection:
        yield connection


@pytest.fixture
def catalog(tmp_path: Path):
    catalog = SqlCatalog("tests", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=str(tmp_path))
    catalog.create_namespace("lake")
    yield catalog
    catalog.close()
