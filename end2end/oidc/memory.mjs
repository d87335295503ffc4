// Storage for oidc-provider that outlives one Provider: keys are rotated by building a new Provider over the same storage.

const entries = new Map();
const byUid = new Map();

export class Memory {
  constructor(model) {
    this.model = model;
  }

  key(id) {
    return `${this.model}:${id}`;
  }

  async upsert(id, payload, expiresIn) {
    const until = expiresIn ? Date.now() + expiresIn * 1000 : Infinity;
    entries.set(this.key(id), { payload, until });
    if (payload.uid) byUid.set(payload.uid, id);
  }

  async find(id) {
    const entry = entries.get(this.key(id));
    return entry && entry.until > Date.now() ? entry.payload : undefined;
  }

  async findByUid(uid) {
    return this.find(byUid.get(uid));
  }

  async findByUserCode() {
    return undefined;
  }

  async consume(id) {
    const payload = await this.find(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    entries.delete(this.key(id));
  }

  async revokeByGrantId(grantId) {
    for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
  }
}
