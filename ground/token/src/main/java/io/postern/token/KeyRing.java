package io.postern.token;

import io.postern.base.Secret;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/// The keys under which values are sealed: the first seals, all open. Keys for different purposes are
/// derived (HKDF-SHA256, RFC 5869), so a value sealed for one purpose is noise to every other.
/// Thread-safe. Sealers keep the ring, so a rotation reaches them all at once ([#become]).
public final class KeyRing {
    /// @param id 1 to 255, stands in the sealed value
    /// @param key 32 random bytes
    public record Entry(int id, Secret key) {
        public Entry {
            if (id < 1 || id > 255) {
                throw new IllegalArgumentException("key id " + id + " is outside 1 to 255");
            }
            if (key.bytes().length != 32) {
                throw new IllegalArgumentException(
                        "key " + id + " has " + key.bytes().length + " bytes; it must have 32");
            }
        }
    }

    private record Derived(int id, String purpose) {}

    /// The key that seals, with the id that stands in what it sealed.
    record SealingKey(int id, SecretKey key) {}

    /// The keys in force, with what was derived from them: an id may come round again with another key.
    private record Keys(Entry current, Map<Integer, Entry> entries, Map<Derived, SecretKey> derived) {
        SecretKey derived(Entry entry, String purpose) {
            return derived.computeIfAbsent(new Derived(entry.id(), purpose), d -> derive(entry, purpose));
        }
    }

    private volatile Keys keys;

    public KeyRing(List<Entry> entries) {
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("a key ring needs a key");
        }
        Map<Integer, Entry> byId = entries.stream().collect(Collectors.toUnmodifiableMap(Entry::id, e -> e, (a, b) -> {
            throw new IllegalArgumentException("key id " + a.id() + " stands twice in the key ring");
        }));
        keys = new Keys(entries.getFirst(), byId, new ConcurrentHashMap<>());
    }

    /// Takes over the keys of `other`, for everyone who holds this ring.
    public void become(KeyRing other) {
        keys = other.keys;
    }

    /// A ring of one fresh random key.
    public static KeyRing generate() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new KeyRing(List.of(new Entry(1, Secret.of(key))));
    }

    public int currentId() {
        return keys.current().id();
    }

    /// 32 bytes for `purpose` from the current key, for secrets that both planes must be able to make.
    public Secret deriveSecret(String purpose) {
        return Secret.of(derive(keys.current(), purpose).getEncoded());
    }

    /// The same from every key: to know again what an earlier one made.
    public List<Secret> deriveSecrets(String purpose) {
        return keys.entries().values().stream()
                .map(entry -> Secret.of(derive(entry, purpose).getEncoded()))
                .toList();
    }

    SealingKey sealingKey(String purpose) {
        Keys now = keys;
        return new SealingKey(now.current().id(), now.derived(now.current(), purpose));
    }

    Optional<SecretKey> key(int id, String purpose) {
        Keys now = keys;
        return Optional.ofNullable(now.entries().get(id)).map(entry -> now.derived(entry, purpose));
    }

    private static SecretKey derive(Entry entry, String purpose) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "AES",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(entry.key().bytes())
                                    .thenExpand(purpose.getBytes(java.nio.charset.StandardCharsets.UTF_8), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HKDF-SHA256", e);
        }
    }
}
