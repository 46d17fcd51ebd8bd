"""Runs ministack as a database that keeps what it has acknowledged.

This package is the program of a child process and runs in ministack's own environment, so it
imports nothing of ours but itself. `infra.local.engines.ministack` starts it; the two speak in
lines of JSON: one when it is ready, one for each `save` it is asked for on standard input. When
standard input ends, whoever started it is gone, and it stops as cleanly as on SIGTERM.

What is kept, in the state directory:

- `journal-<n>.log`: what every DynamoDB request changed, in the order in which the engine did
  it, handed to the operating system before the answer goes out. So killing this process or its
  parent loses nothing that was acknowledged. The journal is not forced to the disk: a power
  cut loses what the operating system had not written yet, on Linux about the last half a
  minute, from the end backwards. A kill also forgets the idempotency tokens of transactions
  since the last snapshot.
- `snapshot-<n>.pickle`: everything as it stood when journal n began: items, queues with their
  messages, rules, users, keys, and those stream records that some reader has not done with. A
  forked copy of this process writes it while requests go on; it counts from the moment it has
  its name, and older files are then deleted.
- `s3/`: the objects, which ministack itself writes as they come.

At a start the newest snapshot is loaded and the journal repeated on top of it. Repeating the
writes makes their stream records anew; with those in the snapshot they are every change that
readers may not have seen, so reading each stream from its oldest record on brings the readers
up to date, with some repeats. What only queues, rules, users or secrets saw after the snapshot
is lost by a kill; about a second after such a change (messages apart) a snapshot follows.
"""
