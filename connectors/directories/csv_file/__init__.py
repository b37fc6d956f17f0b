"""A file of users, CSV or XLSX: an export as it is, or a plain table."""

from connectors.directories.csv_file.directory import CsvDirectory
from connectors.directories.csv_file.settings import CsvSettings
from connectors.directories.kinds import Kind

KIND = Kind("csv", CsvSettings, lambda settings, _: CsvDirectory(settings), files=("path",))
