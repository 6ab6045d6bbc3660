"""CDXJ index lines and the files that hold them."""
