/** The PostgreSQL schema that holds an archive. All its tables are there, so a database can be shared with others. */
export const schemaName = 'nwaku_desktop'

/** Taken while the schema is brought up to date; any number will do, as long as it stays the same. */
export const migrationLock = 0x77616b41

/**
 * Brings the schema from the version of the index to the next one. Append only: archives of every version are out there.
 *
 * Topics are kept as bytes, because `text` takes no NUL character and senders choose them, and looked up by a key of
 * fixed length, because an index takes no long ones. Both indexes end in the order of the archive, so that a page is one walk.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE pubsub_topics (name bytea PRIMARY KEY);
  CREATE TABLE messages (
    hash bytea PRIMARY KEY,
    pubsub_key bytea NOT NULL,
    topic_key bytea NOT NULL,
    timestamp bigint NOT NULL,
    version bigint NOT NULL,
    pubsub_topic bytea NOT NULL,
    content_topic bytea NOT NULL,
    meta bytea NOT NULL,
    payload bytea NOT NULL
  );
  CREATE INDEX messages_by_topic ON messages (topic_key, timestamp, hash);
  CREATE INDEX messages_by_pubsub ON messages (pubsub_key, timestamp, hash);
  CREATE TABLE totals (num_messages bigint NOT NULL, num_bytes bigint NOT NULL);
  INSERT INTO totals VALUES (0, 0);
  `
]
