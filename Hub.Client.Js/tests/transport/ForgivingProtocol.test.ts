import { MessageType, NullLogger, type CloseMessage } from "@microsoft/signalr";
import { beforeEach, describe, expect, test } from "vitest";
import { ForgivingProtocol } from "../../src/transport/ForgivingProtocol.js";

const ping = '{"type":6}\u001e';

describe("The protocol", () => {
  let skipped: boolean[];
  let closings: CloseMessage[];
  let received: number;
  let protocol: ForgivingProtocol;

  beforeEach(() => {
    [skipped, closings, received] = [[], [], 0];
    protocol = new ForgivingProtocol({
      received: () => received++,
      closing: (message) => closings.push(message),
      unreadable: (cause, isAnswer) => {
        expect(cause).toBeInstanceOf(Error);
        skipped.push(isAnswer);
      },
    });
  });

  function typesIn(text: string): number[] {
    return protocol.parseMessages(text, NullLogger.instance).map(({ type }) => type);
  }

  test.each([
    ["{", false],
    ["null", false],
    ['{"type":"1"}', false],
    ['{"type":1,"target":7,"arguments":[]}', false],
    ['{"type":3,"invocationId":"1","result":', true],
    [' { "type" : 3 , ', true],
    ['{"type":33', false],
  ])("skips %s, tells it, and reads what is around it", (record, isAnswer) => {
    expect(typesIn(`${ping}${record}\u001e${ping}`)).toEqual([6, 6]);
    expect(skipped).toEqual([isAnswer]);
  });

  test("passes over a kind of record that is newer than it, without a word", () => {
    expect(typesIn(`{"type":77}\u001e${ping}`)).toEqual([6]);
    expect(skipped).toEqual([]);
  });

  test("skips what a record that was cut off has left", () => {
    expect(typesIn(`${ping}{"type":6`)).toEqual([6]);
    expect(skipped).toEqual([false]);
  });

  test("tells that something has come in, be it only a ping, or be it nonsense", () => {
    typesIn(ping + ping);
    typesIn("{");

    expect(received).toBe(2);
  });

  test("tells what a close says, whatever surrounds it", () => {
    const close = { type: 7, error: "ended: So be it.", allowReconnect: false } as const;

    expect(typesIn(`${ping}{${JSON.stringify(close)}\u001e${JSON.stringify(close)}\u001e${ping}`)).toEqual([6, 7, 6]);
    expect(closings).toEqual([close]);
  });

  test("speaks JSON as the stock client does", () => {
    expect(protocol).toMatchObject({ name: "json", version: 2 });
    expect(protocol.writeMessage({ type: MessageType.Ping })).toBe(ping);
  });
});
