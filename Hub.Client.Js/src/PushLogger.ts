/** Where a client says what its developer should know. The console is one, and so are most loggers. */
export interface PushLogger {
  warn(message: string): void;
}
