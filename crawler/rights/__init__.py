"""What publishers declare of the use of their pages: read as it is written, without a judgement of law."""
