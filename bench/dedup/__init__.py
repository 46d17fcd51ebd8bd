"""`./sahip bench dedup` and `./sahip learn dedup`: how well people are told to be one person."""
