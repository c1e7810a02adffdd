"""Tables that are written while their rows are still being made: bounded memory, the same bytes however rows come."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lineage.report.files import replacing

ROWS = 1 << 18  # of one row group


def write(path: Path, schema: pa.Schema, parts: Iterable[pa.Table]) -> None:
    """Write the rows of all parts as one Parquet file; it appears whole or not at all.  Raises OutputError."""
    with replacing(path) as beside, pq.ParquetWriter(beside, schema, compression="zstd") as file:
        waiting = schema.empty_table()
        for part in parts:
            waiting = pa.concat_tables([waiting, part])
            while waiting.num_rows >= ROWS:
                file.write_table(waiting.slice(0, ROWS).combine_chunks(), row_group_size=ROWS)
                waiting = waiting.slice(ROWS)
        if waiting.num_rows:
            file.write_table(waiting.combine_chunks(), row_group_size=ROWS)
