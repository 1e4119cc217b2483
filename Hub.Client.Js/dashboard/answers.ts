/** What the hub tells: docs/protocol.md and the reference of the API. */
export interface Load {
  readonly alarms: readonly { readonly severity: "critical" | "warning"; readonly text: string }[];
  readonly samples: readonly Sample[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly ends: Readonly<Record<string, number>>;
  readonly nodes: readonly NodeLoad[];
}

export interface Sample {
  readonly at: string;
  readonly nodes: number;
  readonly connections: number;
  readonly connects: number;
  readonly messages: number;
  readonly deliveries: number;
  readonly refusals: number;
  readonly waiting: number;
  readonly latency: number | null;
}

export interface NodeLoad {
  readonly node: string;
  readonly connections: number;
  readonly waiting: number;
  readonly latencies?: Readonly<Record<string, number | null>>;
  readonly slow: readonly { readonly id: string; readonly user: string | null; readonly client: string | null; readonly waiting: number }[];
}

export interface NodeStatus {
  readonly id: string;
  readonly answers: boolean;
  readonly draining?: boolean;
  readonly machine?: string;
  readonly version?: string;
  readonly since?: string;
  readonly connections?: number;
}

export interface UserPage {
  readonly users: readonly { readonly user: string; readonly connectionCount: number }[];
  readonly next?: string;
}

export interface UserConnection {
  readonly id: string;
  readonly node: string;
  readonly since?: string;
  readonly transport?: string;
  readonly client?: string;
  readonly session?: string;
  readonly expires?: string;
  readonly labels: readonly string[];
}

export interface UserDevice {
  readonly device: string;
  readonly client?: string;
  readonly at: string;
  readonly upTo: string;
  readonly behind: number;
  readonly failed?: string;
}

export interface UserGroup {
  readonly group: string;
  readonly until?: string;
}

export interface AddressLog {
  readonly lastMinute: number;
  readonly lastFifteenMinutes: number;
  readonly messages: readonly LoggedMessage[];
}

export interface LoggedMessage {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly publisher?: string;
  readonly bytes: number;
  readonly ttlSeconds?: number;
}

export interface Explanation {
  readonly sentences: readonly string[];
}

export interface FollowedEvent {
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  readonly node: string;
  readonly connection?: string;
  readonly message?: string;
}
