/**
 * Messages that are sent from one node to another, by the size of their payload. As many as take some six seconds, because in a short
 * run much is of code that is not compiled yet, and of them no more on their way than the native backend hands over: a C program that
 * has more loses some.
 */
export const throughputCases = [
  { name: '300 B', sizeBytes: 300, count: 60_000, open: 450 },
  { name: '1 KiB', sizeBytes: 1024, count: 45_000, open: 190 },
  { name: '10 KiB', sizeBytes: 10 * 1024, count: 9000, open: 22 },
  { name: '100 KiB', sizeBytes: 100 * 1024, count: 900, open: 3 }
] as const
