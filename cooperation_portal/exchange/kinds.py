"""Names of the kinds of work that imports ask for."""

READ_IMPORT, STORE_IMPORT = "read_import", "store_import"
