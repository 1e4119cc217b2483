import { beforeEach, describe, expect, test } from "vitest";
import type { CursorStorage } from "../../src/index.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import { MemoryStorage } from "../fixtures/MemoryStorage.js";
import { ThrowingStorage } from "../fixtures/ThrowingStorage.js";

const hub = "https://example.org/hub";
const alice = "user:alice";
const keyOf = (address: string): string => `realtimehub ${hub} ${address}`;

describe("Stored cursors", () => {
  let storage: CursorStorage;
  let failures: unknown[];

  beforeEach(() => {
    storage = new MemoryStorage();
    failures = [];
  });

  function stored(url = hub, kept: CursorStorage | (() => CursorStorage) = storage): StoredCursors {
    return new StoredCursors(kept, url, (error) => failures.push(error));
  }

  function loaded(url = hub): Record<string, string> {
    return Object.fromEntries(stored(url).load().cursors);
  }

  test("are found again by whoever comes next", () => {
    stored().save(alice, "1-1");
    stored().save("everyone", "7-7");
    stored().save(alice, "2-2");

    expect(loaded()).toEqual({ [alice]: "2-2", everyone: "7-7" });
  });

  test.each(["https://example.org/other", "https://example.org/hub:user", "https://example.org/hu"])(
    "are those of one hub, and not of %s",
    (other) => {
      stored(other).save("everyone", "1-1");
      stored().save("everyone", "7-7");

      expect(loaded()).toEqual({ everyone: "7-7" });
      expect(loaded(other)).toEqual({ everyone: "1-1" });
    },
  );

  test("leave what others keep in the same storage alone", () => {
    storage.setItem("basket", "3 apples");
    stored().save(alice, "1-1");

    expect(loaded()).toEqual({ [alice]: "1-1" });
    expect(storage.getItem("basket")).toBe("3 apples");
  });

  test("go when they are removed, and leave nothing behind", () => {
    stored().save(alice, "1-1");
    stored().save("everyone", "7-7");

    stored().remove(alice);
    stored().remove("everyone");

    expect(loaded()).toEqual({});
    expect(storage.key(0)).toBeNull();
  });

  test("survive that another tab writes at the same time", () => {
    const [one, other] = [stored(), stored()];

    one.save(alice, "1-1");
    other.save("group:room1", "5-5");
    one.save(alice, "2-2");
    other.save("group:room1", "6-6");

    expect(loaded()).toEqual({ [alice]: "2-2", "group:room1": "6-6" });
  });

  test("come back with the next message if another tab has removed them", () => {
    const one = stored();
    one.save(alice, "1-1");
    stored().remove(alice);

    one.save(alice, "2-2");

    expect(loaded()).toEqual({ [alice]: "2-2" });
  });

  test.each([
    "",
    "{",
    "null",
    "7",
    '"1-1"',
    "{}",
    "1",
    "-1-1",
    "1-1-1",
    "01-1",
    "1-1\n",
    "1-1\0",
    " 1-1",
    `${"9".repeat(21)}-1`,
    "1".repeat(1_000_000),
  ])("are broken where '%.20s' stands instead", (foreign) => {
    stored().save("everyone", "7-7");
    storage.setItem(keyOf(alice), foreign);

    const { cursors, broken } = stored().load();

    expect([...cursors]).toEqual([["everyone", "7-7"]]);
    expect(broken).toEqual([alice]);
    expect(failures).toEqual([]);
  });

  test.each([
    "",
    "alice",
    "user:",
    "group:",
    "users:alice",
    "everyone:",
    "user:a\u0000",
    "user:a\nb",
    "user:\ud800",
    "user:\ufffd",
    `user:${"a".repeat(257)}`,
  ])("are none at %j, which is no address, and what stands there goes", (foreign) => {
    storage.setItem(keyOf(foreign), "1-1");

    const { cursors, broken } = stored().load();

    expect([...cursors.keys(), ...broken]).toEqual([]);
    expect(storage.key(0)).toBeNull();
  });

  test.each(["user:a", `user:${"a".repeat(256)}`, `group:${"😀".repeat(128)}`, "user:user:a", "user: ", "group:everyone"])(
    "may be those of %.30s",
    (address) => {
      stored().save(address, "0-0");
      stored().save(address, "18446744073709551615-18446744073709551615");

      expect(loaded()).toEqual({ [address]: "18446744073709551615-18446744073709551615" });
    },
  );

  test("cost one write for each change, no longer with a thousand addresses than with one", () => {
    const writes: string[] = [];
    const setItem = storage.setItem.bind(storage);
    storage.setItem = (key, value) => {
      writes.push(key + value);
      setItem(key, value);
    };
    const cursors = stored();

    for (let group = 1_000; group < 2_000; group++) {
      cursors.save(`group:${group}`, "1-1");
    }

    expect(writes).toHaveLength(1_000);
    expect(new Set(writes.map(({ length }) => length)).size).toBe(1);
  });

  test("tell once of a storage that throws, and do no harm", () => {
    storage = new ThrowingStorage();
    const cursors = stored();

    expect(cursors.load()).toEqual({ cursors: new Map(), broken: [] });
    cursors.save(alice, "1-1");
    cursors.remove(alice);

    expect(failures).toEqual([new Error("No storage.")]);
  });

  test("tell of a storage that throws when it is named, as a browser does that forbids it", () => {
    const cursors = stored(hub, () => {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    });

    expect(cursors.load().cursors.size).toBe(0);
    cursors.save(alice, "1-1");

    expect(failures).toMatchObject([{ name: "SecurityError" }]);
  });

  test("are kept in what a function gives", () => {
    stored(hub, () => storage).save(alice, "1-1");

    expect(loaded()).toEqual({ [alice]: "1-1" });
  });

  test("tell of an object that is no storage", () => {
    const cursors = stored(hub, { getItem: () => null } as unknown as CursorStorage);

    expect(cursors.load().cursors.size).toBe(0);
    expect(failures).toMatchObject([{ name: "TypeError" }]);
  });

  test("are written again once there is room", () => {
    const cursors = stored();
    storage.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
    cursors.save(alice, "1-1");
    Reflect.deleteProperty(storage, "setItem");

    cursors.save(alice, "2-2");

    expect(loaded()).toEqual({ [alice]: "2-2" });
    expect(failures).toMatchObject([{ name: "QuotaExceededError" }]);
  });

  test("are nowhere without a storage, nor where a browser has none", () => {
    for (const none of [undefined, null as unknown as undefined]) {
      const cursors = new StoredCursors(none, hub, (error) => failures.push(error));

      cursors.save(alice, "1-1");

      expect(cursors.load().cursors.size).toBe(0);
    }

    expect(failures).toEqual([]);
  });
});
