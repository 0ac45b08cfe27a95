/** Messages that are sent from one node to another, by the size of their payload. As many as take some six seconds. */
export const throughputCases = [
  { name: '300 B', sizeBytes: 300, count: 60_000 },
  { name: '1 KiB', sizeBytes: 1024, count: 45_000 },
  { name: '10 KiB', sizeBytes: 10 * 1024, count: 9000 },
  { name: '100 KiB', sizeBytes: 100 * 1024, count: 900 }
] as const
