// What this phone keeps: entries until the server has answered, and the words by which it is let in.
//
// Three stores of IndexedDB. `entries` by their own key (a UUID that the server knows them by);
// `phones`, one for each person and drill, with token, clock and the state last heard; `stops`, the
// real emergencies, apart from all entries. Where the browser keeps nothing, memory stands in.

const NAME = "muster-run";
const STORES = { entries: "key", phones: "id", stops: "id" };
const FORGET_SENT_AFTER = 7 * 24 * 3600 * 1000;

/** The id of a person's phone in a drill. */
export const phoneId = (user, drill) => `${user}/${drill}`;

/** A new UUID, also where the page is not on https. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function opened() {
  return new Promise((resolve, reject) => {
    const asking = indexedDB.open(NAME, 1);
    asking.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) asking.result.createObjectStore(store, { keyPath });
    };
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
    asking.onblocked = () => reject(new Error("another version of the store is open"));
  });
}

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Resolves once what was written lies on the disk, not only in memory. */
const written = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });

function inDatabase(database) {
  const begin = (store, mode) => database.transaction(store, mode, { durability: "strict" });
  return {
    keeps: true,
    all: (store) => answered(begin(store, "readonly").objectStore(store).getAll()),
    get: (store, key) => answered(begin(store, "readonly").objectStore(store).get(key)),
    async put(store, row) {
      const transaction = begin(store, "readwrite");
      transaction.objectStore(store).put(row);
      await written(transaction);
    },
    /** Change rows in one step: `change` gets the row (or undefined) and returns the new one, or null. */
    async change(store, keys, change) {
      const transaction = begin(store, "readwrite");
      const rows = transaction.objectStore(store);
      for (const key of keys) {
        const asking = rows.get(key);
        asking.onsuccess = () => {
          const row = change(asking.result, key);
          if (row) rows.put(row);
        };
      }
      await written(transaction);
    },
    async remove(store, key) {
      const transaction = begin(store, "readwrite");
      transaction.objectStore(store).delete(key);
      await written(transaction);
    },
  };
}

function inMemory() {
  const stores = Object.fromEntries(Object.keys(STORES).map((name) => [name, new Map()]));
  return {
    keeps: false,
    all: async (store) => [...stores[store].values()],
    get: async (store, key) => stores[store].get(key),
    put: async (store, row) => void stores[store].set(row[STORES[store]], row),
    async change(store, keys, change) {
      for (const key of keys) {
        const row = change(stores[store].get(key), key);
        if (row) stores[store].set(key, row);
      }
    },
    remove: async (store, key) => void stores[store].delete(key),
  };
}

/** Open the store; sent entries of former weeks are forgotten, unsent ones never. */
export async function openStore() {
  let store;
  try {
    store = inDatabase(await opened());
    for (const entry of await store.all("entries")) {
      if (entry.state === "sent" && Date.now() - entry.at > FORGET_SENT_AFTER) await store.remove("entries", entry.key);
    }
  } catch {
    store = inMemory();
  }
  return store;
}

/** Keep an entry: it gets its order number among those of this person and drill. */
export async function keepEntry(store, entry) {
  let order = 0;
  await store.change("phones", [phoneId(entry.user, entry.drill)], (phone) => {
    order = (phone?.order ?? 0) + 1;
    return { ...phone, id: phoneId(entry.user, entry.drill), order };
  });
  const row = { ...entry, order, state: "kept", why: "", doubts: [] };
  await store.put("entries", row);
  return row;
}

/** Entries that the server has not answered, in the order in which they were made. */
export const unsent = (entries) =>
  entries.filter((entry) => entry.state === "kept").sort((a, b) => a.order - b.order || a.at - b.at);
