import { beforeEach, describe, expect, test } from "vitest";
import type { CursorStorage } from "../../src/index.js";
import { StoredCursors } from "../../src/resume/StoredCursors.js";
import { MemoryStorage } from "../fixtures/MemoryStorage.js";
import { ThrowingStorage } from "../fixtures/ThrowingStorage.js";

const hub = "https://example.org/hub";
const list = `realtimehub:${hub}`;
const alice = "user:alice";

describe("Stored cursors", () => {
  let storage: CursorStorage;
  let failures: unknown[];

  beforeEach(() => {
    storage = new MemoryStorage();
    failures = [];
  });

  function stored(url = hub): StoredCursors {
    return new StoredCursors(storage, url, (error) => failures.push(error));
  }

  test("are found again by whoever comes next", () => {
    stored().save(alice, "1-1");
    stored().save("everyone", "7-7");
    stored().save(alice, "2-2");

    expect(stored().load()).toEqual({ [alice]: "2-2", everyone: "7-7" });
  });

  test("are those of one hub", () => {
    stored().save(alice, "1-1");

    expect(stored("https://example.org/other").load()).toEqual({});
  });

  test("go when they are removed, and leave nothing behind", () => {
    stored().save(alice, "1-1");
    stored().save("everyone", "7-7");

    stored().remove(alice);

    expect(stored().load()).toEqual({ everyone: "7-7" });
    expect(storage.getItem(`${list}:${alice}`)).toBeNull();
  });

  test("survive that another tab writes at the same time", () => {
    const [one, other] = [stored(), stored()];

    one.save(alice, "1-1");
    other.save("group:room1", "5-5");
    one.save(alice, "2-2");
    other.save("group:room1", "6-6");

    expect(stored().load()).toEqual({ [alice]: "2-2", "group:room1": "6-6" });
  });

  test("come back with the next message if another tab has removed them", () => {
    const one = stored();
    one.save(alice, "1-1");
    stored().remove(alice);

    one.save(alice, "2-2");

    expect(stored().load()).toEqual({ [alice]: "2-2" });
  });

  test.each(["", "1-1", "{", "null", "7", '""', "{}", '["1-1"]'])("are none where '%s' stands instead", (foreign) => {
    stored().save(alice, "1-1");
    stored().save("everyone", "7-7");

    storage.setItem(`${list}:${alice}`, foreign);

    expect(stored().load()).toEqual({ everyone: "7-7" });
    expect(failures).toEqual([]);
  });

  test.each(["", "{", "null", "7", '"user:alice"', '{"user:alice":"1-1"}', "[7,null]"])("begin anew where '%s' stands for their list", (foreign) => {
    storage.setItem(list, foreign);

    expect(stored().load()).toEqual({});
    stored().save(alice, "1-1");

    expect(stored().load()).toMatchObject({ [alice]: "1-1" });
    expect(failures).toEqual([]);
  });

  test("tell once of a storage that throws, and do no harm", () => {
    storage = new ThrowingStorage();
    const cursors = stored();

    expect(cursors.load()).toEqual({});
    cursors.save(alice, "1-1");
    cursors.remove(alice);

    expect(failures).toEqual([new Error("No storage.")]);
  });

  test("are written again once there is room", () => {
    const cursors = stored();
    const full = storage;
    full.setItem = () => {
      throw new Error("No room.");
    };
    cursors.save(alice, "1-1");
    Reflect.deleteProperty(full, "setItem");

    cursors.save(alice, "2-2");

    expect(stored().load()).toEqual({ [alice]: "2-2" });
  });

  test("are nowhere without a storage", () => {
    const cursors = new StoredCursors(undefined, hub, (error) => failures.push(error));

    cursors.save(alice, "1-1");

    expect(cursors.load()).toEqual({});
    expect(failures).toEqual([]);
  });
});
