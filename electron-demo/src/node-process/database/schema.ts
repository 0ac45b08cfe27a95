/** Grows with each change of {@link schema}. */
export const schemaVersion = 1

/**
 * Tables of the chat. Times are microseconds since the Unix epoch, which a double holds without loss.
 *
 * `position` orders a room: the sender's time, but a live message never goes before what is already there because its sender's
 * clock is late by a moment. Every window of a room is a walk over `messages_order`.
 */
export const schema = `
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE rooms (
    id TEXT PRIMARY KEY,
    joined_at INTEGER NOT NULL,
    draft TEXT NOT NULL DEFAULT '',
    read_position INTEGER NOT NULL,
    caught_up_at INTEGER,
    has_older INTEGER NOT NULL DEFAULT 1
  ) WITHOUT ROWID;

  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    room_id TEXT NOT NULL REFERENCES rooms (id),
    position INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    hash TEXT NOT NULL,
    uid TEXT,
    nick TEXT NOT NULL,
    text TEXT NOT NULL,
    is_own INTEGER NOT NULL,
    state TEXT NOT NULL,
    error TEXT,
    client_id TEXT
  );
  CREATE INDEX messages_order ON messages (room_id, position, id);
  CREATE UNIQUE INDEX messages_hash ON messages (hash, room_id);
  CREATE UNIQUE INDEX messages_uid ON messages (uid, room_id) WHERE uid IS NOT NULL;
  CREATE UNIQUE INDEX messages_client ON messages (client_id) WHERE client_id IS NOT NULL;
  CREATE INDEX messages_state ON messages (state, id)
`
