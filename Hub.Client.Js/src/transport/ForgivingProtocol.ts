import { JsonHubProtocol, MessageType, type HubMessage, type IHubProtocol, type ILogger } from "@microsoft/signalr";
import type { ProtocolListener } from "./ProtocolListener.js";

const recordSeparator = "\u001e";
const completion = /^\s*\{\s*"type"\s*:\s*3\b/;

/**
 * SignalR's JSON protocol ends the connection at a record that it cannot read. This one skips the record and reports it: otherwise the
 * record would end every later connection too, since it would be sent again. It also reports why the hub ends the connection.
 */
export class ForgivingProtocol implements IHubProtocol {
  readonly #json = new JsonHubProtocol();
  readonly #listener: ProtocolListener;

  readonly name = this.#json.name;
  readonly version = this.#json.version;
  readonly transferFormat = this.#json.transferFormat;

  constructor(listener: ProtocolListener) {
    this.#listener = listener;
  }

  writeMessage(message: HubMessage): string {
    return this.#json.writeMessage(message);
  }

  parseMessages(input: string, logger: ILogger): HubMessage[] {
    this.#listener.received();
    const records = input.split(recordSeparator).filter((record) => record !== "");
    const messages = records.flatMap((record) => this.#parse(record, logger));
    messages.forEach((message) => message.type === MessageType.Close && this.#listener.closing(message));
    return messages;
  }

  #parse(record: string, logger: ILogger): HubMessage[] {
    try {
      return this.#json.parseMessages(record + recordSeparator, logger);
    } catch (cause) {
      this.#listener.unreadable(cause, completion.test(record));
      return [];
    }
  }
}
