package io.postern.pki;

import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.token.Sealer;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Identities kept in the database, each sealed to its name so that rows cannot be swapped.
record SealedIdentities(Store store, Sealer sealer) {
    /// The identity under the name; made anew where there is none or `isStale` says so of the one that is
    /// there. Of several nodes that make one at the same time the first one's counts for all.
    Identity get(String name, Predicate<Identity> isStale, Supplier<Identity> make) {
        Predicate<Identity> isGood = isStale.negate();
        return store.read(s -> find(s, name))
                .filter(isGood)
                .orElseGet(() -> store.write(
                        stores -> find(stores, name).filter(isGood).orElseGet(() -> put(stores, name, make.get()))));
    }

    private Optional<Identity> find(Stores stores, String name) {
        return stores.secrets().find(name).map(text -> open(name, text));
    }

    private Identity put(Stores stores, String name, Identity identity) {
        stores.secrets().put(name, sealer.seal(identity.toPem(), name));
        return identity;
    }

    private Identity open(String name, String text) {
        byte[] pem = sealer.open(text, name)
                .orElseThrow(
                        () -> new PkiFault("the record '" + name + "' in the database is damaged; restore a backup"));
        try {
            return Identity.ofPem(pem);
        } catch (CertificateException | IOException e) {
            throw new PkiFault("the record '" + name + "' in the database cannot be read; restore a backup", e);
        }
    }
}
