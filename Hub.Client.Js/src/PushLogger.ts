/** Where a client writes what its developer should know. The console has this shape, and so do most loggers. */
export interface PushLogger {
  warn(message: string): void;
}
