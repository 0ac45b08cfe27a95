// Both ends of a walk are rows of the index, so that it starts where the page does and ends with it.
const walk = (index: string, column: string, direction: 'ASC' | 'DESC') => `
  SELECT timestamp, hash, id FROM messages INDEXED BY ${index}
  WHERE ${column} = ? AND (timestamp, hash) > (?, ?) AND (timestamp, hash) < (?, ?)
  ORDER BY timestamp ${direction}, hash ${direction} LIMIT ?`

/**
 * Every statement on the tables of an archive. None may read more rows than it returns or deletes, or sort them
 * (a test asks SQLite for its plans).
 */
export const statements = {
  insert: `
    INSERT INTO messages (hash, pubsub_id, topic_key, timestamp, version, content_topic, meta, payload)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING`,
  topicForward: walk('messages_by_topic', 'topic_key', 'ASC'),
  topicBackward: walk('messages_by_topic', 'topic_key', 'DESC'),
  pubsubForward: walk('messages_by_pubsub', 'pubsub_id', 'ASC'),
  pubsubBackward: walk('messages_by_pubsub', 'pubsub_id', 'DESC'),
  byHash: 'SELECT timestamp, hash, id, pubsub_id, topic_key FROM messages WHERE hash = ?',
  // CROSS JOIN keeps the order of the list.
  read: `
    SELECT m.hash, m.pubsub_id, m.timestamp, m.version, m.content_topic, m.meta, m.payload
    FROM json_each(?) AS wanted CROSS JOIN messages AS m ON m.id = wanted.value`,
  delete: 'DELETE FROM messages WHERE id IN (SELECT value FROM json_each(?))',
  insertPubsubTopic: 'INSERT INTO pubsub_topics (name) VALUES (?) ON CONFLICT (name) DO NOTHING',
  pubsubTopicByName: 'SELECT id FROM pubsub_topics WHERE name = ?',
  pubsubTopics: 'SELECT id, name FROM pubsub_topics',
  addToCount: 'UPDATE totals SET num_messages = num_messages + ?',
  count: 'SELECT num_messages FROM totals'
} as const
