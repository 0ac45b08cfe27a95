import { schemaName as schema } from './schema.js'

// What a row takes beside its payload, topics and meta: its columns of fixed length, three index entries, page overhead.
const rowOverheadBytes = 350
const rowBytes = `octet_length(payload) + octet_length(meta) + octet_length(content_topic) + octet_length(pubsub_topic) + ${rowOverheadBytes}`

const columns = 'hash, pubsub_key, topic_key, timestamp, version, pubsub_topic, content_topic, meta, payload'
const types = ['bytea', 'bytea', 'bytea', 'bigint', 'bigint', 'bytea', 'bytea', 'bytea', 'bytea']

// One walk along an index for each key, each no longer than the page; then the first of them all. $1 is keys, $2 to $5 both ends, $6 the limit.
const walk = (selected: string, key: 'topic_key' | 'pubsub_key', direction: 'ASC' | 'DESC'): string => `
  SELECT lane.* FROM unnest($1::bytea[]) AS wanted (key) CROSS JOIN LATERAL (
    SELECT ${selected} FROM ${schema}.messages
    WHERE ${key} = wanted.key AND (timestamp, hash) > ($2::bigint, $3::bytea) AND (timestamp, hash) < ($4::bigint, $5::bytea)
    ORDER BY timestamp ${direction}, hash ${direction} LIMIT $6::int
  ) AS lane
  ORDER BY timestamp ${direction}, hash ${direction} LIMIT $6::int`

const walks = (selected: string) => ({
  topic_key: { forward: walk(selected, 'topic_key', 'ASC'), backward: walk(selected, 'topic_key', 'DESC') },
  pubsub_key: { forward: walk(selected, 'pubsub_key', 'ASC'), backward: walk(selected, 'pubsub_key', 'DESC') }
})

const data = 'timestamp, hash, version, pubsub_topic, content_topic, meta, payload'

/** Every statement on the tables of an archive. */
export const statements = {
  /** Walks that read messages, and such that read only their place in the order. */
  readMessages: walks(data),
  readKeys: walks('timestamp, hash'),
  /** One array for each column. Deduplicated by hash, within the call too; returns how many rows are new. */
  insert: `
    WITH given AS (
      SELECT DISTINCT ON (hash) * FROM unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')}) AS given (${columns})
    ), topics AS (
      INSERT INTO ${schema}.pubsub_topics (name) SELECT DISTINCT pubsub_topic FROM given ORDER BY 1 ON CONFLICT DO NOTHING
    ), inserted AS (
      INSERT INTO ${schema}.messages (${columns}) SELECT ${columns} FROM given ORDER BY hash ON CONFLICT (hash) DO NOTHING
      RETURNING ${rowBytes} AS bytes
    ), counted AS (
      SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM inserted
    )
    UPDATE ${schema}.totals SET num_messages = num_messages + counted.messages, num_bytes = num_bytes + counted.bytes
    FROM counted RETURNING counted.messages`,
  delete: `
    WITH deleted AS (
      DELETE FROM ${schema}.messages WHERE hash = ANY ($1::bytea[]) RETURNING ${rowBytes} AS bytes
    ), counted AS (
      SELECT count(*) AS messages, coalesce(sum(bytes), 0) AS bytes FROM deleted
    )
    UPDATE ${schema}.totals SET num_messages = num_messages - counted.messages, num_bytes = num_bytes - counted.bytes
    FROM counted RETURNING counted.messages`,
  // The length of the list is the sender's, so it is one parameter.
  byHash: `SELECT ${data}, pubsub_key, topic_key FROM ${schema}.messages WHERE hash = ANY ($1::bytea[])`,
  keysByHash: `SELECT timestamp, hash, pubsub_key, topic_key FROM ${schema}.messages WHERE hash = ANY ($1::bytea[])`,
  pubsubTopics: `SELECT name FROM ${schema}.pubsub_topics`,
  totals: `SELECT num_messages, num_bytes FROM ${schema}.totals`
} as const
