"""What was found, written down: story records, tables, drawings and graph formats."""
