"""Ways to what was published before a source was watched: each is one file, and `ways.py` names them."""
