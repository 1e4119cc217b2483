import { JsonHubProtocol, type HubMessage, type IHubProtocol, type ILogger } from "@microsoft/signalr";

const recordSeparator = "\u001e";
const completion = /^\s*\{\s*"type"\s*:\s*3\b/;

/**
 * SignalR's JSON protocol ends the connection at a record that it cannot read. This one skips the record and reports it: otherwise the
 * record would end every later connection too, since it would be sent again.
 */
export class ForgivingProtocol implements IHubProtocol {
  readonly #json = new JsonHubProtocol();
  readonly #onUnreadable: (cause: unknown, isAnswer: boolean) => void;

  readonly name = this.#json.name;
  readonly version = this.#json.version;
  readonly transferFormat = this.#json.transferFormat;

  /** @param onUnreadable Is told why a record could not be read, and whether it was to answer a call. */
  constructor(onUnreadable: (cause: unknown, isAnswer: boolean) => void) {
    this.#onUnreadable = onUnreadable;
  }

  writeMessage(message: HubMessage): string {
    return this.#json.writeMessage(message);
  }

  parseMessages(input: string, logger: ILogger): HubMessage[] {
    const records = input.split(recordSeparator).filter((record) => record !== "");
    return records.flatMap((record) => this.#parse(record, logger));
  }

  #parse(record: string, logger: ILogger): HubMessage[] {
    try {
      return this.#json.parseMessages(record + recordSeparator, logger);
    } catch (cause) {
      this.#onUnreadable(cause, completion.test(record));
      return [];
    }
  }
}
