import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const project = fileURLToPath(new URL("../..", import.meta.url));

/** An application far from this repository that has installed what `npm pack` makes, and nothing else. */
export class PackedPackage {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async install(): Promise<PackedPackage> {
    const root = await mkdtemp(join(tmpdir(), "realtimehub-package-"));
    const application = new PackedPackage(root);
    const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", root], { cwd: project });
    await application.write("package.json", '{ "name": "application", "private": true }');
    const tarball = join(root, stdout.trim().split("\n").at(-1) ?? "");
    await run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], { cwd: application.folder });
    return application;
  }

  get folder(): string {
    return join(this.#root, "application");
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  /** A place from which nothing that the application has installed is found. */
  elsewhere(file: string): string {
    return join(this.#root, "elsewhere", file);
  }

  async write(file: string, text: string): Promise<string> {
    const path = this.path(file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return path;
  }

  /** Runs a program of Node in the application's folder, and returns what it writes, of which an error is a part. */
  async node(...args: string[]): Promise<string> {
    try {
      const { stdout, stderr } = await run(process.execPath, args, { cwd: this.folder });
      return stdout + stderr;
    } catch (error) {
      const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
      return stdout + stderr;
    }
  }

  remove(): Promise<void> {
    return rm(this.#root, { recursive: true });
  }
}
