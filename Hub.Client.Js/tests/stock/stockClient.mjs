// SignalR's own JavaScript client as a program, for Hub.Tests: node stockClient.mjs URL negotiate|skip.
// What it reads and writes is what Hub.Tests/Clients/StockClient.cs says.
import { createInterface } from "node:readline";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

const [url, way] = process.argv.slice(2);
const waitingForToken = [];

const write = (happened, detail) => console.log(detail === undefined ? happened : `${happened} ${JSON.stringify(detail)}`);

function askForToken() {
  write("token");
  return new Promise((resolve) => waitingForToken.push(resolve));
}

const connection = new HubConnectionBuilder()
  .withUrl(url, { transport: HttpTransportType.WebSockets, skipNegotiation: way === "skip", accessTokenFactory: askForToken })
  .withAutomaticReconnect()
  .withKeepAliveInterval(500)
  .configureLogging(LogLevel.None)
  .build();
connection.on("Receive", (argument) => write("received", argument));
connection.onreconnecting(() => write("reconnecting"));
connection.onreconnected(() => write("reconnected"));
connection.onclose((error) => write("closed", error?.message));

async function handle(line) {
  const [command, name, ...rest] = line.split(" ");
  try {
    switch (command) {
      case "start":
        await connection.start();
        write("connected");
        break;
      case "invoke":
        write("answered", (await connection.invoke(name, ...JSON.parse(rest.join(" ")))) ?? undefined);
        break;
      case "token":
        waitingForToken.shift()(name);
        break;
    }
  } catch (error) {
    write("failed", error.message);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === "stop") {
    break;
  }

  // What runs may need the next line.
  void handle(line);
}

await connection.stop();
process.stdin.destroy();
