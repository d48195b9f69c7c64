"""Recordings in, masters out: probing, encoding, tags and artwork. The only home of av, lameenc, mutagen and Pillow."""
