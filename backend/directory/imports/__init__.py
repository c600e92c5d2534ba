"""Reading spreadsheets and deciding the fate of each row, without a database."""
