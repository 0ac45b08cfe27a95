/** Marks a database file as an archive of this package (`PRAGMA application_id`): "wakA". */
export const applicationId = 0x77616b41

/**
 * Brings a database from the schema version of the index to the next one. Append only: archives of every version are out there.
 *
 * Topics are kept as bytes, because text ends at a NUL for some drivers and senders choose them. Every index
 * ends in timestamp and hash, the order of the archive, so that a page is one walk along an index, however large it is.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE pubsub_topics (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE) STRICT;
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    pubsub_id INTEGER NOT NULL,
    topic_key BLOB NOT NULL,
    timestamp INTEGER NOT NULL,
    version INTEGER NOT NULL,
    content_topic BLOB NOT NULL,
    meta BLOB NOT NULL,
    payload BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX messages_by_hash ON messages (hash);
  CREATE INDEX messages_by_topic ON messages (topic_key, timestamp, hash);
  CREATE INDEX messages_by_pubsub ON messages (pubsub_id, timestamp, hash);
  CREATE TABLE totals (num_messages INTEGER NOT NULL) STRICT;
  INSERT INTO totals VALUES (0);
  `
]
