"""Takes the steps of a move in DuckDB, says when each begins and ends, and waits to be killed.

The argument is the database; the steps come as JSON, each a script or a query with its parameters.
"""

import json
import signal
import sys
from datetime import datetime

import duckdb

connection = duckdb.connect(sys.argv[1])
connection.execute("SET TimeZone = 'UTC'")
for text, parameters in json.load(sys.stdin):
    print("begun", flush=True)
    moments = {k: datetime.fromisoformat(v) if isinstance(v, str) else v for k, v in parameters.items()}
    connection.execute(text, moments or None)
    print("ended", flush=True)
signal.pause()
