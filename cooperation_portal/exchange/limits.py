"""How much the portal takes at once. Said on the pages too, so that nobody finds out by trying."""

MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = (
    20 * MEGABYTE
)  # all files of one import together; what stands in front of the portal lets 25 MB through
LARGEST_ROWS = 100_000  # of one file
LARGEST_EXPORT = 50_000  # rows of a workbook; a CSV file has no limit
LARGEST_ERROR_WORKBOOK = 20_000  # rows; what is more comes in further workbooks
BATCH = 2000  # rows that are looked up, checked and stored together
# Above this the work may take its time, so that it holds up nobody who waits in front of a page.
SMALL_UPLOAD = 1 * MEGABYTE
SMALL_ROWS = 2000
