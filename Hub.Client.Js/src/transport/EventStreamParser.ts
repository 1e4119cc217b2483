/** Reads the `data` of server-sent events. Lines end in LF or CRLF, which is all that ASP.NET Core writes. */
export class EventStreamParser {
  #rest = "";
  #data: string[] = [];

  /** The events that `text` completes. What it leaves unfinished is kept for the next call. */
  feed(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#take(line.replace(/\r$/, "")));
  }

  #take(line: string): string[] {
    if (line.startsWith("data:")) {
      this.#data.push(line.slice("data:".length).replace(/^ /, ""));
    }

    return line === "" && this.#data.length > 0 ? [this.#data.splice(0).join("\n")] : [];
  }
}
